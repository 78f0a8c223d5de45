/** Statements that change rows. */

/** No condition that could spare a row; one in a subquery is none. `plain`: as `plainText` has it. */
export function changesAllRows(plain: string): boolean {
  const outer = withoutGroups(plain);
  if (/\b(?:LIMIT|JOIN|USING)\b/.test(outer) || /^DELETE (?!FROM\b)/.test(outer)) return false;
  const condition = /\bWHERE (.*)$/.exec(outer)?.[1];
  return condition === undefined || /^(?:TRUE|1|(\d+) = \1)$/.test(condition.trim());
}

function withoutGroups(plain: string): string {
  let depth = 0;
  let outer = '';
  for (const word of plain.split(' ')) {
    if (word === '(') depth++;
    if (depth === 0) outer += ` ${word}`;
    if (word === ')') depth--;
  }
  return outer.trim();
}
