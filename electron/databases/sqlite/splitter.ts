import type { ScriptContext } from '../splitting/dialect.ts';
import { unclosed } from '../splitting/lexicon.ts';
import { splitterFor } from '../splitting/scriptSplitter.ts';
import type { CreateSplitter } from '../splitting/splitter.ts';
import { sqliteLexicon } from './lexicon.ts';
import { SqliteTracker } from './tracker.ts';

/** Splits SQLite scripts. */
export const createSqliteSplitter: CreateSplitter = splitterFor((script) => ({
  lexicon: sqliteLexicon,
  tracker: new SqliteTracker(script),
  directive: (text, at, final) => refuseDotCommand(script, text, at, final),
}));

/** No SQL begins with a dot, but every command of the sqlite3 shell does. */
function refuseDotCommand(script: ScriptContext, text: string, at: number, final: boolean): number {
  const name = /\.[A-Za-z]*/y;
  name.lastIndex = at;
  const command = name.exec(text)?.[0];
  if (command === undefined) return at;
  if (!final && at + command.length === text.length) return unclosed;
  const included = command === '.read' || command === '.import';
  return script.refuse(at, {
    code: 'script.clientCommand',
    message: `${command} is a command of the sqlite3 shell, not SQL.`,
    hint: included
      ? 'Replace this line by the statements that it would have run.'
      : 'Delete this line: it concerns the sqlite3 shell only.',
  });
}
