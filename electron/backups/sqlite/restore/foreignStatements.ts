// What the SQL of somebody else's SQLite dump may do: fill the new file, and touch no other.
import type { Statement } from '../../../../shared/model/statement.ts';
import { raise } from '../../../../shared/problem.ts';

const refused =
  /^(ATTACH|DETACH|VACUUM|SELECT|EXPLAIN)\b|^PRAGMA\s+(?!foreign_keys\b|user_version\b|application_id\b|encoding\b)/i;

/** @throws {ProblemError} `restore.unfit` */
export function requireForeignStatement(statement: Statement): void {
  const text = statement.text.replace(/^(?:\s+|--[^\n]*\n|\/\*[\s\S]*?\*\/)+/, '');
  if (!refused.test(text)) return;
  raise({
    code: 'restore.unfit',
    message: `Line ${statement.line} of the dump is no part of a database's content: ${text.slice(0, 80)}`,
    hint: 'Remove the line if you know what it does, or give the SQLite file itself.',
    line: statement.line,
  });
}
