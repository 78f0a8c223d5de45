// The same drivers with less than the server can do: what they do on products that have no more.
import type { Driver, Limits } from '../../electron/databases/driver.ts';
import { createMysqlDriver } from '../../electron/databases/mysql/index.ts';
import { createPostgresDriver } from '../../electron/databases/postgres/index.ts';
import { sqliteDriver } from '../../electron/databases/sqlite/index.ts';
import type { EngineId } from '../../shared/model/environment.ts';

/** Short, and long enough for a machine that stands still for a second now and then. */
export const quickLease = { beatMs: 200, lostMs: 4_000, freeMs: 6_000 } as const;

/** As of CockroachDB and YugabyteDB. */
export const distributedPostgres: Limits = {
  capabilities: { transactionalDdl: false, multiStatementMessages: false, runnerLock: 'lease', dumps: false },
  lease: quickLease,
};

export const leasedMysql: Limits = { capabilities: { runnerLock: 'lease' }, lease: quickLease };

export function driverWith(engine: EngineId, limits: Limits): Driver {
  if (engine === 'postgres') return createPostgresDriver(limits);
  return engine === 'mysql' ? createMysqlDriver(limits) : sqliteDriver;
}
