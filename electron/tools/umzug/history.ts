/** The table SequelizeMeta: one row with the name of every applied migration (umzug: src/storage/sequelize.ts). */
import type { EngineId } from '../../../shared/model/environment.ts';
import type { Dialect, HistoryTable, HistoryWrite, Session, TableName } from '../../engine/ports.ts';
import { createSchema, hasColumns, insertInto, plainEntry, readRows, textOf, utcText } from '../common/historyRows.ts';
import { defaultTable } from './settings.ts';

export const columns = ['name'] as const;
/** With `migrationTimestamps`. */
export const timestamps = ['createdAt', 'updatedAt'] as const;

const body: Readonly<Record<EngineId, string>> = {
  postgres: '("name" VARCHAR(255) NOT NULL UNIQUE, PRIMARY KEY ("name"))',
  mysql:
    '(`name` VARCHAR(255) NOT NULL UNIQUE, PRIMARY KEY (`name`)) ENGINE=InnoDB DEFAULT CHARSET=utf8 COLLATE utf8_unicode_ci',
  sqlite: '(`name` VARCHAR(255) NOT NULL UNIQUE PRIMARY KEY)',
};

const now: Readonly<Record<EngineId, string>> = {
  postgres: 'CURRENT_TIMESTAMP',
  // It writes UTC into a column that knows no zone.
  mysql: 'UTC_TIMESTAMP()',
  sqlite: "strftime('%Y-%m-%d %H:%M:%f +00:00', 'now')",
};

export function umzugHistory(engine: EngineId, dialect: Dialect, given: TableName | null): HistoryTable {
  const table = given ?? { schema: null, name: defaultTable };
  const quoted = dialect.quoteTable(table);
  const name = (column: string) => dialect.quoteIdentifier(column);
  let hasTimestamps = false;
  const insert = ({ step }: HistoryWrite) => {
    const times = hasTimestamps ? Object.fromEntries(timestamps.map((column) => [column, now[engine]])) : {};
    return [insertInto(dialect, table, { name: dialect.quoteLiteral(step.historyKey), ...times })];
  };
  const remove = ({ step }: HistoryWrite) => [
    `DELETE FROM ${quoted} WHERE ${name('name')} = ${dialect.quoteLiteral(step.historyKey)}`,
  ];
  const appliedAt = (): string => {
    if (!hasTimestamps) return 'NULL';
    // SQLite has a zone behind a blank, MySQL none at all.
    if (engine === 'sqlite') return `strftime('%Y-%m-%dT%H:%M:%fZ', substr(${name('createdAt')}, 1, 23))`;
    return engine === 'mysql'
      ? `DATE_FORMAT(${name('createdAt')}, '%Y-%m-%dT%H:%i:%s.000Z')`
      : utcText(engine, name('createdAt'));
  };
  return {
    table,
    async read(session: Session) {
      hasTimestamps = hasColumns((await session.columns(table)) ?? [], timestamps);
      const query = `SELECT ${name('name')} AS name, ${appliedAt()} AS applied_at FROM ${quoted} ORDER BY ${name('name')}`;
      const rows = await readRows(session, table, columns, query);
      return (
        rows?.map((row) => {
          const key = textOf(row.name) ?? '';
          return { ...plainEntry(key), version: key, appliedAt: textOf(row.applied_at) };
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
