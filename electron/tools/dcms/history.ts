/** DCMS's history table, with the columns its guide shows. */
import type { EngineId } from '../../../shared/model/environment.ts';
import type { Dialect, HistoryTable, HistoryWrite, TableName } from '../../engine/ports.ts';
import { elapsedMs32, insertInto, numberOf, plainEntry, readRows, textOf, utcText } from '../common/historyRows.ts';

export const columns = ['id', 'version', 'name', 'applied_at', 'checksum', 'execution_time'] as const;

export function dcmsHistory(engine: EngineId, dialect: Dialect, given: TableName | null): HistoryTable {
  const table = given ?? { schema: null, name: '_migrations' };
  const quoted = dialect.quoteTable(table);
  const isStep = ({ step }: HistoryWrite) => `WHERE version = ${dialect.quoteLiteral(step.historyKey)}`;
  const insert = ({ step }: HistoryWrite, milliseconds: string) => [
    insertInto(dialect, table, {
      version: dialect.quoteLiteral(step.historyKey),
      name: dialect.quoteLiteral(step.name),
      checksum: dialect.quoteLiteral(step.checksum ?? ''),
      execution_time: milliseconds,
    }),
  ];
  const remove = (write: HistoryWrite) => [`DELETE FROM ${quoted} ${isStep(write)}`];
  return {
    table,
    async read(session) {
      const sql = `SELECT version, name, checksum, execution_time, ${utcText(engine, 'applied_at')} AS applied_at FROM ${quoted} ORDER BY id`;
      const rows = await readRows(session, table, columns, sql);
      return (
        rows?.map((row) => ({
          ...plainEntry(textOf(row.version) ?? ''),
          version: textOf(row.version),
          name: textOf(row.name),
          appliedAt: textOf(row.applied_at),
          checksum: textOf(row.checksum),
          durationMs: numberOf(row.execution_time),
        })) ?? null
      );
    },
    create: () => [
      `CREATE TABLE IF NOT EXISTS ${quoted} (
  id SERIAL PRIMARY KEY,
  version VARCHAR(255) NOT NULL,
  name VARCHAR(255) NOT NULL,
  applied_at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP,
  checksum VARCHAR(64) NOT NULL,
  execution_time INTEGER NOT NULL
)`,
    ],
    applied: (write) => insert(write, elapsedMs32(engine, write.dialect)),
    reverted: remove,
    repairs: {
      updateChecksum: (write) => [
        `UPDATE ${quoted} SET checksum = ${dialect.quoteLiteral(write.step.checksum ?? '')} ${isStep(write)}`,
      ],
      // The column takes no NULL: nothing was run, so it took no time.
      markApplied: (write) => insert(write, '0'),
      markReverted: remove,
    },
  };
}
