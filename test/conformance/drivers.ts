// The engines under the drivers' conformance suite: how each makes a database, and what it calls things.
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Driver, Limits } from '../../electron/databases/driver.ts';
import { mysqlDriver } from '../../electron/databases/mysql/index.ts';
import { postgresDriver } from '../../electron/databases/postgres/index.ts';
import { createDatabase, sqliteDriver } from '../../electron/databases/sqlite/index.ts';
import type { FaultKind, ServerIdentity } from '../../electron/engine/ports.ts';
import type { Connection, FileConnection, NetworkConnection } from '../../shared/model/environment.ts';
import { shared, unavailable } from '../servers/index.ts';
import type { ServerKind } from '../servers/model.ts';
import { compatibleServers } from './compatible.ts';
import { distributedPostgres, driverWith, leasedMysql } from './limits.ts';
import { mysqlSql, postgresSql, type Snippets, sqliteSql } from './snippets.ts';

export interface Engine {
  readonly name: string;
  readonly driver: Driver;
  /** What was taken from the driver. */
  readonly limits: Limits;
  readonly product: string;
  /** Which parts of the suite tell of it what the others do not; absent: all. */
  readonly parts?: readonly Part[];
  readonly missing: () => string | undefined;
  readonly createDatabase: () => Promise<EngineDatabase>;
  readonly sql: Snippets;
  /** Why a database has a single lock, whatever its name; null where it has one for each name. */
  readonly oneLock: string | null;
}

export type Part = 'connecting' | 'sending' | 'asking' | 'locking' | 'journaling';

export interface EngineDatabase extends AsyncDisposable {
  readonly connection: Connection;
  readonly password: string | null;
  /** Other ways to the same database. */
  readonly otherNames: readonly Connection[];
  /** Connections that must fail, and how. */
  readonly wrong: readonly {
    readonly what: string;
    readonly connection: Connection;
    readonly password: string | null;
    readonly kind: FaultKind;
  }[];
  /** Ends a session from outside. */
  readonly terminate: (identity: ServerIdentity) => Promise<void>;
}

/** Names that lead nowhere; nothing listens at port 1, and no host is called so (RFC 6761). */
const nowhere = { port: 1, host: 'nowhere.invalid' } as const;

async function databaseOfServer(
  kind: ServerKind,
  driver: Driver,
  kill: (session: string) => string,
): Promise<EngineDatabase> {
  const server = await shared(kind);
  const database = await server.createDatabase();
  const { connection, password } = driver.parseUrl(database.url);
  if (connection.engine === 'sqlite') throw new Error('a server’s URL led to a file');
  const change = (changes: Partial<NetworkConnection>): NetworkConnection => ({ ...connection, ...changes });
  const verified = { host: server.tls.host, tls: 'verify-full', tlsAuthorityFile: server.tls.caFile } as const;
  return {
    connection,
    password,
    otherNames: [change({ host: server.socket }), change(verified), change({ tls: 'disable' })],
    wrong: [
      { what: 'password', connection, password: 'canary-wrong-password', kind: 'authentication' },
      { what: 'missing password', connection, password: null, kind: 'authentication' },
      { what: 'user', connection: change({ user: 'nobody_of_that_name' }), password, kind: 'authentication' },
      { what: 'database', connection: change({ database: 'no_such_database' }), password, kind: 'noDatabase' },
      { what: 'port', connection: change({ port: nowhere.port }), password, kind: 'unreachable' },
      { what: 'host', connection: change({ host: nowhere.host }), password, kind: 'unreachable' },
      { what: 'socket', connection: change({ host: '/nowhere' }), password, kind: 'unreachable' },
      { what: 'authority', connection: change({ tls: 'verify-full' }), password, kind: 'tls' },
      {
        what: 'name in the certificate',
        connection: change({ ...verified, host: '127.0.0.1' }),
        password,
        kind: 'tls',
      },
    ],
    terminate: async ({ backend }) => {
      await server.query(kill(backend.split(' ')[0] ?? ''));
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

async function databaseInFile(): Promise<EngineDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'lockkeeper-sqlite-'));
  const connection: FileConnection = { engine: 'sqlite', file: join(folder, 'data.db') };
  await createDatabase(connection.file);
  await symlink(connection.file, join(folder, 'link.db'));
  return {
    connection,
    password: null,
    otherNames: [{ engine: 'sqlite', file: join(folder, 'link.db') }],
    wrong: [
      {
        what: 'file',
        connection: { engine: 'sqlite', file: join(folder, 'missing.db') },
        password: null,
        kind: 'noDatabase',
      },
    ],
    terminate: async ({ backend }) => {
      process.kill(Number(/\d+/.exec(backend)?.[0]), 'SIGKILL');
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

const postgres = (version: 15 | 18): Engine => ({
  name: `PostgreSQL ${version}`,
  driver: postgresDriver,
  limits: {},
  product: 'PostgreSQL',
  missing: () => unavailable(`postgres${version}`),
  createDatabase: () =>
    databaseOfServer(
      `postgres${version}`,
      postgresDriver,
      (session) => `SELECT pg_terminate_backend(${Number(session)})`,
    ),
  sql: postgresSql,
  oneLock: null,
});

const mariadb: Engine = {
  name: 'MariaDB',
  driver: mysqlDriver,
  limits: {},
  product: 'MariaDB',
  missing: () => unavailable('mariadb'),
  createDatabase: () => databaseOfServer('mariadb', mysqlDriver, (session) => `KILL CONNECTION ${Number(session)}`),
  sql: mysqlSql,
  oneLock: null,
};

const sqlite: Engine = {
  name: 'SQLite',
  driver: sqliteDriver,
  limits: {},
  product: 'SQLite',
  missing: () => undefined,
  createDatabase: databaseInFile,
  sql: sqliteSql,
  oneLock: 'an SQLite file has one writer at a time, and so one lock',
};

/** The same engine with less. */
const limited = (engine: Engine, name: string, limits: Limits, parts: readonly Part[]): Engine => ({
  ...engine,
  name: `${engine.name}, ${name}`,
  driver: driverWith(engine.driver.id, limits),
  limits,
  parts,
  sql: { ...engine.sql, freeLocks: "UPDATE lockkeeper.lease SET token = ''" },
});

export const engines: readonly Engine[] = [
  postgres(15),
  postgres(18),
  limited(postgres(15), 'with what distributed products have', distributedPostgres, [
    'sending',
    'locking',
    'journaling',
  ]),
  mariadb,
  limited(mariadb, 'with a lease', leasedMysql, ['locking']),
  sqlite,
  ...compatibleServers,
];
