/** knex's history table and the row that is its lock (lib/migrations/migrate/{table-creator,Migrator}.js). */
import type { EngineId } from '../../../shared/model/environment.ts';
import type { Dialect, HistoryTable, HistoryWrite, TableName } from '../../engine/ports.ts';
import { createSchema, numberOf, plainEntry, readRows, textOf, utcText } from '../common/historyRows.ts';
import { releaseRowLock, tryRowLock } from '../common/rowLock.ts';

export const columns = ['id', 'name', 'batch', 'migration_time'] as const;

interface EngineSql {
  key: string;
  integer: string;
  time: string;
  now: string;
  from: string;
}

const engineSql: Readonly<Record<EngineId, EngineSql>> = {
  postgres: { key: 'serial primary key', integer: 'integer', time: 'timestamptz', now: 'CURRENT_TIMESTAMP', from: '' },
  mysql: {
    key: 'int unsigned not null auto_increment primary key',
    integer: 'int',
    time: 'timestamp null',
    now: 'CURRENT_TIMESTAMP',
    from: ' FROM DUAL',
  },
  sqlite: {
    key: 'integer not null primary key autoincrement',
    integer: 'integer',
    time: 'datetime',
    // A JavaScript time: milliseconds since the epoch.
    now: `CAST(ROUND((julianday('now') - 2440587.5) * 86400000) AS INTEGER)`,
    from: '',
  },
};

export function knexHistory(engine: EngineId, dialect: Dialect, given: TableName | null): HistoryTable {
  const table = given ?? { schema: null, name: 'knex_migrations' };
  const lockTable = { schema: table.schema, name: `${table.name}_lock` };
  const [quoted, quotedLock] = [dialect.quoteTable(table), dialect.quoteTable(lockTable)];
  const { key, integer, time, now, from } = engineSql[engine];
  const name = (column: string) => dialect.quoteIdentifier(column);
  const batches = batchesOf(dialect);
  const insert = (write: HistoryWrite) => [
    `INSERT INTO ${quoted} (${['name', 'batch', 'migration_time'].map(name).join(', ')}) SELECT ${dialect.quoteLiteral(write.step.historyKey)}, ${batches(write)}, ${now} FROM ${quoted}`,
  ];
  const remove = ({ step }: HistoryWrite) => [
    `DELETE FROM ${quoted} WHERE ${name('name')} = ${dialect.quoteLiteral(step.historyKey)}`,
  ];
  const create = [
    ...(engine === 'postgres' && table.schema !== null ? [createSchema(dialect, table.schema)] : []),
    `create table if not exists ${quoted} (${name('id')} ${key}, ${name('name')} varchar(255), ${name('batch')} ${integer}, ${name('migration_time')} ${time})`,
    `create table if not exists ${quotedLock} (${name('index')} ${key}, ${name('is_locked')} ${integer})`,
    `INSERT INTO ${quotedLock} (${name('is_locked')}) SELECT 0${from} WHERE NOT EXISTS (SELECT 1 FROM ${quotedLock})`,
  ];
  const lock = { engine, dialect, table: lockTable, column: 'is_locked', create };
  return {
    table,
    async read(session) {
      const query = `SELECT ${name('name')} AS name, ${name('batch')} AS batch, ${timeOf(engine, name('migration_time'))} AS applied_at FROM ${quoted} ORDER BY ${name('id')}`;
      const rows = await readRows(session, table, columns, query);
      return (
        rows?.map((row) => {
          const key = textOf(row.name) ?? '';
          return { ...plainEntry(key), version: key, batch: numberOf(row.batch), appliedAt: textOf(row.applied_at) };
        }) ?? null
      );
    },
    create: () => create,
    applied: insert,
    reverted: remove,
    repairs: { markApplied: insert, markReverted: remove },
    tryToolLock: (session) => tryRowLock(session, lock),
    releaseToolLock: (session) => releaseRowLock(session, lock),
  };
}

/** All that one run applies is one batch: the next number, unless a row of this run is there already. */
function batchesOf(dialect: Dialect): (write: HistoryWrite) => string {
  let run = '';
  let keys: string[] = [];
  return ({ runId, step }) => {
    if (run !== runId) keys = [];
    run = runId;
    const before = keys.map((key) => dialect.quoteLiteral(key)).join(', ');
    keys.push(step.historyKey);
    const begun =
      before === '' ? '0' : `MAX(CASE WHEN ${dialect.quoteIdentifier('name')} IN (${before}) THEN 1 ELSE 0 END)`;
    return `COALESCE(MAX(${dialect.quoteIdentifier('batch')}), 0) + 1 - COALESCE(${begun}, 0)`;
  };
}

/** SQLite has what JavaScript gave it: milliseconds, or a text. */
const timeOf = (engine: EngineId, column: string): string =>
  engine === 'sqlite'
    ? `CASE typeof(${column}) WHEN 'integer' THEN strftime('%Y-%m-%dT%H:%M:%fZ', ${column} / 1000.0, 'unixepoch') ELSE ${utcText(engine, column)} END`
    : utcText(engine, column);
