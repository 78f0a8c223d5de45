// What an administrator can do about a missing right, from the server's own words.
import { mysqlDialect } from './dialect.ts';

/** Completes "Ask an administrator to …"; null when the words are others, as in another language. */
export function remedyFor(message: string): string | null {
  const command = /^([A-Z][A-Z ,]*?) command denied to user .* for table ((?:`[^`]*`|'[^']*')(?:\.`[^`]*`)?)/.exec(
    message,
  );
  if (command !== null) return `grant this account ${command[1]} ON ${objectOf(command[1] ?? '', command[2] ?? '')}`;
  const database = /^Access denied for user .* to database '([^']*)'/.exec(message)?.[1];
  if (database !== undefined)
    return `grant this account the rights it needs on ${mysqlDialect.quoteIdentifier(database)}.*`;
  const privilege = /at least one of\) the (.+?) privilege/.exec(message)?.[1]?.split(', ')[0];
  return privilege === undefined ? null : `grant this account ${privilege} ON *.*`;
}

/** MariaDB names database and table, MySQL the table only; what is created can be granted for the whole database only. */
function objectOf(privileges: string, quoted: string): string {
  const [database, table] = quoted.startsWith('`') ? quoted.split('.') : [];
  if (table === undefined) return `the table ${quoted}`;
  return /CREATE|DROP/.test(privileges) ? `${database}.*` : `${database}.${table}`;
}
