// Against a real PgBouncer in front of a real server.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect as connectSocket, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { expect, type TestContext, test } from 'vitest';
import { detectPooler } from '../../../electron/databases/postgres/pooler.ts';
import type { TlsMode } from '../../../shared/model/environment.ts';
import { faultOf } from '../../conformance/sessions.ts';
import { giveToServer, identity } from '../../servers/identity.ts';
import { postgres15 } from '../../servers/index.ts';
import type { TestDatabase, TestServer } from '../../servers/model.ts';
import { findProgram } from '../../servers/programs.ts';
import { skipBecause } from '../../setup/skip.ts';
import { openUrl } from './support.ts';

interface Pooler extends AsyncDisposable {
  /** URL of the database through the pooler. */
  url(database: TestDatabase): string;
}

async function startPooler(
  context: TestContext,
  server: TestServer,
  settings: Readonly<Record<string, string>>,
): Promise<Pooler> {
  const program = findProgram('pgbouncer') ?? skipBecause(context, 'pgbouncer is not installed');
  const folder = await mkdtemp(join(tmpdir(), 'lockkeeper-pgbouncer-'));
  const port = await freePort();
  const { user, password } = server.superuser;
  const all = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    auth_type: 'scram-sha-256',
    auth_file: join(folder, 'users'),
    ...settings,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name} = ${value}`);
  await writeFile(join(folder, 'users'), `"${user}" "${password}"\n`);
  await writeFile(
    join(folder, 'pgbouncer.ini'),
    `[databases]\n* = host=127.0.0.1 port=${server.port}\n[pgbouncer]\n${lines.join('\n')}\n`,
  );
  for (const path of ['', 'users', 'pgbouncer.ini']) giveToServer(join(folder, path));
  const child = spawn(program, [join(folder, 'pgbouncer.ini')], { ...identity, stdio: 'ignore' });
  await expect.poll(() => answers(port), { timeout: 20_000 }).toBe(true);
  return {
    url: (database) => {
      const url = new URL(database.url);
      url.port = String(port);
      return `${url}?sslmode=disable`;
    },
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return address.port;
}

async function answers(port: number): Promise<boolean> {
  const socket = connectSocket(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** A plain connection, as one that a pooler does not refuse at once. */
async function plainConnection(
  url: string,
): Promise<AsyncDisposable & { query(sql: string): Promise<Record<string, number>[]> }> {
  const client = new pg.Client(url);
  await client.connect();
  return {
    query: async (sql) => (await client.query<Record<string, number>>(sql)).rows,
    [Symbol.asyncDispose]: () => client.end(),
  };
}

test('a pooler that knows no start-up settings is refused, with the remedy', async (context) => {
  const server = await postgres15();
  await using pooler = await startPooler(context, server, { pool_mode: 'transaction' });
  await using database = await server.createDatabase();
  const fault = await faultOf(openUrl(pooler.url(database)));
  expect(fault.kind).toBe('pooler');
  expect(fault.message).toMatch(/pooler .* address of the server itself/);
});

test('a pooler that drops start-up settings is refused', async (context) => {
  const server = await postgres15();
  await using pooler = await startPooler(context, server, {
    pool_mode: 'session',
    ignore_startup_parameters: 'options',
  });
  await using database = await server.createDatabase();
  expect(await faultOf(openUrl(pooler.url(database)))).toMatchObject({
    kind: 'pooler',
    detail: expect.stringContaining('settings'),
  });
});

test('sessions lent by the transaction are detected', async (context) => {
  const server = await postgres15();
  await using pooler = await startPooler(context, server, { pool_mode: 'transaction' });
  await using database = await server.createDatabase();
  await using first = await plainConnection(pooler.url(database));
  await using second = await plainConnection(pooler.url(database));
  expect(await detectPooler(first, second)).toBe(true);
});

test('sessions kept by a pooler, and sessions without one, are not suspected', async (context) => {
  const server = await postgres15();
  await using pooler = await startPooler(context, server, { pool_mode: 'session' });
  await using database = await server.createDatabase();
  for (const url of [pooler.url(database), database.url]) {
    await using first = await plainConnection(url);
    await using second = await plainConnection(url);
    expect(await detectPooler(first, second)).toBe(false);
  }
});

test('where TLS is not offered, preferring it goes on without, and requiring it fails', async (context) => {
  const server = await postgres15();
  await using pooler = await startPooler(context, server, { pool_mode: 'session' });
  await using database = await server.createDatabase();
  const kindWith = async (tls: TlsMode) => (await faultOf(openUrl(pooler.url(database), { connection: { tls } }))).kind;
  // It is refused as a pooler only after it let us in.
  expect(await kindWith('prefer')).toBe('pooler');
  expect(await kindWith('require')).toBe('tls');
});
