/** postgrator's history table (lib/Client.js): a row for each applied version, and one for version 0. */
import type { EngineId } from '../../../shared/model/environment.ts';
import type { Dialect, HistoryTable, HistoryWrite, TableName } from '../../engine/ports.ts';
import { createSchema, insertInto, plainEntry, readRows, textOf, utcText } from '../common/historyRows.ts';

export const columns = ['version', 'name', 'md5', 'run_at'] as const;

export function postgratorHistory(engine: EngineId, dialect: Dialect, given: TableName | null): HistoryTable {
  const table = given ?? { schema: null, name: 'schemaversion' };
  const quoted = dialect.quoteTable(table);
  const isStep = ({ step }: HistoryWrite) => `WHERE version = ${number(step.historyKey)}`;
  const md5 = ({ step }: HistoryWrite) => dialect.quoteLiteral(step.checksum);
  const insert = (write: HistoryWrite) => [
    insertInto(dialect, table, {
      version: number(write.step.historyKey),
      name: dialect.quoteLiteral(write.step.name),
      md5: md5(write),
      run_at: dialect.now,
    }),
  ];
  const remove = (write: HistoryWrite) => [`DELETE FROM ${quoted} ${isStep(write)}`];
  return {
    table,
    async read(session) {
      const sql = `SELECT version, name, md5, ${utcText(engine, 'run_at')} AS applied_at FROM ${quoted} WHERE version <> 0 ORDER BY ${quoted}.version`;
      const rows = await readRows(session, table, columns, sql);
      return (
        rows?.map((row) => ({
          ...plainEntry(textOf(row['version']) ?? ''),
          version: textOf(row['version']),
          name: textOf(row['name']),
          appliedAt: textOf(row['applied_at']),
          // What it writes for a program.
          checksum: row['md5'] === 'undefined' ? null : textOf(row['md5']),
        })) ?? null
      );
    },
    create: () => [
      ...(engine === 'postgres' && table.schema !== null ? [createSchema(dialect, table.schema)] : []),
      `CREATE TABLE IF NOT EXISTS ${quoted} (version ${engine === 'sqlite' ? 'INTEGER' : 'BIGINT'} PRIMARY KEY, name TEXT, md5 TEXT, run_at ${engine === 'mysql' ? 'TIMESTAMP' : 'TIMESTAMP WITH TIME ZONE'})`,
      `INSERT INTO ${quoted} (version) SELECT 0 FROM (SELECT 1 AS one) AS one_row WHERE NOT EXISTS (SELECT 1 FROM ${quoted})`,
    ],
    applied: insert,
    reverted: remove,
    repairs: {
      updateChecksum: (write) => [`UPDATE ${quoted} SET md5 = ${md5(write)} ${isStep(write)}`],
      markApplied: insert,
      markReverted: remove,
    },
  };
}

/** Only digits reach the column: they came from a file's name. */
const number = (text: string): string => (/^\d+$/.test(text) ? text : '0');
