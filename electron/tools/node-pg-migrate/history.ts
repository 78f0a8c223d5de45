/** node-pg-migrate's history table (src/runner.ts, src/migration.ts): one row per applied migration, in the order of run_on, id. */
import type { EngineId } from '../../../shared/model/environment.ts';
import type { Dialect, HistoryTable, HistoryWrite, TableName } from '../../engine/ports.ts';
import { plainEntry, readRows, textOf, utcText } from '../common/historyRows.ts';
import { releaseAdvisoryLock, tryAdvisoryLock } from '../common/toolLocks.ts';

export const columns = ['id', 'name', 'run_on'] as const;

/** PG_MIGRATE_LOCK_ID, the same for every project. */
export const lockId = 7241865325823964n;

export function nodePgMigrateHistory(engine: EngineId, dialect: Dialect, given: TableName | null): HistoryTable {
  const table = { schema: given?.schema ?? 'public', name: given?.name ?? 'pgmigrations' };
  const quoted = dialect.quoteTable(table);
  // The server's own NOW(): the tool compares positions by this column, filled in its sessions' time zone.
  const insert = ({ step }: HistoryWrite) => [
    `INSERT INTO ${quoted} (name, run_on) VALUES (${dialect.quoteLiteral(step.historyKey)}, NOW())`,
  ];
  const remove = ({ step }: HistoryWrite) => [
    `DELETE FROM ${quoted} WHERE name = ${dialect.quoteLiteral(step.historyKey)}`,
  ];
  return {
    table,
    async read(session) {
      const query = `SELECT name, ${utcText(engine, 'run_on')} AS applied_at FROM ${quoted} ORDER BY run_on, id`;
      const rows = await readRows(session, table, columns, query);
      return (
        rows?.map((row) => {
          const name = textOf(row.name) ?? '';
          return { ...plainEntry(name), version: name, appliedAt: textOf(row.applied_at) };
        }) ?? null
      );
    },
    create: () => [
      `CREATE TABLE IF NOT EXISTS ${quoted} (id SERIAL PRIMARY KEY, name varchar(255) NOT NULL, run_on timestamp NOT NULL)`,
    ],
    applied: insert,
    reverted: remove,
    repairs: { markApplied: insert, markReverted: remove },
    tryToolLock: (session) => tryAdvisoryLock(session, lockId),
    releaseToolLock: (session) => releaseAdvisoryLock(session, lockId),
  };
}
