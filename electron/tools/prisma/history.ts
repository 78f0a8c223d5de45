/** Prisma's history table: a row for each attempt at a migration (sql_migration_persistence.rs). */
import { randomUUID } from 'node:crypto';
import type { EngineId } from '../../../shared/model/environment.ts';
import type { HistoryEntry } from '../../../shared/model/history.ts';
import type { Dialect, HistoryTable, HistoryWrite, Row, Session, TableName } from '../../engine/ports.ts';
import { insertInto, plainEntry, readRows, textOf, utcText } from '../common/historyRows.ts';
import { releaseAdvisoryLock, releaseNamedLock, tryAdvisoryLock, tryNamedLock } from '../common/toolLocks.ts';
import { tableDefinition } from './table.ts';

export const columns = [
  'id',
  'checksum',
  'finished_at',
  'migration_name',
  'logs',
  'rolled_back_at',
  'started_at',
  'applied_steps_count',
] as const;

const lockKey = 72_707_369n;
const lockName = 'prisma_migrate';

export function prismaHistory(engine: EngineId, dialect: Dialect, given: TableName | null): HistoryTable {
  const table = given ?? { schema: null, name: '_prisma_migrations' };
  const quoted = dialect.quoteTable(table);
  const literal = (text: string) => dialect.quoteLiteral(text);
  const now = nowIn(engine, dialect);
  const named = ({ step }: HistoryWrite) => `migration_name = ${literal(step.historyKey)}`;
  const unfinished = 'finished_at IS NULL AND rolled_back_at IS NULL';
  const isBegun = (write: HistoryWrite) => `${named(write)} AND ${unfinished}`;
  const row = (write: HistoryWrite) => ({
    id: literal(randomUUID()),
    checksum: literal(write.step.checksum ?? ''),
    migration_name: literal(write.step.historyKey),
    started_at: now,
  });
  /** As `migrate resolve --rolled-back`: while a failed row counts, Prisma refuses to go on (P3009). */
  const settleFailed = (write: HistoryWrite) => `UPDATE ${quoted} SET rolled_back_at = ${now} WHERE ${isBegun(write)}`;
  const finished = (write: HistoryWrite, steps: number, logs: string) =>
    insertInto(dialect, table, { ...row(write), finished_at: now, applied_steps_count: String(steps), logs });
  /** An applied row that says it was rolled back is applied to Prisma's status, and pending to its deploy. */
  const takeBack = (write: HistoryWrite) => [
    settleFailed(write),
    `DELETE FROM ${quoted} WHERE ${named(write)} AND rolled_back_at IS NULL`,
  ];
  /** As `migrate resolve --applied`. */
  const markApplied = (write: HistoryWrite) => [settleFailed(write), finished(write, 0, literal(''))];
  return {
    table,
    async read(session) {
      const times = ['started_at', 'finished_at', 'rolled_back_at'].map(
        (name) => `${timeText(engine, name)} AS ${name}`,
      );
      const sql = `SELECT migration_name, checksum, logs, ${times.join(', ')} FROM ${quoted} ORDER BY ${quoted}.started_at, migration_name`;
      const rows = await readRows(session, table, columns, sql);
      return rows === null ? null : entriesOf(rows);
    },
    create: () => [tableDefinition(engine, quoted)],
    started: (write) =>
      write.step.action === 'apply' ? [settleFailed(write), insertInto(dialect, table, row(write))] : [],
    applied: (write) =>
      write.step.transactional
        ? [settleFailed(write), finished(write, 1, 'NULL')]
        : [
            insertMissing(dialect, table, row(write), isBegun(write)),
            `UPDATE ${quoted} SET finished_at = ${now}, applied_steps_count = applied_steps_count + 1 WHERE ${isBegun(write)}`,
          ],
    reverted: takeBack,
    failed: (write, message) =>
      // What was rolled back with its transaction left nothing to resolve.
      write.step.transactional || write.step.action === 'revert'
        ? []
        : [`UPDATE ${quoted} SET logs = ${literal(message)} WHERE ${isBegun(write)}`],
    repairs: {
      updateChecksum: (write) => [
        `UPDATE ${quoted} SET checksum = ${literal(write.step.checksum ?? '')} WHERE ${named(write)} AND rolled_back_at IS NULL`,
      ],
      markApplied,
      markReverted: takeBack,
      removeFailed: (write) => [settleFailed(write)],
    },
    ...toolLock(engine),
  };
}

function insertMissing(
  dialect: Dialect,
  table: TableName,
  values: Readonly<Record<string, string>>,
  isPresent: string,
): string {
  const names = Object.keys(values).map((name) => dialect.quoteIdentifier(name));
  const quoted = dialect.quoteTable(table);
  return `INSERT INTO ${quoted} (${names.join(', ')}) SELECT ${Object.values(values).join(', ')} FROM (SELECT 1 AS one) AS one_row WHERE NOT EXISTS (SELECT 1 FROM ${quoted} WHERE ${isPresent})`;
}

/** Prisma writes UTC; into SQLite as milliseconds since 1970. */
function nowIn(engine: EngineId, dialect: Dialect): string {
  if (engine === 'postgres') return dialect.now;
  return engine === 'mysql' ? 'UTC_TIMESTAMP(3)' : "CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)";
}

/** As ISO 8601. MySQL's column has no zone and holds UTC; SQLite's holds milliseconds, or text where an adapter wrote it. */
function timeText(engine: EngineId, column: string): string {
  if (engine === 'postgres') return utcText(engine, column);
  return engine === 'mysql'
    ? `CONCAT(LEFT(DATE_FORMAT(${column}, '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z')`
    : `CASE typeof(${column}) WHEN 'integer' THEN strftime('%Y-%m-%dT%H:%M:%fZ', ${column} / 1000.0, 'unixepoch') ELSE ${utcText(engine, column)} END`;
}

/** One entry for each migration of which an attempt counts: one that did not end, or else the one that did. */
function entriesOf(rows: readonly Row[]): HistoryEntry[] {
  const counting = rows.filter((row) => row['rolled_back_at'] === null);
  const attempts = Map.groupBy(counting, (row) => textOf(row['migration_name']) ?? '');
  return [...attempts].map(([name, all]) => {
    const failed = all.find((row) => row['finished_at'] === null);
    const row = failed ?? all.at(-1);
    const logs = textOf(row?.['logs']);
    const isTold = logs !== null && logs !== '';
    return {
      ...plainEntry(name),
      version: name,
      state: failed === undefined ? 'applied' : isTold ? 'failed' : 'executing',
      checksum: textOf(row?.['checksum']),
      appliedAt: textOf(row?.['finished_at']) ?? textOf(row?.['started_at']),
      message: failed !== undefined && isTold ? logs : null,
    };
  });
}

function toolLock(engine: EngineId): Pick<HistoryTable, 'tryToolLock' | 'releaseToolLock'> {
  switch (engine) {
    case 'postgres':
      return {
        tryToolLock: (session: Session) => tryAdvisoryLock(session, lockKey),
        releaseToolLock: (session: Session) => releaseAdvisoryLock(session, lockKey),
      };
    case 'mysql':
      return {
        tryToolLock: (session: Session) => tryNamedLock(session, lockName),
        releaseToolLock: (session: Session) => releaseNamedLock(session, lockName),
      };
    case 'sqlite':
      return {};
  }
}
