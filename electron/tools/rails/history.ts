/** Rails' history table (active_record/schema_migration.rb), with the one beside it (internal_metadata.rb). */
import { crc32 } from 'node:zlib';
import type { EngineId } from '../../../shared/model/environment.ts';
import type { Dialect, HistoryTable, HistoryWrite, Session, TableName } from '../../engine/ports.ts';
import { insertInto, plainEntry, readRows, textOf } from '../common/historyRows.ts';
import { releaseAdvisoryLock, releaseNamedLock, tryAdvisoryLock, tryNamedLock } from '../common/toolLocks.ts';
import { compareNumbers } from '../common/versions.ts';

/** MIGRATOR_SALT */
const salt = 2_053_462_845n;

export const lockNumber = (database: string): bigint => salt * BigInt(crc32(database));

export function railsHistory(engine: EngineId, dialect: Dialect, given: TableName | null): HistoryTable {
  const table = given ?? { schema: null, name: 'schema_migrations' };
  const beside = { schema: table.schema, name: 'ar_internal_metadata' };
  const insert = ({ step }: HistoryWrite) => [
    insertInto(dialect, table, { version: dialect.quoteLiteral(step.historyKey) }),
  ];
  const remove = ({ step }: HistoryWrite) => [
    `DELETE FROM ${dialect.quoteTable(table)} WHERE version = ${dialect.quoteLiteral(step.historyKey)}`,
  ];
  return {
    table,
    beside: [beside],
    async read(session) {
      const rows = await readRows(session, table, ['version'], `SELECT version FROM ${dialect.quoteTable(table)}`);
      const versions = rows?.map((row) => textOf(row['version']) ?? '') ?? null;
      return versions?.sort(compareNumbers).map((version) => ({ ...plainEntry(version), version })) ?? null;
    },
    create: () => definitions(engine, dialect.quoteTable(table), dialect.quoteTable(beside)),
    applied: insert,
    reverted: remove,
    repairs: { markApplied: insert, markReverted: remove },
    ...toolLock(engine),
  };
}

function definitions(engine: EngineId, table: string, beside: string): string[] {
  const text = engine === 'mysql' ? 'varchar(255)' : engine === 'postgres' ? 'character varying' : 'varchar';
  const time = engine === 'postgres' ? 'timestamp(6) without time zone' : 'datetime(6)';
  const key = engine === 'mysql' ? '`key`' : '"key"';
  const value = engine === 'mysql' ? '`value`' : '"value"';
  return [
    `CREATE TABLE IF NOT EXISTS ${table} (version ${text} NOT NULL PRIMARY KEY)`,
    `CREATE TABLE IF NOT EXISTS ${beside} (${key} ${text} NOT NULL PRIMARY KEY, ${value} ${text}, created_at ${time} NOT NULL, updated_at ${time} NOT NULL)`,
  ];
}

function toolLock(engine: EngineId): Pick<HistoryTable, 'tryToolLock' | 'releaseToolLock'> {
  const number = (session: Session) => lockNumber(session.identity.database);
  switch (engine) {
    case 'postgres':
      return {
        tryToolLock: (session: Session) => tryAdvisoryLock(session, number(session)),
        releaseToolLock: (session: Session) => releaseAdvisoryLock(session, number(session)),
      };
    case 'mysql':
      return {
        tryToolLock: (session: Session) => tryNamedLock(session, String(number(session))),
        releaseToolLock: (session: Session) => releaseNamedLock(session, String(number(session))),
      };
    case 'sqlite':
      return {};
  }
}
