import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { describe, expect, type TestContext, test } from 'vitest';
import { skipBecause } from '../setup/skip.ts';
import {
  type PrivateServer,
  type ServerKind,
  shared,
  startMariadb,
  startPostgres,
  type TestServer,
  unavailable,
} from './index.ts';
import { mariadbClient } from './mariadb.ts';
import { postgresClient } from './postgres.ts';

interface Case {
  readonly kind: ServerKind;
  readonly version: RegExp;
  readonly start: () => Promise<PrivateServer>;
  readonly connect: typeof postgresClient.query;
  /** SQL of a setting and its durable value: a transaction reported as committed is on the disk. */
  readonly durable: readonly [sql: string, value: unknown];
  /** The driver's error codes. */
  readonly codes: {
    readonly wrongPassword: string;
    readonly noTable: string;
    readonly noRight: string;
  };
}

const postgres = {
  connect: postgresClient.query,
  durable: [`SELECT current_setting('fsync') || current_setting('synchronous_commit') AS value`, 'onon'],
  codes: { wrongPassword: '28P01', noTable: '42P01', noRight: '42501' },
} as const;

const cases: readonly Case[] = [
  {
    kind: 'postgres15',
    version: /PostgreSQL 15\./,
    start: () => startPostgres({ version: 15 }),
    ...postgres,
  },
  {
    kind: 'postgres18',
    version: /PostgreSQL 18\./,
    start: () => startPostgres({ version: 18 }),
    ...postgres,
  },
  {
    kind: 'mariadb',
    version: /MariaDB/,
    start: startMariadb,
    connect: mariadbClient.query,
    durable: ['SELECT @@innodb_flush_log_at_trx_commit AS value', 1],
    codes: {
      wrongPassword: 'ER_ACCESS_DENIED_ERROR',
      noTable: 'ER_NO_SUCH_TABLE',
      noRight: 'ER_TABLEACCESS_DENIED_ERROR',
    },
  },
];

function skipIfUnavailable(context: TestContext, kind: ServerKind): void {
  const reason = unavailable(kind);
  if (reason !== undefined) skipBecause(context, reason);
}

/** Whether the process runs; a dead one that its parent has not waited for yet does not. */
function isRunning(pid: number): boolean {
  const status = `/proc/${pid}/status`;
  return existsSync(status) && !/^State:\s+[ZX]/m.test(readFileSync(status, 'utf8'));
}

/**
 * Connects over TLS, trusting the server's authority only and demanding a certificate for `host`;
 * returns the cipher the server reports.
 */
async function cipherOf(server: TestServer, host: string): Promise<unknown> {
  const ca = await readFile(server.tls.caFile, 'utf8');
  if (server.kind === 'mariadb') {
    // Through a stream of our own, because mysql2 verifies names only, never an address.
    const stream = () => connectTcp(server.port, server.host);
    const { user, password } = server.superuser;
    const ssl = { ca, verifyIdentity: true };
    const connection = await mysql.createConnection({ host, user, password, ssl, stream });
    const [rows] = await connection.query<mysql.RowDataPacket[]>("SHOW STATUS LIKE 'Ssl_cipher'");
    await connection.end();
    return rows[0]?.Value;
  }
  const client = new pg.Client({
    connectionString: server.url(),
    ssl: { ca, servername: host },
  });
  await client.connect();
  const { rows } = await client.query<{ cipher: string }>(
    'SELECT cipher FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
  );
  await client.end();
  return rows[0]?.cipher;
}

describe.each(cases)('shared $kind', ({ kind, version, connect, durable, codes }) => {
  test('is the version it says, durable, run by an unprivileged user', async (context) => {
    skipIfUnavailable(context, kind);
    const server = await shared(kind);
    expect((await server.query('SELECT version() AS version'))[0]?.version).toMatch(version);
    const [setting, value] = durable;
    expect(await server.query(setting)).toEqual([{ value }]);
    expect(await readFile(`/proc/${server.pid}/status`, 'utf8')).toMatch(/^Uid:\s+[1-9]/m);
  });

  test('is one server for everybody who asks', async (context) => {
    skipIfUnavailable(context, kind);
    const [first, second] = await Promise.all([shared(kind), shared(kind)]);
    expect(second.pid).toBe(first.pid);
    expect(second.port).toBe(first.port);
  });

  test('refuses a wrong password', async (context) => {
    skipIfUnavailable(context, kind);
    const server = await shared(kind);
    const url = server.url(undefined, {
      user: server.superuser.user,
      password: 'not the password',
    });
    await expect(connect(url, 'SELECT 1')).rejects.toMatchObject({
      code: codes.wrongPassword,
    });
  });

  test('gives every test a database of its own and drops it, connected or not', async (context) => {
    skipIfUnavailable(context, kind);
    const server = await shared(kind);
    await using other = await server.createDatabase();
    const database = await server.createDatabase();
    await database.query('CREATE TABLE patient (id integer); INSERT INTO patient VALUES (7)');
    expect(await database.query('SELECT id FROM patient')).toEqual([{ id: 7 }]);
    await expect(other.query('SELECT id FROM patient')).rejects.toMatchObject({
      code: codes.noTable,
    });

    await database[Symbol.asyncDispose]();
    const schemas = await server.query(
      kind === 'mariadb'
        ? `SELECT 1 FROM information_schema.schemata WHERE schema_name = '${database.name}'`
        : `SELECT 1 FROM pg_database WHERE datname = '${database.name}'`,
    );
    expect(schemas).toEqual([]);
  });

  test('creates users who may log in and nothing else, whatever is in their names', async (context) => {
    skipIfUnavailable(context, kind);
    const server = await shared(kind);
    await using database = await server.createDatabase();
    await database.query('CREATE TABLE patient (id integer); CREATE TABLE ward (id integer)');
    const clerk = await server.createUser({
      user: `cl'e"r\`k@${database.name}`,
      password: `p:a/s?s%'"\\`,
    });
    const grantee = kind === 'mariadb' ? mysql.escape(clerk.user) : pg.escapeIdentifier(clerk.user);
    await database.query(`GRANT SELECT ON ward TO ${grantee}`);
    const url = server.url(database.name, clerk);
    expect(await connect(url, 'SELECT id FROM ward')).toEqual([]);
    await expect(connect(url, 'SELECT id FROM patient')).rejects.toMatchObject({
      code: codes.noRight,
    });
  });

  test('proves its name by TLS, and that name only', async (context) => {
    skipIfUnavailable(context, kind);
    const server = await shared(kind);
    expect(await cipherOf(server, server.tls.host)).toMatch(/^(TLS|ECDHE)/);
    await expect(cipherOf(server, 'elsewhere.example')).rejects.toThrow(
      "Host: elsewhere.example. is not in the cert's altnames: DNS:localhost",
    );
  });
});

describe.each(cases)('private $kind', ({ kind, start }) => {
  test('survives a kill with its data, and leaves nothing behind', async (context) => {
    skipIfUnavailable(context, kind);
    const server = await start();
    const { pid, folder } = server;
    const database = await server.createDatabase();
    await database.query('CREATE TABLE patient (id integer); INSERT INTO patient VALUES (7)');

    await server.kill();
    expect(isRunning(pid)).toBe(false);
    await expect(database.query('SELECT 1')).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    });

    await server.start();
    expect(server.pid).not.toBe(pid);
    expect(await database.query('SELECT id FROM patient')).toEqual([{ id: 7 }]);

    await server.stop();
    expect(isRunning(server.pid)).toBe(false);
    expect(existsSync(folder)).toBe(false);
  });

  test('ends with its folder when the process that started it is killed', async (context) => {
    skipIfUnavailable(context, kind);
    const call = kind === 'mariadb' ? 'startMariadb()' : `startPostgres({ version: ${kind.slice(-2)} })`;
    const script = `
      import { startMariadb, startPostgres } from ${JSON.stringify(join(import.meta.dirname, 'index.ts'))};
      const { pid, folder } = await ${call};
      console.log(JSON.stringify({ pid, folder }));
      setInterval(() => {}, 1000);`;
    const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(owner.stdout, 'data');
    const { pid, folder }: { pid: number; folder: string } = JSON.parse(String(line));
    expect(isRunning(pid)).toBe(true);

    owner.kill('SIGKILL');
    await expect.poll(() => isRunning(pid) || existsSync(folder), { timeout: 20_000 }).toBe(false);
  });
});
