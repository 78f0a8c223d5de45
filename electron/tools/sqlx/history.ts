/** sqlx's history table (sqlx-{postgres,mysql,sqlite}/src/migrate.rs). */
import { crc32 } from 'node:zlib';
import type { EngineId } from '../../../shared/model/environment.ts';
import type { HistoryEntry } from '../../../shared/model/history.ts';
import type { Dialect, HistoryTable, HistoryWrite, Row, Session, TableName } from '../../engine/ports.ts';
import { carrying } from '../common/carrying.ts';
import { insertInto, numberOf, plainEntry, readRows, textOf, truthOf, utcText } from '../common/historyRows.ts';
import { releaseAdvisoryLock, releaseNamedLock, tryAdvisoryLock, tryNamedLock } from '../common/toolLocks.ts';

export const columns = ['version', 'description', 'installed_on', 'success', 'checksum', 'execution_time'] as const;

export function sqlxHistory(engine: EngineId, dialect: Dialect, given: TableName | null): HistoryTable {
  const table = given ?? { schema: null, name: '_sqlx_migrations' };
  const quoted = dialect.quoteTable(table);
  const nanoseconds = `(${dialect.elapsedMs}) * 1000000`;
  const isStep = ({ step }: HistoryWrite) => `version = ${dialect.quoteLiteral(step.historyKey)}`;
  const insert = ({ step }: HistoryWrite, success: boolean, time: string) =>
    insertInto(dialect, table, {
      version: dialect.quoteLiteral(step.historyKey),
      description: dialect.quoteLiteral(step.name),
      success: engine === 'sqlite' ? String(Number(success)) : String(success),
      checksum: bytes(engine, step.checksum),
      execution_time: time,
    });
  const remove = (write: HistoryWrite) => [`DELETE FROM ${quoted} WHERE ${isStep(write)}`];
  // Where DDL has no transaction, the row comes first and tells of success at the end.
  const unfinished = (write: HistoryWrite) =>
    write.step.action === 'revert'
      ? [`UPDATE ${quoted} SET success = FALSE WHERE ${isStep(write)}`]
      : [...remove(write), insert(write, false, '-1')];
  const applied = (write: HistoryWrite, time: string) => [
    ...(engine === 'mysql' ? remove(write) : []),
    insert(write, true, time),
  ];
  return {
    table,
    async read(session) {
      const query = `SELECT version, description, ${utcText(engine, 'installed_on')} AS applied_at, success, ${hex[engine]} AS checksum, execution_time FROM ${quoted} ORDER BY version`;
      const rows = await readRows(session, table, columns, query);
      return rows?.map(entryOf) ?? null;
    },
    create: () => [createTable(engine, quoted)],
    applied: (write) => applied(write, nanoseconds),
    reverted: remove,
    repairs: {
      updateChecksum: (write) => [
        `UPDATE ${quoted} SET checksum = ${bytes(engine, write.step.checksum)} WHERE ${isStep(write)}`,
      ],
      // As sqlx writes it before it knows a time.
      markApplied: (write) => applied(write, '-1'),
      markReverted: remove,
      ...carrying({
        engine,
        dialect,
        table: quoted,
        isEntry: isStep,
        appliedAt: 'installed_on',
        durationMs: 'execution_time',
        durationAs: (ms) => `${Math.round(ms)} * 1000000`,
      }),
      ...(engine === 'mysql'
        ? {
            removeFailed: (write: HistoryWrite) => [`DELETE FROM ${quoted} WHERE ${isStep(write)} AND success = FALSE`],
          }
        : {}),
    },
    ...(engine === 'mysql' ? { started: unfinished, failed: unfinished } : {}),
    ...toolLock(engine),
  };
}

const hex: Readonly<Record<EngineId, string>> = {
  postgres: `encode(checksum, 'hex')`,
  mysql: 'LOWER(HEX(checksum))',
  sqlite: 'lower(hex(checksum))',
};

/** Hexadecimal digits as the engine's bytes; nothing else gets into the statement. */
function bytes(engine: EngineId, checksum: string | null): string {
  const digits = (checksum ?? '').replace(/[^0-9a-f]/g, '');
  return engine === 'postgres' ? `decode('${digits}', 'hex')` : `X'${digits}'`;
}

function entryOf(row: Row): HistoryEntry {
  const version = textOf(row.version) ?? '';
  const nanoseconds = numberOf(row.execution_time) ?? -1;
  return {
    ...plainEntry(version),
    version,
    name: textOf(row.description),
    state: truthOf(row.success) ? 'applied' : 'failed',
    appliedAt: textOf(row.applied_at),
    durationMs: nanoseconds < 0 ? null : Math.round(nanoseconds / 1_000_000),
    checksum: textOf(row.checksum),
  };
}

function createTable(engine: EngineId, quoted: string): string {
  const time =
    engine === 'postgres' ? 'TIMESTAMPTZ NOT NULL DEFAULT now()' : 'TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP';
  return `CREATE TABLE IF NOT EXISTS ${quoted} (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on ${time},
    success BOOLEAN NOT NULL,
    checksum ${engine === 'postgres' ? 'BYTEA' : 'BLOB'} NOT NULL,
    execution_time BIGINT NOT NULL
)`;
}

/** generate_lock_id: the database's name times a number; on MySQL its hexadecimal digits are the lock's name. */
const lockId = ({ identity }: Session): bigint => 0x3d32ad9en * BigInt(crc32(identity.database));

function toolLock(engine: EngineId): Pick<HistoryTable, 'tryToolLock' | 'releaseToolLock'> {
  switch (engine) {
    case 'postgres':
      return {
        tryToolLock: (session) => tryAdvisoryLock(session, lockId(session)),
        releaseToolLock: (session) => releaseAdvisoryLock(session, lockId(session)),
      };
    case 'mysql':
      return {
        tryToolLock: (session) => tryNamedLock(session, lockId(session).toString(16)),
        releaseToolLock: (session) => releaseNamedLock(session, lockId(session).toString(16)),
      };
    case 'sqlite':
      return {};
  }
}
