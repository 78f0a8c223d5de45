import { isSpace, type Lexicon, role, roleAt, unclosed } from './lexicon.ts';

export interface Token {
  /** A word in upper case, a punctuation character, or '' for anything in quotes. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The tokens of a statement as written. */
export function tokensOf(lexicon: Lexicon, statement: string): string[] {
  const reader = new TokenReader(lexicon, statement);
  const tokens: string[] = [];
  for (let token = reader.next(); token !== undefined; token = reader.next()) tokens.push(reader.source(token));
  return tokens;
}

/** Reads the tokens of one statement, comments left out; what is in an executable comment counts. */
export class TokenReader {
  readonly #lexicon: Lexicon;
  readonly #statement: string;
  #at = 0;
  /** Tokens that were looked at but not taken. */
  #ahead: Token[] = [];

  constructor(lexicon: Lexicon, statement: string) {
    this.#lexicon = lexicon;
    this.#statement = statement;
  }

  next(): Token | undefined {
    return this.#ahead.shift() ?? this.#read();
  }

  /** The text of the token that `next` will return; undefined at the end. */
  peek(): string | undefined {
    const token = this.#ahead[0] ?? this.#read();
    if (token !== undefined && this.#ahead.length === 0) this.#ahead.push(token);
    return token?.text;
  }

  /** Takes the next token if it is one of these words. */
  accept(...words: readonly string[]): boolean {
    const found = words.includes(this.peek() ?? '');
    if (found) this.next();
    return found;
  }

  /** The token as written. */
  source(token: Token): string {
    return this.#statement.slice(token.start, token.end);
  }

  #read(): Token | undefined {
    for (;;) {
      while (isSpace(this.#statement.charCodeAt(this.#at))) this.#at++;
      const start = this.#at;
      if (start >= this.#statement.length) return undefined;
      const found = roleAt(this.#lexicon.roles, this.#statement, start);
      const skipped = found === role.comment ? this.#commentEnd(start) : start;
      if (skipped === start) return this.#token(found, start);
      this.#at = skipped;
    }
  }

  #commentEnd(at: number): number {
    const end = this.#lexicon.comment(this.#statement, at, true);
    if (end === unclosed) return this.#statement.length;
    return end === at ? (this.#lexicon.executable?.(this.#statement, at, true) ?? at) : end;
  }

  #token(found: number, start: number): Token {
    if (found === role.quote) return this.#take(start, this.#wholeQuotedEnd(start), '');
    if (found !== role.word) return this.#take(start, start + 1, this.#statement.charAt(start));
    let end = start;
    while (end < this.#statement.length && roleAt(this.#lexicon.roles, this.#statement, end) === role.word) end++;
    // PostgreSQL's identifiers may go on with a dollar sign.
    const dollar = this.#statement[end] === '$' && !/\d/.test(this.#statement.charAt(start));
    if (dollar) end = this.#quotedEnd(end, start);
    return this.#take(start, end, this.#statement.slice(start, end).toUpperCase());
  }

  /** A doubled quote belongs to what is quoted. */
  #wholeQuotedEnd(start: number): number {
    const quote = this.#statement[start];
    let end = this.#quotedEnd(start, start);
    while (quote !== '$' && quote !== '[' && this.#statement[end] === quote) end = this.#quotedEnd(end, end);
    return end;
  }

  #quotedEnd(at: number, from: number): number {
    const end = this.#lexicon.quoted(this.#statement, at, true, from);
    return end === unclosed ? this.#statement.length : end;
  }

  #take(start: number, end: number, text: string): Token {
    this.#at = end;
    return { text, start, end };
  }
}
