/** Guest Registration's history table: keeps the SQL of each rollback, and that is what is run (migrations.py). */
import type { EngineId } from '../../../shared/model/environment.ts';
import type { Dialect, HistoryTable, HistoryWrite, TableName } from '../../engine/ports.ts';
import { insertInto, plainEntry, readRows, textOf, utcText } from '../common/historyRows.ts';
import { noRollback } from './files.ts';

export const columns = ['id', 'version', 'name', 'applied_at', 'checksum', 'rollback_sql'] as const;

export function guestRegistrationHistory(engine: EngineId, dialect: Dialect, given: TableName | null): HistoryTable {
  const table = given ?? { schema: null, name: 'guest_reg_migrations' };
  const quoted = dialect.quoteTable(table);
  const insert = (write: HistoryWrite) => [insertInto(dialect, table, newRow(write, dialect))];
  const remove = ({ step }: HistoryWrite) => [
    `DELETE FROM ${quoted} WHERE version = ${dialect.quoteLiteral(step.historyKey)}`,
  ];
  return {
    table,
    async read(session) {
      const sql = `SELECT version, name, checksum, rollback_sql, ${utcText(engine, 'applied_at')} AS applied_text FROM ${quoted} ORDER BY applied_at, version`;
      const rows = await readRows(session, table, columns, sql);
      return (
        rows?.map((row) => ({
          ...plainEntry(textOf(row.version) ?? ''),
          version: textOf(row.version),
          name: textOf(row.name),
          appliedAt: textOf(row.applied_text),
          checksum: textOf(row.checksum),
          storedDown: rollbackOf(textOf(row.rollback_sql)),
        })) ?? null
      );
    },
    // On SQLite too: SERIAL is no rowid there, so the tool's own rows have no id.
    create: () => [
      `CREATE TABLE IF NOT EXISTS ${quoted} (
  id SERIAL PRIMARY KEY,
  version VARCHAR(50) NOT NULL UNIQUE,
  name VARCHAR(255) NOT NULL,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
  checksum VARCHAR(64),
  rollback_sql TEXT
)`,
    ],
    applied: insert,
    reverted: remove,
    repairs: {
      // The stored rollback stays: it belongs to what was run.
      updateChecksum: ({ step }) => [
        `UPDATE ${quoted} SET checksum = ${dialect.quoteLiteral(step.checksum)} WHERE version = ${dialect.quoteLiteral(step.historyKey)}`,
      ],
      markApplied: insert,
      markReverted: remove,
    },
  };
}

function newRow({ step }: HistoryWrite, dialect: Dialect): Record<string, string> {
  const { down } = step.migration;
  return {
    version: dialect.quoteLiteral(step.historyKey),
    name: dialect.quoteLiteral(step.name),
    checksum: dialect.quoteLiteral(step.checksum),
    rollback_sql: dialect.quoteLiteral(down?.kind === 'text' ? down.text : null),
  };
}

const rollbackOf = (sql: string | null): string | null =>
  sql === null || sql.trim() === '' || sql.trim() === noRollback ? null : sql;
