/** What a Python file assigns to names, where the value is written out. */
import { type Token, tokensOf } from './tokens.ts';

/** `undefined`: it is computed. */
export type Literal = string | number | boolean | null | undefined | readonly Literal[];

export interface Assignments {
  /** Of the file itself. */
  readonly file: ReadonlyMap<string, Literal>;
  /** By class. */
  readonly classes: ReadonlyMap<string, ReadonlyMap<string, Literal>>;
  /** Functions of the file itself. */
  readonly functions: ReadonlySet<string>;
}

export function assignmentsOf(source: string): Assignments {
  const tokens = tokensOf(source);
  const file = new Map<string, Literal>();
  const classes = new Map<string, Map<string, Literal>>();
  const functions = new Set<string>();
  let inside: Map<string, Literal> | null = null;
  let body = 0;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    const startsLine = at === 0 || tokens[at - 1]?.kind === 'line';
    if (token?.kind !== 'name' || !startsLine) continue;
    const name = token.value ?? '';
    const next = tokens[at + 1]?.value ?? '';
    if (token.indent === 0) {
      inside = null;
      if (name === 'class') {
        inside = classes.get(next) ?? new Map<string, Literal>();
        classes.set(next, inside);
        body = 0;
      } else if (name === 'def' || name === 'async')
        functions.add(name === 'def' ? next : (tokens[at + 2]?.value ?? ''));
    } else if (inside !== null && body === 0) body = token.indent;
    const into = token.indent === 0 ? file : token.indent === body ? inside : null;
    const equals = into === null ? null : afterEquals(tokens, at + 1);
    if (equals !== null) into?.set(name, literalAt(tokens, equals).value);
  }
  return { file, classes, functions };
}

/** Index after the `=` of an assignment, past an annotation. */
function afterEquals(tokens: readonly Token[], from: number): number | null {
  const isSign = (index: number, sign: string) => tokens[index]?.kind === 'sign' && tokens[index]?.value === sign;
  if (!isSign(from, '=') && !isSign(from, ':')) return null;
  let at = from;
  while (at < tokens.length && tokens[at]?.kind !== 'line' && !isSign(at, '=')) at++;
  return isSign(at, '=') && !isSign(at + 1, '=') ? at + 1 : null;
}

const words: Readonly<Record<string, Literal>> = { None: null, True: true, False: false };

/** `next`: index after it. What is computed is passed over up to the comma or the end that follows it. */
function literalAt(tokens: readonly Token[], from: number): { value: Literal; next: number } {
  const token = tokens[from];
  let read: { value: Literal; next: number } = { value: undefined, next: from };
  if (token?.kind === 'text') read = textAt(tokens, from);
  else if (token?.kind === 'number') read = { value: Number(token.value), next: from + 1 };
  else if (token?.kind === 'name' && token.value !== null && token.value in words)
    read = { value: words[token.value], next: from + 1 };
  else if (token?.kind === 'sign' && (token.value === '(' || token.value === '[')) read = listAt(tokens, from);
  const after = tokens[read.next];
  const ends = after === undefined || after.kind === 'line' || [',', ')', ']'].includes(after.value ?? '');
  if (ends && read.next > from) {
    // A tuple needs no parentheses.
    return read;
  }
  return { value: undefined, next: endOf(tokens, from) };
}

/** Texts that stand one after another are one. */
function textAt(tokens: readonly Token[], from: number): { value: Literal; next: number } {
  let value: string | undefined = '';
  let at = from;
  for (; tokens[at]?.kind === 'text'; at++) {
    const part: string | null = tokens[at]?.value ?? null;
    value = value === undefined || part === null ? undefined : value + part;
  }
  return { value, next: at };
}

function listAt(tokens: readonly Token[], from: number): { value: Literal; next: number } {
  const values: Literal[] = [];
  const isTuple = tokens[from]?.value === '(';
  let [at, commas] = [from + 1, 0];
  while (at < tokens.length && tokens[at]?.value !== ')' && tokens[at]?.value !== ']') {
    if (tokens[at]?.kind === 'sign' && tokens[at]?.value === ',') {
      commas++;
      at++;
      continue;
    }
    const { value, next } = literalAt(tokens, at);
    values.push(value);
    at = Math.max(next, at + 1);
  }
  const [only] = values;
  return { value: isTuple && commas === 0 && values.length === 1 ? only : values, next: at + 1 };
}

/** Up to the comma, the bracket or the line's end that ends an expression. */
function endOf(tokens: readonly Token[], from: number): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at++) {
    const { kind, value } = tokens[at] ?? { kind: 'line', value: '' };
    if (kind === 'line') return at;
    if (kind !== 'sign' || value === null) continue;
    if ('([{'.includes(value)) depth++;
    else if (')]}'.includes(value) && depth-- === 0) return at;
    else if (value === ',' && depth === 0) return at;
  }
  return tokens.length;
}

/** The texts of a text, or of a list or tuple; null where one of them is computed. */
export function textsOf(value: Literal): string[] | null {
  if (value === null) return [];
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) return null;
  const texts = value.filter((one): one is string => typeof one === 'string');
  return texts.length === value.length ? texts : null;
}
