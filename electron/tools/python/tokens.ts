/** Python's words, signs and literals, as far as it takes to read what is written out at the head of a file; nothing is run. */

export interface Token {
  readonly kind: 'name' | 'text' | 'number' | 'sign' | 'line';
  /** Of a text: its value; null where it is computed (an f-string). */
  readonly value: string | null;
  /** 1-based. */
  readonly line: number;
  /** Blanks before the first word of its logical line; of `line`: those of the line that follows. */
  readonly indent: number;
}

const patterns = {
  blank: /[ \t\f]+|\\\r?\n|#[^\r\n]*/y,
  lineEnd: /\r\n|\n|\r/y,
  name: /[\p{L}_][\p{L}\p{N}_]*/uy,
  number: /\d[\w.]*/y,
  quote: /("""|'''|"|')/y,
} as const;

const prefixes = /^(?:r|u|b|f|br|rb|fr|rf)$/i;
const opening = '([{';
const closing = ')]}';

/** Never fails: what is no Python ends the list. */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  const text = source.replace(/^\uFEFF/, '');
  let [at, line, depth, indent] = [0, 1, 0, 0];
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? null;
    at += found?.length ?? 0;
    return found;
  };
  const push = (kind: Token['kind'], value: string | null, from = line) => {
    tokens.push({ kind, value, line: from, indent });
  };
  indent = indentAt(text, 0);
  while (at < text.length) {
    const blank = take(patterns.blank);
    if (blank !== null) {
      line += breaksIn(blank);
      continue;
    }
    if (take(patterns.lineEnd) !== null) {
      line++;
      if (depth > 0) continue;
      indent = indentAt(text, at);
      push('line', '');
      continue;
    }
    const name = take(patterns.name);
    const quote = name === null || prefixes.test(name) ? take(patterns.quote) : null;
    if (quote !== null) {
      const from = line;
      const raw = name !== null && /r/i.test(name);
      const found = textAt(text, at, quote, raw);
      if (found === null) return tokens;
      at = found.end;
      line += breaksIn(found.value);
      push('text', name !== null && /[fb]/i.test(name) ? null : found.value, from);
      continue;
    }
    if (name !== null) {
      push('name', name);
      continue;
    }
    const number = take(patterns.number);
    const sign = number === null ? (text[at++] ?? '') : '';
    if (sign !== '' && opening.includes(sign)) depth++;
    if (sign !== '' && closing.includes(sign)) depth = Math.max(0, depth - 1);
    push(number === null ? 'sign' : 'number', number ?? sign);
  }
  return tokens;
}

const indentAt = (text: string, from: number): number => {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at - from;
};

const breaksIn = (text: string): number => text.match(/\r\n|\n|\r/g)?.length ?? 0;

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '' };

/** Null: it has no end. */
function textAt(text: string, from: number, quote: string, raw: boolean): { value: string; end: number } | null {
  let value = '';
  for (let at = from; at < text.length; at++) {
    if (text.startsWith(quote, at)) return { value, end: at + quote.length };
    const character = text[at] ?? '';
    if (character === '\n' && quote.length === 1) return null;
    if (character !== '\\') value += character;
    else {
      const next = text[++at] ?? '';
      value += raw ? `\\${next}` : (escapes[next] ?? next);
    }
  }
  return null;
}
