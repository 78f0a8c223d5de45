/** diesel's history table: versions, and when they were run (diesel/src/migration, migration_harness.rs). */
import type { EngineId } from '../../../shared/model/environment.ts';
import type { Dialect, HistoryTable, HistoryWrite, TableName } from '../../engine/ports.ts';
import { carrying } from '../common/carrying.ts';
import { insertInto, plainEntry, readRows, textOf, utcText } from '../common/historyRows.ts';
import { compareBytes } from '../common/versions.ts';

export const columns = ['version', 'run_on'] as const;

export function dieselHistory(engine: EngineId, dialect: Dialect, given: TableName | null): HistoryTable {
  const table = given ?? { schema: null, name: '__diesel_schema_migrations' };
  const quoted = dialect.quoteTable(table);
  const insert = ({ step }: HistoryWrite) => [
    insertInto(dialect, table, { version: dialect.quoteLiteral(step.historyKey) }),
  ];
  const remove = ({ step }: HistoryWrite) => [
    `DELETE FROM ${quoted} WHERE version = ${dialect.quoteLiteral(step.historyKey)}`,
  ];
  return {
    table,
    async read(session) {
      const query = `SELECT version, ${utcText(engine, 'run_on')} AS applied_at FROM ${quoted}`;
      const rows = await readRows(session, table, columns, query);
      const entries = rows?.map((row) => {
        const version = textOf(row.version) ?? '';
        return { ...plainEntry(version), version, appliedAt: textOf(row.applied_at) };
      });
      return entries?.sort((left, right) => compareBytes(left.version, right.version)) ?? null;
    },
    create: () => [
      `CREATE TABLE IF NOT EXISTS ${quoted} (
    version VARCHAR(50) PRIMARY KEY NOT NULL,
    run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
)`,
    ],
    applied: insert,
    reverted: remove,
    repairs: {
      markApplied: insert,
      markReverted: remove,
      ...carrying({
        engine,
        dialect,
        table: quoted,
        isEntry: ({ step }) => `version = ${dialect.quoteLiteral(step.historyKey)}`,
        appliedAt: 'run_on',
      }),
    },
  };
}
