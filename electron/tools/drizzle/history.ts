/** Drizzle's history table ({pg,mysql,sqlite}-core/dialect.ts): hash and time of the journal's entry for each migration. */
import type { EngineId } from '../../../shared/model/environment.ts';
import type { Dialect, HistoryTable, HistoryWrite, TableName } from '../../engine/ports.ts';
import { createSchema, insertInto, plainEntry, readRows, textOf } from '../common/historyRows.ts';
import { defaultTable } from './settings.ts';

export const columns = ['id', 'hash', 'created_at'] as const;

export function drizzleHistory(engine: EngineId, dialect: Dialect, given: TableName | null): HistoryTable {
  const table = {
    schema: given?.schema ?? (engine === 'postgres' ? 'drizzle' : null),
    name: given?.name ?? defaultTable,
  };
  const quoted = dialect.quoteTable(table);
  const isStep = ({ step }: HistoryWrite) => `created_at = ${number(step.historyKey)}`;
  const insert = (write: HistoryWrite) => [
    insertInto(dialect, table, {
      hash: dialect.quoteLiteral(write.step.checksum ?? ''),
      created_at: number(write.step.historyKey),
    }),
  ];
  const remove = (write: HistoryWrite) => [`DELETE FROM ${quoted} WHERE ${isStep(write)}`];
  return {
    table,
    async read(session) {
      const sql = `SELECT hash, created_at FROM ${quoted} ORDER BY created_at`;
      const rows = await readRows(session, table, columns, sql);
      return (
        rows?.map((row) => ({ ...plainEntry(textOf(row['created_at']) ?? ''), checksum: textOf(row['hash']) })) ?? null
      );
    },
    create: () => [
      ...(engine === 'postgres' && table.schema !== null ? [createSchema(dialect, table.schema)] : []),
      `CREATE TABLE IF NOT EXISTS ${quoted} (id ${engine === 'mysql' ? 'serial' : 'SERIAL'} PRIMARY KEY, hash text NOT NULL, created_at ${engine === 'sqlite' ? 'numeric' : 'bigint'})`,
    ],
    applied: insert,
    reverted: remove,
    repairs: {
      updateChecksum: (write) => [
        `UPDATE ${quoted} SET hash = ${dialect.quoteLiteral(write.step.checksum ?? '')} WHERE ${isStep(write)}`,
      ],
      markApplied: insert,
      markReverted: remove,
    },
  };
}

/** Only digits reach the column: they came from the journal. */
const number = (text: string): string => (/^\d+$/.test(text) ? text : '0');
