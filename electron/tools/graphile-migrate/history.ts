/** graphile-migrate's history table: a chain of hashes (src/migration.ts, src/migrations). */
import type { EngineId } from '../../../shared/model/environment.ts';
import type { Dialect, HistoryTable, HistoryWrite, TableName } from '../../engine/ports.ts';
import { createSchema, plainEntry, readRows, textOf, utcText } from '../common/historyRows.ts';
import { releaseAdvisoryLock, tryAdvisoryLock } from '../common/toolLocks.ts';

export const columns = ['hash', 'previous_hash', 'filename', 'date'] as const;

export const lockKey = 4727445306447283n;

export function graphileMigrateHistory(engine: EngineId, dialect: Dialect, given: TableName | null): HistoryTable {
  const table = { schema: given?.schema ?? 'graphile_migrate', name: given?.name ?? 'migrations' };
  const current = { schema: table.schema, name: 'current' };
  const quoted = dialect.quoteTable(table);
  const key = ({ step }: HistoryWrite) => dialect.quoteLiteral(step.historyKey);
  const hash = ({ step }: HistoryWrite) => dialect.quoteLiteral(step.checksum ?? '');
  const insert = (write: HistoryWrite) => [
    `INSERT INTO ${quoted} (hash, previous_hash, filename) VALUES (${hash(write)}, (SELECT hash FROM ${quoted} WHERE filename < ${key(write)} ORDER BY filename DESC LIMIT 1), ${key(write)})`,
  ];
  const remove = (write: HistoryWrite) => [`DELETE FROM ${quoted} WHERE filename = ${key(write)}`];
  /** The row and the one that names it, in one statement: the reference between them is checked at its end. */
  const updateHash = (write: HistoryWrite) => {
    const old = `(SELECT hash FROM ${quoted} WHERE filename = ${key(write)})`;
    return [
      `UPDATE ${quoted} SET hash = CASE WHEN filename = ${key(write)} THEN ${hash(write)} ELSE hash END, previous_hash = CASE WHEN previous_hash = ${old} THEN ${hash(write)} ELSE previous_hash END WHERE filename = ${key(write)} OR previous_hash = ${old}`,
    ];
  };
  return {
    table,
    beside: [current],
    async read(session) {
      const sql = `SELECT hash, filename, ${utcText(engine, 'date')} AS applied_at FROM ${quoted} ORDER BY filename`;
      const rows = await readRows(session, table, columns, sql);
      return (
        rows?.map((row) => {
          const file = textOf(row['filename']) ?? '';
          return {
            ...plainEntry(file),
            version: file.replace(/\.sql$/, ''),
            checksum: textOf(row['hash']),
            appliedAt: textOf(row['applied_at']),
          };
        }) ?? null
      );
    },
    create: () => [
      createSchema(dialect, table.schema),
      `CREATE TABLE IF NOT EXISTS ${quoted} (
  hash text primary key,
  previous_hash text references ${quoted},
  filename text not null,
  date timestamptz not null default now()
)`,
      `CREATE TABLE IF NOT EXISTS ${dialect.quoteTable(current)} (
  filename text primary key default 'current.sql',
  content text not null,
  date timestamptz not null default now()
)`,
    ],
    applied: insert,
    reverted: remove,
    repairs: { updateChecksum: updateHash, markApplied: insert, markReverted: remove },
    tryToolLock: (session) => tryAdvisoryLock(session, lockKey),
    releaseToolLock: (session) => releaseAdvisoryLock(session, lockKey),
  };
}
