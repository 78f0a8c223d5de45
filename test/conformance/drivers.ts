// The engines under the drivers' conformance suite: how each makes a database, and what it calls things.
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Driver } from '../../electron/databases/driver.ts';
import { mysqlDriver } from '../../electron/databases/mysql/index.ts';
import { postgresDriver } from '../../electron/databases/postgres/index.ts';
import { createDatabase, sqliteDriver } from '../../electron/databases/sqlite/index.ts';
import type { FaultKind, ServerIdentity } from '../../electron/engine/ports.ts';
import type { Connection, FileConnection, NetworkConnection } from '../../shared/model/environment.ts';
import { shared, unavailable } from '../servers/index.ts';
import type { ServerKind } from '../servers/model.ts';

export interface Engine {
  readonly name: string;
  readonly driver: Driver;
  readonly product: string;
  readonly missing: () => string | undefined;
  readonly createDatabase: () => Promise<EngineDatabase>;
  readonly sql: Snippets;
  /** Why a database has a single lock, whatever its name; null where it has one for each name. */
  readonly oneLock: string | null;
}

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

export interface Snippets {
  /** Runs for half a minute at least, doing nothing that remains. */
  readonly long: string;
  /** A statement that makes the server say something beside its result; null where no engine of the kind does. */
  readonly notice: { readonly sql: string; readonly words: string } | null;
  /** A SELECT of `rows` rows with one cell of `length` characters. */
  readonly wide: (rows: number, length: number) => string;
  /** A setting of the session that a script may change, and how to read it. */
  readonly setting: { readonly change: string; readonly read: string };
  /** Makes the server lenient with values that do not fit; null where it never is. */
  readonly lenient: string | null;
  /** Frees every lock of the session that a script can free; null where it can free none. */
  readonly freeLocks: string | null;
  /** A column type for text. */
  readonly text: string;
}

const withNumbers = (rows: number) =>
  `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})`;

const postgresSql: Snippets = {
  long: 'SELECT pg_sleep(60)',
  notice: { sql: "DO $$ BEGIN RAISE NOTICE 'halfway there'; END $$", words: 'halfway there' },
  wide: (rows, length) => `SELECT i, repeat('x', ${length}) AS wide FROM generate_series(1, ${rows}) i`,
  setting: { change: "SET statement_timeout = '50min'", read: "SELECT current_setting('statement_timeout') AS value" },
  lenient: null,
  freeLocks: 'DO $$ BEGIN PERFORM pg_advisory_unlock_all(); END $$',
  text: 'text',
};

const mysqlSql: Snippets = {
  // Not SLEEP() or BENCHMARK(): a server that stops those calls them done.
  long: 'SELECT COUNT(SHA2(seq, 512)) FROM seq_1_to_1000000000',
  notice: { sql: 'DROP TABLE IF EXISTS never_created', words: 'never_created' },
  wide: (rows, length) => `${withNumbers(rows)} SELECT i, REPEAT('x', ${length}) AS wide FROM n`,
  setting: { change: 'SET SESSION lock_wait_timeout = 77', read: 'SELECT @@SESSION.lock_wait_timeout AS value' },
  freeLocks: 'DO RELEASE_ALL_LOCKS()',
  lenient: "SET SESSION sql_mode = ''",
  text: 'longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
};

const sqliteSql: Snippets = {
  long: `${withNumbers(100_000_000_000)} SELECT count(*) FROM n`,
  notice: null,
  wide: (rows, length) => `${withNumbers(rows)} SELECT i, printf('%.*c', ${length}, 'x') AS wide FROM n`,
  setting: {
    change: 'PRAGMA recursive_triggers = ON',
    read: 'SELECT recursive_triggers AS value FROM pragma_recursive_triggers',
  },
  lenient: null,
  freeLocks: null,
  text: 'text',
};

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
  product: 'MariaDB',
  missing: () => unavailable('mariadb'),
  createDatabase: () => databaseOfServer('mariadb', mysqlDriver, (session) => `KILL CONNECTION ${Number(session)}`),
  sql: mysqlSql,
  oneLock: null,
};

const sqlite: Engine = {
  name: 'SQLite',
  driver: sqliteDriver,
  product: 'SQLite',
  missing: () => undefined,
  createDatabase: databaseInFile,
  sql: sqliteSql,
  oneLock: 'an SQLite file has one writer at a time, and so one lock',
};

export const engines: readonly Engine[] = [postgres(15), postgres(18), mariadb, sqlite];
