/** Did a statement affect, or a query return, as many rows as its author expects? */
import type { RowBounds } from '../../shared/model/directive.ts';
import type { Statement } from '../../shared/model/statement.ts';
import { nothingChanged, ProblemError } from '../../shared/problem.ts';
import type { UnitResult } from './ports.ts';

/** @throws {ProblemError} `database.rowCount` */
export function requireExpectedRows(statement: Statement, result: UnitResult): void {
  const { expected } = statement;
  if (expected === undefined) return;
  const rows = result.affectedRows ?? result.resultSet?.rowCount ?? null;
  if (rows !== null && rows >= expected.least && (expected.most === null || rows <= expected.most)) return;
  throw new ProblemError({
    code: 'database.rowCount',
    message:
      rows === null
        ? `The server does not tell how many rows the statement at line ${statement.line} affected.`
        : `The statement at line ${statement.line} affected ${countOfRows(rows)}; its author expects ${wordsFor(expected)}.`,
    state: nothingChanged,
    hint: 'Look at the rows that it finds: the data is not what the migration was written for.',
    line: statement.line,
    column: statement.column,
  });
}

const countOfRows = (rows: number): string => `${rows} row${rows === 1 ? '' : 's'}`;

function wordsFor({ least, most }: RowBounds): string {
  if (most === null) return `at least ${least}`;
  if (least === most) return String(least);
  return least === 0 ? `at most ${most}` : `${least} to ${most}`;
}
