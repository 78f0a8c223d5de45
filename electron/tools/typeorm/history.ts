/** TypeORM's history table: one row with time and name of every applied migration (src/migration/MigrationExecutor.ts). */
import { createHash } from 'node:crypto';
import type { EngineId } from '../../../shared/model/environment.ts';
import type { Dialect, HistoryTable, HistoryWrite, TableName } from '../../engine/ports.ts';
import { createSchema, insertInto, plainEntry, readRows, textOf } from '../common/historyRows.ts';
import { timestampOf } from './files.ts';
import { defaultTable } from './settings.ts';

export const columns = ['id', 'timestamp', 'name'] as const;

export function typeormHistory(engine: EngineId, dialect: Dialect, given: TableName | null): HistoryTable {
  const table = given ?? { schema: null, name: defaultTable };
  const quoted = dialect.quoteTable(table);
  const [id, timestamp, name] = columns.map((column) => dialect.quoteIdentifier(column));
  const key = dialect.quoteIdentifier(primaryKeyName(table.name));
  const body: Readonly<Record<EngineId, string>> = {
    postgres: `(${id} SERIAL NOT NULL, ${timestamp} bigint NOT NULL, ${name} character varying NOT NULL, CONSTRAINT ${key} PRIMARY KEY (${id}))`,
    mysql: `(${id} int NOT NULL AUTO_INCREMENT, ${timestamp} bigint NOT NULL, ${name} varchar(255) NOT NULL, PRIMARY KEY (${id})) ENGINE=InnoDB`,
    sqlite: `(${id} integer PRIMARY KEY AUTOINCREMENT NOT NULL, ${timestamp} bigint NOT NULL, ${name} varchar NOT NULL)`,
  };
  const insert = ({ step }: HistoryWrite) => [
    insertInto(dialect, table, {
      timestamp: String(timestampOf(step.historyKey) ?? 0),
      name: dialect.quoteLiteral(step.historyKey),
    }),
  ];
  const remove = ({ step }: HistoryWrite) => [
    `DELETE FROM ${quoted} WHERE ${name} = ${dialect.quoteLiteral(step.historyKey)}`,
  ];
  return {
    table,
    async read(session) {
      const rows = await readRows(session, table, columns, `SELECT ${name} AS name FROM ${quoted} ORDER BY ${id}`);
      return (
        rows?.map((row) => {
          const applied = textOf(row.name) ?? '';
          return { ...plainEntry(applied), version: applied };
        }) ?? null
      );
    },
    create: () => [
      ...(engine === 'postgres' && table.schema !== null ? [createSchema(dialect, table.schema)] : []),
      `CREATE TABLE IF NOT EXISTS ${quoted} ${body[engine]}`,
    ],
    applied: insert,
    reverted: remove,
    repairs: { markApplied: insert, markReverted: remove },
  };
}

/** src/naming-strategy/DefaultNamingStrategy.ts */
const primaryKeyName = (table: string): string =>
  `PK_${createHash('sha1').update(`${table}_id`).digest('hex').slice(0, 27)}`;
