/** What a JavaScript or TypeScript file imports, and which plain values it exports, read without running it. */
import { type Token, tokensOf } from './tokens.ts';

export interface ImportPlace {
  /** Null: computed, so that it cannot be known without running the file. */
  readonly specifier: string | null;
  /** Names taken from it by an `import { … }`. */
  readonly names: readonly string[];
  readonly line: number;
}

export type Literal =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly Literal[]
  | { readonly [key: string]: Literal };

export interface ModuleShape {
  readonly imports: readonly ImportPlace[];
  /** It has `import` or `export` statements; else it is CommonJS. */
  readonly isModule: boolean;
  /** Every name that occurs in it. */
  readonly mentions: ReadonlySet<string>;
  /** Exports whose value is written out. */
  readonly literals: ReadonlyMap<string, Literal>;
}

export function moduleShape(text: string): ModuleShape {
  const tokens = tokensOf(text);
  const imports: ImportPlace[] = [];
  let isModule = false;
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'name' || isMember(tokens, at)) continue;
    if (token.text === 'import' || token.text === 'export') {
      const statement = token.text === 'import' ? importAt(tokens, at) : exportAt(tokens, at);
      isModule ||= statement.isStatement;
      if (statement.place !== null) imports.push(statement.place);
    } else if (token.text === 'require') {
      const place = requireAt(tokens, at);
      if (place !== null) imports.push(place);
    }
  }
  const mentions = new Set(tokens.filter((token) => token.kind === 'name').map((token) => token.text));
  return { imports, isModule, mentions, literals: literalExports(tokens) };
}

const is = (token: Token | undefined, text: string): boolean =>
  token !== undefined && token.kind !== 'string' && token.text === text;

/** `x.import`, or `import:` as the key of an object. */
const isMember = (tokens: readonly Token[], at: number): boolean =>
  (is(tokens[at - 1], '.') && !is(tokens[at - 2], '.')) || is(tokens[at + 1], ':');

interface Statement {
  readonly isStatement: boolean;
  readonly place: ImportPlace | null;
}

const expression: Statement = { isStatement: false, place: null };

function importAt(tokens: readonly Token[], at: number): Statement {
  const next = tokens[at + 1];
  if (is(next, '(')) return { isStatement: false, place: callAt(tokens, at + 1) };
  if (is(next, '.')) return { isStatement: true, place: null };
  if (next?.kind === 'string') return { isStatement: true, place: placed(next, []) };
  const typeOnly =
    is(next, 'type') && !is(tokens[at + 2], 'from') && !is(tokens[at + 2], ',') && !is(tokens[at + 2], '=');
  const from = fromAfter(tokens, at + 1);
  if (from === null) return { isStatement: !is(tokens[at + 2], '='), place: null };
  return { isStatement: true, place: typeOnly ? null : placed(from.source, from.names) };
}

function exportAt(tokens: readonly Token[], at: number): Statement {
  const next = tokens[at + 1];
  if (next === undefined || is(next, '(') || is(next, '=')) return expression;
  const typeOnly = is(next, 'type') && (is(tokens[at + 2], '{') || is(tokens[at + 2], '*'));
  const reExports = typeOnly || is(next, '{') || is(next, '*');
  const from = reExports ? fromAfter(tokens, at + 1) : null;
  return { isStatement: true, place: from === null || typeOnly ? null : placed(from.source, from.names) };
}

const placed = (source: Token, names: readonly string[]): ImportPlace => ({
  specifier: source.text,
  names,
  line: source.line,
});

/** The source of a statement, with the names in braces before it; null when the statement has none. */
function fromAfter(tokens: readonly Token[], start: number): { source: Token; names: string[] } | null {
  const names: string[] = [];
  let inBraces = false;
  for (let at = start; at < tokens.length; at++) {
    const token = tokens[at];
    const source = tokens[at + 1];
    if (token === undefined) break;
    if (is(token, '{')) inBraces = true;
    else if (is(token, '}')) inBraces = false;
    else if (!inBraces && is(token, 'from') && source?.kind === 'string') return { source, names };
    else if (inBraces && token.kind === 'name' && (is(tokens[at - 1], '{') || is(tokens[at - 1], ',')))
      names.push(is(token, 'type') && source?.kind === 'name' && !is(source, 'as') ? source.text : token.text);
    else if (!inBraces && token.kind === 'mark' && !',*'.includes(token.text)) return null;
  }
  return null;
}

/** `require(…)` and `require.resolve(…)`. */
function requireAt(tokens: readonly Token[], at: number): ImportPlace | null {
  if (is(tokens[at + 1], '(')) return callAt(tokens, at + 1);
  if (is(tokens[at + 1], '.') && is(tokens[at + 2], 'resolve') && is(tokens[at + 3], '('))
    return callAt(tokens, at + 3);
  return null;
}

function callAt(tokens: readonly Token[], open: number): ImportPlace {
  const [argument, end] = [tokens[open + 1], tokens[open + 2]];
  const literal = argument?.kind === 'string' && (is(end, ')') || is(end, ','));
  return { specifier: literal ? argument.text : null, names: [], line: tokens[open]?.line ?? 1 };
}

/** `export const x = 1`, `exports.x = 1`, and the members of `module.exports = { … }` and `export default { … }`. */
function literalExports(tokens: readonly Token[]): Map<string, Literal> {
  const found = new Map<string, Literal>();
  const take = (name: Token | undefined, at: number): void => {
    const value = name === undefined ? null : literalAt(tokens, at);
    if (name !== undefined && value !== null) found.set(name.text, value.value);
  };
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'name') continue;
    if (is(token, 'export') && /^(const|let|var)$/.test(tokens[at + 1]?.text ?? ''))
      take(tokens[at + 2], afterEquals(tokens, at + 3));
    else if (is(token, 'exports') && is(tokens[at + 1], '.') && is(tokens[at + 3], '=')) take(tokens[at + 2], at + 4);
    else if (is(token, 'exports') && is(tokens[at + 1], '=') && is(tokens[at + 2], '{')) members(tokens, at + 2, take);
    else if (is(token, 'export') && is(tokens[at + 1], 'default') && is(tokens[at + 2], '{'))
      members(tokens, at + 2, take);
  }
  return found;
}

/** Past a type annotation. */
function afterEquals(tokens: readonly Token[], start: number): number {
  for (let at = start; at < tokens.length && at < start + 40; at++) if (is(tokens[at], '=')) return at + 1;
  return tokens.length;
}

function members(tokens: readonly Token[], open: number, take: (name: Token | undefined, at: number) => void): void {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    const token = tokens[at];
    if (token?.kind === 'mark' && '{[('.includes(token.text)) depth++;
    else if (token?.kind === 'mark' && '}])'.includes(token.text)) depth--;
    if (depth === 0) return;
    if (depth === 1 && is(tokens[at + 1], ':') && (is(tokens[at - 1], '{') || is(tokens[at - 1], ',')))
      take(token, at + 2);
  }
}

interface ReadLiteral {
  readonly value: Literal;
  /** Index after it. */
  readonly end: number;
}

const words: Readonly<Record<string, Literal>> = { true: true, false: false, null: null };

/** The value written out at a place; null when it is computed. */
export function literalAt(tokens: readonly Token[], at: number): ReadLiteral | null {
  const token = tokens[at];
  if (token === undefined) return null;
  if (token.kind === 'string') return ends(tokens, at + 1) ? { value: token.text, end: at + 1 } : null;
  if (token.kind === 'number') return { value: Number(token.text.replaceAll('_', '')), end: at + 1 };
  if (token.kind === 'name' && token.text === 'undefined') return { value: undefined, end: at + 1 };
  if (token.kind === 'name' && token.text in words) return { value: words[token.text], end: at + 1 };
  if (is(token, '[')) return readList(tokens, at + 1);
  return is(token, '{') ? readObject(tokens, at + 1) : null;
}

/** Strings put together or called upon are not written out. */
const ends = (tokens: readonly Token[], at: number): boolean =>
  tokens[at]?.kind !== 'mark' || !'+.[('.includes(tokens[at]?.text ?? '');

function readList(tokens: readonly Token[], start: number): ReadLiteral | null {
  const list: Literal[] = [];
  for (let at = start; at < tokens.length; ) {
    if (is(tokens[at], ']')) return { value: list, end: at + 1 };
    const item = literalAt(tokens, at);
    if (item === null) return null;
    list.push(item.value);
    at = is(tokens[item.end], ',') ? item.end + 1 : item.end;
    if (at === item.end && !is(tokens[at], ']')) return null;
  }
  return null;
}

function readObject(tokens: readonly Token[], start: number): ReadLiteral | null {
  const entries: [string, Literal][] = [];
  for (let at = start; at < tokens.length; ) {
    const key = tokens[at];
    if (is(key, '}')) return { value: Object.fromEntries(entries), end: at + 1 };
    const item = key !== undefined && is(tokens[at + 1], ':') ? literalAt(tokens, at + 2) : null;
    if (key === undefined || item === null) return null;
    entries.push([key.text, item.value]);
    at = is(tokens[item.end], ',') ? item.end + 1 : item.end;
    if (at === item.end && !is(tokens[at], '}')) return null;
  }
  return null;
}
