/** Whether a change set is meant for a database: its contexts, its labels, its databases. */

/** Liquibase's own name of a database. */
export type Dbms = 'postgresql' | 'mariadb' | 'mysql' | 'sqlite';

/** DatabaseList.definitionMatches. */
export function meantForDbms(definition: string | null, dbms: Dbms): boolean {
  const names = listOf(definition).map((name) => name.toLowerCase());
  if (names.length === 0) return true;
  if (names.includes('none') || names.includes(`!${dbms}`)) return false;
  return names.includes('all') || names.includes(dbms) || names.every((name) => name.startsWith('!'));
}

/** ContextExpression.matches: without a context to run with, everything runs but what asks for one with `@`. */
export function contextMatches(expression: string | null, contexts: readonly string[]): boolean {
  const parts = listOf(expression);
  if (parts.length === 0) return true;
  if (contexts.length === 0) return !parts.some((part) => part.includes('@'));
  const names = new Set(contexts.map((name) => name.toLowerCase()));
  return parts.some((part) => matches(part, names));
}

/** LabelExpression.matches: what has no label always runs. */
export function labelsMatch(labels: string | null, filter: string | null): boolean {
  const own = listOf(labels);
  const parts = listOf(filter);
  if (own.length === 0 || parts.length === 0) return true;
  const names = new Set(own.map((name) => name.toLowerCase()));
  return parts.some((part) => matches(part, names));
}

export const listOf = (text: string | null): string[] =>
  (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** ExpressionMatcher: `and` binds closer than `or`; `not` or `!`, brackets. What is badly formed matches nothing. */
function matches(expression: string, names: ReadonlySet<string>): boolean {
  const tokens = expression.toLowerCase().match(/[()!]|[^\s()!]+/g) ?? [];
  let at = 0;
  const either = (): boolean => {
    let value = both();
    while (tokens[at] === 'or') {
      at++;
      const other = both();
      value = value || other;
    }
    return value;
  };
  const both = (): boolean => {
    let value = single();
    while (tokens[at] === 'and') {
      at++;
      const other = single();
      value = value && other;
    }
    return value;
  };
  const single = (): boolean => {
    const token = tokens[at++];
    if (token === '!' || token === 'not') return !single();
    if (token === undefined) return false;
    if (token !== '(') return names.has(token.replace(/^@/, ''));
    const value = either();
    at++;
    return value;
  };
  return either();
}
