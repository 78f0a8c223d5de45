/** What history tables have in common: reading rows without ever writing, and times as ISO 8601 in UTC. */
import type { EngineId } from '../../../shared/model/environment.ts';
import type { HistoryEntry } from '../../../shared/model/history.ts';
import { raise } from '../../../shared/problem.ts';
import type { Dialect, Row, ServerIdentity, Session, TableName } from '../../engine/ports.ts';

/**
 * Tables that were there when a session last looked: it asks for their rows at once, and again whether they are. By its
 * identity, which it keeps however it is wrapped.
 */
const seen = new WeakMap<ServerIdentity, Set<string>>();

/** The session has made the table itself. */
export function tableIsMade({ identity }: Session, table: TableName): void {
  const tables = seen.get(identity) ?? new Set();
  seen.set(identity, tables.add(displayTable(table)));
}

/**
 * Rows of the table, or null when it does not exist. Columns are compared without regard to case.
 * @throws {ProblemError} `database.historyTable` when a table of that name lacks one of `needed`.
 */
export async function readRows(
  session: Session,
  table: TableName,
  needed: readonly string[],
  sql: string,
): Promise<Row[] | null> {
  const asked = session.columns(table);
  // Not asked for where the table may be missing: the server's log would tell of an error that is none.
  const early = seen.get(session.identity)?.has(displayTable(table)) ? session.query(sql) : null;
  early?.catch(() => undefined);
  const columns = await asked;
  if (columns === null) {
    seen.get(session.identity)?.delete(displayTable(table));
    return null;
  }
  const missing = needed.filter((name) => !hasColumns(columns, [name]));
  if (missing.length > 0) {
    raise({
      code: 'database.historyTable',
      message: `The table ${displayTable(table)} exists, but has no column ${missing.join(', ')}: another program's history, or another tool's.`,
      hint: 'Choose the tool this table belongs to (--tool), or name the history table (--history-table).',
    });
  }
  tableIsMade(session, table);
  return early ?? session.query(sql);
}

export function hasColumns(columns: readonly string[], needed: readonly string[]): boolean {
  const present = new Set(columns.map((name) => name.toLowerCase()));
  return needed.every((name) => present.has(name.toLowerCase()));
}

/** These columns and no others. */
export const hasExactly = (columns: readonly string[], wanted: readonly string[]): boolean =>
  columns.length === wanted.length && hasColumns(columns, wanted);

const displayTable = (table: TableName): string =>
  table.schema === null ? table.name : `${table.schema}.${table.name}`;

/** Expression: the quoted column, a time in its engine's own types, as `2026-01-31T23:59:59.123Z`. */
export function utcText(engine: EngineId, column: string): string {
  switch (engine) {
    case 'postgres':
      // A time without zone was filled by the server in a session's zone: the cast reads it in this session's.
      return `to_char(${column}::timestamptz AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
    case 'mysql':
      // UNIX_TIMESTAMP reads the column in the session's zone and needs no time zone tables, unlike CONVERT_TZ.
      return `CONCAT(LEFT(DATE_FORMAT(TIMESTAMPADD(MICROSECOND, CAST(UNIX_TIMESTAMP(${column}) * 1000000 AS SIGNED), '1970-01-01 00:00:00.000000'), '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z')`;
    case 'sqlite':
      return `strftime('%Y-%m-%dT%H:%M:%fZ', ${column})`;
  }
}

export const textOf = (value: Row[string] | undefined): string | null =>
  value === null || value === undefined ? null : String(value);

export function numberOf(value: Row[string] | undefined): number | null {
  if (value === null || value === undefined || value === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** A truth value as engines hand it out: true, 1, `t`. */
export const truthOf = (value: Row[string] | undefined): boolean =>
  value === true || ['1', 't', 'true'].includes(String(value).toLowerCase());

/** An entry that says nothing but its key. */
export function plainEntry(historyKey: string): HistoryEntry {
  return {
    historyKey,
    version: null,
    name: null,
    state: 'applied',
    appliedAt: null,
    appliedBy: null,
    durationMs: null,
    checksum: null,
    batch: null,
    message: null,
    storedDown: null,
  };
}

/** `INSERT` of SQL expressions by column. */
export function insertInto(dialect: Dialect, table: TableName, values: Readonly<Record<string, string>>): string {
  const columns = Object.keys(values).map((name) => dialect.quoteIdentifier(name));
  return `INSERT INTO ${dialect.quoteTable(table)} (${columns.join(', ')}) VALUES (${Object.values(values).join(', ')})`;
}

/** PostgreSQL: creates the schema when it is missing; `IF NOT EXISTS` alone would ask for the right even when it is there. */
export function createSchema(dialect: Dialect, schema: string): string {
  const body = `BEGIN IF to_regnamespace(${dialect.quoteLiteral(dialect.quoteIdentifier(schema))}) IS NULL THEN CREATE SCHEMA ${dialect.quoteIdentifier(schema)}; END IF; END`;
  return `DO ${dialect.quoteLiteral(body)}`;
}

/** Expression: whole milliseconds of the step so far, no more than an INTEGER of 32 bits holds. */
export const elapsedMs32 = (engine: EngineId, dialect: Dialect): string =>
  `${engine === 'sqlite' ? 'MIN' : 'LEAST'}(${dialect.elapsedMs}, 2147483647)`;

/** Text that fits its column, never cut inside a character. */
export function shortened(text: string, characters: number): string {
  const all = [...text];
  return all.length <= characters ? text : `${all.slice(0, characters - 1).join('')}…`;
}
