// Servers that speak another's protocol, at a URL from the environment: this project's own machines have none of them.
import { randomBytes } from 'node:crypto';
import type { Driver } from '../../electron/databases/driver.ts';
import { mysqlDriver } from '../../electron/databases/mysql/index.ts';
import { postgresDriver } from '../../electron/databases/postgres/index.ts';
import type { Engine, EngineDatabase } from './drivers.ts';
import { options } from './sessionOptions.ts';
import { mysqlSql, postgresSql, type Snippets } from './snippets.ts';

/** Of an account that may create databases, on a server whose data nobody needs. */
const servers: readonly (readonly [product: string, variable: string, driver: Driver, sql: Snippets])[] = [
  ['CockroachDB', 'LOCKKEEPER_TEST_COCKROACH_URL', postgresDriver, postgresSql],
  ['YugabyteDB', 'LOCKKEEPER_TEST_YUGABYTE_URL', postgresDriver, postgresSql],
  ['MySQL', 'LOCKKEEPER_TEST_MYSQL_URL', mysqlDriver, mysqlSql],
  ['TiDB', 'LOCKKEEPER_TEST_TIDB_URL', mysqlDriver, mysqlSql],
  ['Vitess', 'LOCKKEEPER_TEST_VITESS_URL', mysqlDriver, mysqlSql],
];

export const compatibleServers: readonly Engine[] = servers.map(([product, variable, driver, sql]) => {
  const url = process.env[variable];
  return {
    name: `${product} at ${variable}`,
    driver,
    limits: {},
    product,
    missing: () => (url === undefined ? `${variable} does not lead to a ${product} server` : undefined),
    createDatabase: () => databaseAt(driver, url ?? ''),
    // What a lost password or host is told as depends on the network in front.
    parts: ['sending', 'asking', 'locking', 'journaling'],
    sql: { ...sql, freeLocks: null },
    oneLock: null,
  };
});

async function databaseAt(driver: Driver, url: string): Promise<EngineDatabase> {
  const { connection, password } = driver.parseUrl(url);
  if (connection.engine === 'sqlite') throw new Error('a server’s URL led to a file');
  const database = `lockkeeper_test_${randomBytes(6).toString('hex')}`;
  const asOwner = async (sql: string) => {
    const session = await driver.connect(connection, { ...options, password });
    try {
      await session.query(sql);
    } finally {
      await session.close();
    }
  };
  await asOwner(`CREATE DATABASE ${database}`);
  return {
    connection: { ...connection, database },
    password,
    otherNames: [],
    wrong: [],
    terminate: async ({ backend }) => {
      const session = await driver.connect(connection, { ...options, password });
      await driver.aftermath.endSession(session, backend);
      await session.close();
    },
    [Symbol.asyncDispose]: () => asOwner(`DROP DATABASE ${database}`),
  };
}
