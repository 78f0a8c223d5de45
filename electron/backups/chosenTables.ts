// What is wrong with a choice of tables, as Problems.
import { nothingChanged, type Problem, raise } from '../../shared/problem.ts';

/** @throws {ProblemError} `usage.invalid` when no table is named, or one twice */
export function requireSome(tables: readonly string[]): void {
  if (tables.length === 0)
    raise({ code: 'usage.invalid', message: 'Which tables?', hint: 'Name at least one table to back up.' });
  const twice = tables.find((table, index) => tables.indexOf(table) !== index);
  if (twice !== undefined)
    raise({ code: 'usage.invalid', message: `The table ${twice} is named twice.`, hint: 'Name each table once.' });
}

export const noSuchTable = (table: string, database: string): Problem => ({
  code: 'usage.invalid',
  message: `There is no table ${table} in ${database}.`,
  state: nothingChanged,
  hint: 'Correct the name; write it as the database does, with its schema where needed.',
});
