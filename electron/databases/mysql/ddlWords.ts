// Reads the words of a definition one after the other, for probes.
import { type Token, TokenReader } from '../splitting/tokenReader.ts';
import { mysqlLexicon } from './lexicon.ts';

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

export function wordsOf(statement: string): Words {
  const reader = new TokenReader(mysqlLexicon, statement);
  const words: Word[] = [];
  for (let token: Token | undefined = reader.next(); token !== undefined; token = reader.next())
    words.push({ text: token.text, source: reader.source(token), end: token.end });
  if (words.at(-1)?.text === ';') words.pop();
  return new Words(words);
}

export class Words {
  readonly #words: readonly Word[];
  #at = 0;

  constructor(words: readonly Word[]) {
    this.#words = words;
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
    return (
      word !== undefined && /^(?:`|[\w$\u0080-\uffff]*[^\d\W][\w$\u0080-\uffff]*$|[\u0080-\uffff])/.test(word.source)
    );
  }

  name(): string {
    if (!this.atName) throw new Unreadable('name');
    const { source } = this.next();
    return source.startsWith('`') ? source.slice(1, -1).replaceAll('``', '`') : source;
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
    if ((quote !== "'" && quote !== '"') || source.includes('\\')) throw new Unreadable('text');
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
      if (word.text === ')' && --depth === 0) return new Words(found);
      found.push(word);
    }
  }

  /** What `look` finds in the words that follow, without taking them. */
  ahead<T>(look: (copy: Words) => T): T {
    return look(new Words(this.#words.slice(this.#at)));
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
