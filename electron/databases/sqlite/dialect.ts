/** How SQLite writes names and values, and how a step's duration is measured inside a session. */
import type { Dialect } from '../../engine/ports.ts';

/** Added by the worker to every connection. */
export const elapsedFunction = 'lockkeeper_elapsed_ms';

/** Answered by the worker itself: the time counts from now. */
export const startTimer = "SELECT 'lockkeeper: start timer'";

function quoteIdentifier(name: string): string {
  if (name.includes('\0')) throw new RangeError('A name in SQLite cannot hold a NUL character.');
  return `"${name.replaceAll('"', '""')}"`;
}

/** SQLite reads SQL text up to the first NUL character, so one inside a value is written as an expression. */
function quoteText(value: string): string {
  const parts = value.split('\0').map((part) => `'${part.replaceAll("'", "''")}'`);
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : `(${parts.join(' || char(0) || ')})`;
}

function quoteNumber(value: number): string {
  if (Number.isNaN(value)) return 'NULL'; // as SQLite itself stores it: sqlite.org/c3ref/bind_blob.html
  if (!Number.isFinite(value)) return value > 0 ? '9e999' : '-9e999';
  return String(value);
}

export const sqliteDialect: Dialect = {
  quoteIdentifier,
  // A temporary table of a script must not stand for one of the file.
  quoteTable: ({ schema, name }) => `${quoteIdentifier(schema ?? 'main')}.${quoteIdentifier(name)}`,
  quoteLiteral(value) {
    if (value === null) return 'NULL';
    if (typeof value === 'boolean') return value ? '1' : '0';
    return typeof value === 'number' ? quoteNumber(value) : quoteText(value);
  },
  now: 'CURRENT_TIMESTAMP',
  startTimer,
  elapsedMs: `${elapsedFunction}()`,
};
