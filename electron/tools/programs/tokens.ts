/** Words and marks of JavaScript and TypeScript: just enough to find imports and literal exports without running anything. */

export interface Token {
  /** `template`: a template string with values in it, which has no text of its own. */
  readonly kind: 'name' | 'string' | 'number' | 'mark' | 'template' | 'expression';
  /** Of a string: its value, escapes resolved where they are simple. */
  readonly text: string;
  /** 1-based. */
  readonly line: number;
}

/** After these words a slash begins a regular expression, not a division. */
const beforeExpression = new Set(
  'return typeof case in of delete void throw new else do instanceof await yield'.split(' '),
);

const nameStart = /[\p{ID_Start}$_#]/u;
const nameRest = /[\p{ID_Continue}$\u200c\u200d]*/uy;
const number = /(?:0[xXbBoO][\da-fA-F_]+|\d[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?\d+)?)n?/y;

/** Never fails: what it does not understand becomes marks, and what is missed is refused when it runs. */
export function tokensOf(text: string): Token[] {
  const scanner = new Scanner(text);
  scanner.scan();
  return scanner.tokens;
}

class Scanner {
  readonly tokens: Token[] = [];
  readonly #text: string;
  #at = 0;
  #line = 1;
  /** For each open brace: does its end lead back into a template string? */
  readonly #braces: boolean[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  scan(): void {
    if (this.#text.startsWith('#!')) this.#skipLine();
    while (this.#at < this.#text.length) this.#next();
  }

  #next(): void {
    const text = this.#text;
    const character = text[this.#at] ?? '';
    const following = text[this.#at + 1] ?? '';
    if (character === '\n') {
      this.#line++;
      this.#at++;
    } else if (/\s|\ufeff/.test(character)) this.#at++;
    else if (character === '/' && following === '/') this.#skipLine();
    else if (character === '/' && following === '*') this.#skipComment();
    else if (character === '"' || character === "'") this.#string(character);
    else if (character === '`') this.#template(true);
    else if (nameStart.test(character) || character === '\\') this.#match('name', nameRest, 1);
    else if (/\d/.test(character)) this.#match('number', number, 0);
    else if (character === '/' && this.#expectsValue()) this.#expression();
    else this.#mark(character);
  }

  #push(kind: Token['kind'], text: string, line = this.#line): void {
    this.tokens.push({ kind, text, line });
  }

  #match(kind: 'name' | 'number', pattern: RegExp, skipped: number): void {
    const from = this.#at;
    pattern.lastIndex = from + skipped;
    const found = pattern.exec(this.#text)?.[0].length ?? 0;
    this.#at = from + Math.max(1, skipped + found);
    this.#push(kind, this.#text.slice(from, this.#at));
  }

  #mark(character: string): void {
    this.#at++;
    if (character === '{') this.#braces.push(false);
    if (character === '}' && this.#braces.pop() === true) this.#template(false);
    else this.#push('mark', character);
  }

  #skipLine(): void {
    const end = this.#text.indexOf('\n', this.#at);
    this.#at = end < 0 ? this.#text.length : end;
  }

  #skipComment(): void {
    const end = this.#text.indexOf('*/', this.#at + 2);
    const next = end < 0 ? this.#text.length : end + 2;
    this.#countLines(this.#at, next);
    this.#at = next;
  }

  #countLines(from: number, to: number): void {
    for (let at = this.#text.indexOf('\n', from); at >= 0 && at < to; at = this.#text.indexOf('\n', at + 1))
      this.#line++;
  }

  #string(quote: string): void {
    const line = this.#line;
    const from = ++this.#at;
    let value = '';
    for (; this.#at < this.#text.length; this.#at++) {
      const character = this.#text[this.#at] ?? '';
      if (character === quote || character === '\n') break;
      if (character === '\\') value += this.#escape();
      else value += character;
    }
    if (this.#text[this.#at] === quote) this.#at++;
    this.#push('string', this.#at > from ? value : '', line);
  }

  /** The character an escape stands for; leaves the position on its last one. */
  #escape(): string {
    const character = this.#text[++this.#at] ?? '';
    if (character === '\n') {
      this.#line++;
      return '';
    }
    if (character === 'u' || character === 'x') {
      const [whole = '', braced, plain] =
        /^(?:u\{([\da-f]{1,6})\}|(?:u([\da-f]{4})))|^x[\da-f]{2}/i.exec(this.#text.slice(this.#at, this.#at + 10)) ??
        [];
      if (whole === '') return character;
      this.#at += whole.length - 1;
      const code = Number.parseInt(braced ?? plain ?? whole.slice(1), 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : '';
    }
    return ({ n: '\n', t: '\t', r: '\r', '0': '\0' } as Readonly<Record<string, string>>)[character] ?? character;
  }

  /** A template's text up to its end or to the next value in it. */
  #template(opens: boolean): void {
    const line = this.#line;
    if (opens) this.#at++;
    let value = '';
    for (; this.#at < this.#text.length; this.#at++) {
      const character = this.#text[this.#at] ?? '';
      if (character === '\n') this.#line++;
      if (character === '`') {
        this.#at++;
        this.#push(opens ? 'string' : 'template', opens ? value : '', line);
        return;
      }
      if (character === '$' && this.#text[this.#at + 1] === '{') {
        this.#at += 2;
        this.#braces.push(true);
        if (opens) this.#push('template', '', line);
        return;
      }
      value += character === '\\' ? this.#escape() : character;
    }
  }

  #expectsValue(): boolean {
    const last = this.tokens.at(-1);
    if (last === undefined) return true;
    if (last.kind === 'name') return beforeExpression.has(last.text);
    return last.kind === 'mark' && !')]}'.includes(last.text);
  }

  #expression(): void {
    let inClass = false;
    for (this.#at++; this.#at < this.#text.length; this.#at++) {
      const character = this.#text[this.#at];
      if (character === '\n') break;
      if (character === '\\') this.#at++;
      else if (character === '[') inClass = true;
      else if (character === ']') inClass = false;
      else if (character === '/' && !inClass) {
        this.#at++;
        break;
      }
    }
    this.#push('expression', '');
  }
}
