import type { Dialect } from '../../engine/ports.ts';

const startVariable = '@lockkeeper_started';

/**
 * Plain quotes hold printable ASCII without backslashes only: whether a backslash escapes (NO_BACKSLASH_ESCAPES) and
 * which bytes make a character (SET NAMES) are settings that a script may have changed. All else is written by its bytes.
 */
const plain = /^[\x20-\x5b\x5d-\x7e\t\r\n]*$/;

function quoteText(text: string): string {
  if (plain.test(text)) return `'${text.replaceAll("'", "''")}'`;
  return `_utf8mb4 0x${Buffer.from(text.toWellFormed(), 'utf8').toString('hex')}`;
}

function quoteNumber(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`MySQL has no number ${value}.`);
  return String(value);
}

function quoteLiteral(value: string | number | boolean | null): string {
  if (value === null) return 'NULL';
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  return typeof value === 'number' ? quoteNumber(value) : quoteText(value);
}

function quoteIdentifier(name: string): string {
  if (name.includes('\0')) throw new RangeError('A name in MySQL cannot hold a NUL character.');
  return `\`${name.replaceAll('`', '``')}\``;
}

export const mysqlDialect: Dialect = {
  quoteIdentifier,
  quoteTable: (table) =>
    table.schema === null
      ? quoteIdentifier(table.name)
      : `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)}`,
  quoteLiteral,
  now: 'CURRENT_TIMESTAMP(6)',
  // UTC, because scripts change the session's time zone.
  startTimer: `SET ${startVariable} = UTC_TIMESTAMP(6)`,
  elapsedMs: `(TIMESTAMPDIFF(MICROSECOND, ${startVariable}, UTC_TIMESTAMP(6)) DIV 1000)`,
};

/** Quoted text, quoted names, comments, and the placeholders between them. */
const placeholders =
  /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`(?:[^`]|``)*`|\/\*.*?\*\/|#[^\n]*|--[ \t][^\n]*|\$(\d+)/gs;

/** Writes the values into `sql` in place of `$1`, `$2` …: one round trip, no statement left prepared on the server. */
export function bind(sql: string, parameters: readonly (string | number | null)[]): string {
  return sql.replace(placeholders, (match: string, number: string | undefined) => {
    if (number === undefined) return match;
    const value = parameters[Number(number) - 1];
    if (value === undefined) throw new RangeError(`No value was given for the placeholder ${match}.`);
    return quoteLiteral(value);
  });
}
