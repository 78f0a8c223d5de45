// Reads the words of a definition one after the other, for probes.
import type { Lexicon } from './lexicon.ts';
import { type Token, TokenReader } from './tokenReader.ts';

/** A name as the catalogue spells it; `schema` null where the statement leaves it out. */
export interface ObjectName {
  readonly schema: string | null;
  readonly name: string;
}

export interface Word {
  /** In upper case; '' for what stands in quotes. */
  readonly text: string;
  readonly source: string;
  /** Offset after it in the statement (UTF-16 units). */
  readonly end: number;
}

/** Thrown, and caught by who reads, where a statement holds what the reader does not know: it cannot be judged. */
export class Unreadable extends Error {}

/** The name that a token is, as the catalogue spells it; null if it is none. */
export type ReadName = (source: string) => string | null;

export function wordsOf(lexicon: Lexicon, statement: string, readName: ReadName): Words {
  const reader = new TokenReader(lexicon, statement);
  const words: Word[] = [];
  for (let token: Token | undefined = reader.next(); token !== undefined; token = reader.next())
    words.push({ text: token.text, source: reader.source(token), end: token.end });
  if (words.at(-1)?.text === ';') words.pop();
  return new Words(words, readName);
}

/** What `read` returns; null where it meets what it does not know, or what no SQL can hold (a NUL character). */
export function readable<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof Unreadable || error instanceof RangeError) return null;
    throw error;
  }
}

export class Words {
  readonly #words: readonly Word[];
  readonly #readName: ReadName;
  #at = 0;

  constructor(words: readonly Word[], readName: ReadName) {
    this.#words = words;
    this.#readName = readName;
  }

  get ended(): boolean {
    return this.#at >= this.#words.length;
  }

  /** Offset in the statement after the last word taken. */
  get offset(): number {
    return this.#words[this.#at - 1]?.end ?? 0;
  }

  peek(ahead = 0): string {
    return this.#words[this.#at + ahead]?.text ?? '';
  }

  /** Takes the words of `phrase`, separated by spaces, if they follow. */
  accept(phrase: string): boolean {
    const expected = phrase.split(' ');
    const found = expected.every((word, index) => this.peek(index) === word);
    if (found) this.#at += expected.length;
    return found;
  }

  /** Takes one of the words; '' if none of them follows. */
  oneOf(...words: readonly string[]): string {
    return words.find((word) => this.accept(word)) ?? '';
  }

  expect(phrase: string): void {
    if (!this.accept(phrase)) throw new Unreadable(phrase);
  }

  next(): Word {
    const word = this.#words[this.#at++];
    if (word === undefined) throw new Unreadable('end');
    return word;
  }

  /** Does an identifier follow? */
  get atName(): boolean {
    const word = this.#words[this.#at];
    return word !== undefined && this.#readName(word.source) !== null;
  }

  name(): string {
    const name = this.#readName(this.next().source);
    if (name === null) throw new Unreadable('name');
    return name;
  }

  /** With its quotes. */
  nameAsWritten(): string {
    if (!this.atName) throw new Unreadable('name');
    return this.next().source;
  }

  object(): ObjectName {
    const first = this.name();
    return this.accept('.') ? { schema: first, name: this.name() } : { schema: null, name: first };
  }

  objects(): ObjectName[] {
    return this.list(() => this.object());
  }

  /** One or more, separated by commas. */
  list<T>(read: () => T): T[] {
    const found = [read()];
    while (this.accept(',')) found.push(read());
    return found;
  }

  /** A text without escapes. */
  text(): string {
    const { source } = this.next();
    const quote = source.charAt(0);
    const isText = quote === "'" || (quote === '"' && this.#readName(source) === null);
    if (!isText || source.includes('\\')) throw new Unreadable('text');
    return source.slice(1, -1).replaceAll(quote + quote, quote);
  }

  number(): string {
    const { source } = this.next();
    if (!/^\d+$/.test(source)) throw new Unreadable('number');
    return source;
  }

  /** What stands between parentheses, which must follow. */
  group(): Words {
    this.expect('(');
    const found: Word[] = [];
    for (let depth = 1; ; ) {
      const word = this.next();
      if (word.text === '(') depth++;
      if (word.text === ')' && --depth === 0) return new Words(found, this.#readName);
      found.push(word);
    }
  }

  /** What `look` finds in the words that follow, without taking them. */
  ahead<T>(look: (copy: Words) => T): T {
    return look(new Words(this.#words.slice(this.#at), this.#readName));
  }

  /** Does one of the phrases stand anywhere further on? */
  mentions(...phrases: readonly string[]): boolean {
    return this.ahead((copy) => {
      for (; !copy.ended; copy.next()) if (copy.oneOf(...phrases) !== '') return true;
      return false;
    });
  }

  /** All that is left. */
  rest(): readonly Word[] {
    const left = this.#words.slice(this.#at);
    this.#at = this.#words.length;
    return left;
  }

  finish(): void {
    if (!this.ended) throw new Unreadable(this.peek());
  }
}
