/** dbmate's history table: one column, one row per applied version (pkg/driver/{postgres,mysql,sqlite}). */
import type { EngineId } from '../../../shared/model/environment.ts';
import type { Dialect, HistoryTable, HistoryWrite, TableName } from '../../engine/ports.ts';
import { createSchema, insertInto, plainEntry, readRows, textOf } from '../common/historyRows.ts';
import { compareBytes } from '../common/versions.ts';

const defaultTable = 'schema_migrations';

export function dbmateHistory(engine: EngineId, dialect: Dialect, given: TableName | null): HistoryTable {
  const table = given ?? { schema: null, name: defaultTable };
  const quoted = dialect.quoteTable(table);
  const insert = ({ step }: HistoryWrite) => [
    insertInto(dialect, table, { version: dialect.quoteLiteral(step.historyKey) }),
  ];
  const remove = ({ step }: HistoryWrite) => [
    `DELETE FROM ${quoted} WHERE version = ${dialect.quoteLiteral(step.historyKey)}`,
  ];
  const type = engine === 'postgres' ? 'varchar' : 'varchar(128)';
  return {
    table,
    async read(session) {
      const rows = await readRows(session, table, ['version'], `SELECT version FROM ${quoted}`);
      const versions = rows?.map((row) => textOf(row.version) ?? '') ?? null;
      return versions?.sort(compareBytes).map((version) => ({ ...plainEntry(version), version })) ?? null;
    },
    create() {
      const missingSchema = engine === 'postgres' && table.schema !== null ? [createSchema(dialect, table.schema)] : [];
      return [...missingSchema, `create table if not exists ${quoted} (version ${type} primary key)`];
    },
    applied: insert,
    reverted: remove,
    repairs: { markApplied: insert, markReverted: remove },
  };
}
