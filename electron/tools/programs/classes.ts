/** The classes of a file, with the plain values of their fields, read without running it. */
import { type Literal, literalAt } from './moduleShape.ts';
import { type Token, tokensOf } from './tokens.ts';

export interface ClassShape {
  /** Null: it has none of its own. */
  readonly name: string | null;
  readonly line: number;
  readonly methods: ReadonlySet<string>;
  /** Fields whose value is written out. */
  readonly fields: ReadonlyMap<string, Literal>;
}

const is = (token: Token | undefined, text: string): boolean =>
  token !== undefined && token.kind !== 'string' && token.text === text;

export function classesIn(text: string): ClassShape[] {
  const tokens = tokensOf(text);
  return tokens.flatMap((token, at) =>
    token.kind === 'name' && is(token, 'class') && !is(tokens[at - 1], '.') && !is(tokens[at + 1], ':')
      ? [classAt(tokens, at)]
      : [],
  );
}

function classAt(tokens: readonly Token[], at: number): ClassShape {
  const next = tokens[at + 1];
  const isNamed = next?.kind === 'name' && !/^(?:extends|implements)$/.test(next.text);
  const methods = new Set<string>();
  const fields = new Map<string, Literal>();
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (index <= at || (depth === 0 && !is(token, '{'))) continue;
    if (token.kind === 'mark' && '{[('.includes(token.text)) depth++;
    if (token.kind === 'mark' && '}])'.includes(token.text)) depth--;
    if (depth === 0) break;
    if (depth !== 1 || token.kind !== 'name') continue;
    const equals = valueAfter(tokens, index + 1);
    // A word after these is a value or a type.
    if (is(tokens[index - 1], '=') || is(tokens[index - 1], ':')) continue;
    if (is(tokens[index + 1], '(') || isFunction(tokens, equals)) methods.add(token.text);
    const value = equals === null ? null : literalAt(tokens, equals);
    if (value !== null && !fields.has(token.text)) fields.set(token.text, value.value);
  }
  return { name: isNamed ? next.text : null, line: tokens[at]?.line ?? 1, methods, fields };
}

const isFunction = (tokens: readonly Token[], at: number | null): boolean =>
  at !== null && (is(tokens[at], 'async') || is(tokens[at], 'function') || is(tokens[at], '('));

/** After `=`, a type between the name and it passed over. */
function valueAfter(tokens: readonly Token[], at: number): number | null {
  if (is(tokens[at], '=')) return at + 1;
  return is(tokens[at], ':') && is(tokens[at + 2], '=') ? at + 3 : null;
}
