import type { Dialect, TableName } from '../../engine/ports.ts';

const quoteIdentifier = (name: string): string => `"${withoutNul(name).replaceAll('"', '""')}"`;

const quoteTable = (table: TableName): string =>
  table.schema === null
    ? quoteIdentifier(table.name)
    : `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)}`;

function quoteLiteral(value: string | number | boolean | null): string {
  if (value === null) return 'NULL';
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (typeof value === 'number') return quoteNumber(value);
  const quoted = withoutNul(value).replaceAll("'", "''");
  // An escape string means the same whatever standard_conforming_strings is; the space keeps it apart from a word before.
  return quoted.includes('\\') ? ` E'${quoted.replaceAll('\\', '\\\\')}'` : `'${quoted}'`;
}

function quoteNumber(value: number): string {
  if (!Number.isFinite(value)) throw new RangeError(`${value} is no SQL number`);
  return String(value);
}

/** PostgreSQL's text holds every character but this one, and its protocol ends a message at it. */
function withoutNul(text: string): string {
  if (text.includes('\0')) throw new RangeError('PostgreSQL text cannot hold the character NUL');
  return text;
}

/** How long a step took, by the server's clock: the start is kept in a setting of the session, which any message can read. */
const timer = 'lockkeeper.timer';

const startTimer = `SELECT set_config('${timer}', extract(epoch FROM clock_timestamp())::text, false)`;

/** Without a started timer, since the transaction's begin. */
const elapsedMs = `round((extract(epoch FROM clock_timestamp())::double precision - coalesce(nullif(current_setting('${timer}', true), '')::double precision, extract(epoch FROM transaction_timestamp())::double precision)) * 1000)::bigint`;

export const dialect: Dialect = { quoteIdentifier, quoteTable, quoteLiteral, now: 'now()', startTimer, elapsedMs };
