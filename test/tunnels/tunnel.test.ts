import { execFile, spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SessionOptions } from '../../electron/databases/driver.ts';
import { driverFor } from '../../electron/databases/registry.ts';
import { readHostKey, rememberHostKey } from '../../electron/tunnels/hostKey.ts';
import { Relay } from '../../electron/tunnels/relay.ts';
import type { NetworkConnection, SshTunnel } from '../../shared/model/environment.ts';
import { expectFault, faultOf, listen, statements } from '../conformance/sessions.ts';
import {
  mariadb,
  postgres15,
  type SshServer,
  startSshd,
  type TestDatabase,
  type TestServer,
} from '../servers/index.ts';

let sshd: SshServer;
beforeAll(async () => {
  sshd = await startSshd();
  await rememberHostKey(by({}), await readHostKey(by({})));
});
afterAll(() => sshd[Symbol.asyncDispose]());

const by = (other: Partial<SshTunnel>, server = sshd): SshTunnel => ({
  host: server.host,
  port: server.port,
  user: server.user,
  keyFile: server.keyFile,
  knownHostsFile: server.knownHostsFile,
  ...other,
});

const options = (password: string): SessionOptions => ({
  password,
  applicationName: 'test',
  readOnly: false,
  connectTimeoutMs: 10_000,
  lockTimeoutMs: 0,
});

function through(
  server: TestServer,
  { name }: TestDatabase,
  other: Partial<NetworkConnection> = {},
): NetworkConnection {
  return {
    engine: server.kind === 'mariadb' ? 'mysql' : 'postgres',
    host: server.tls.host,
    port: server.port,
    database: name,
    user: server.superuser.user,
    tls: 'verify-full',
    tlsAuthorityFile: server.tls.caFile,
    ssh: by({}),
    ...other,
  };
}

const open = (server: TestServer, connection: NetworkConnection) =>
  driverFor(connection.engine).connect(connection, options(server.superuser.password));

describe.each([
  [
    'PostgreSQL',
    postgres15,
    'SELECT ssl AS encrypted FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
    true,
    'SELECT pg_sleep(60)',
  ],
  [
    'MariaDB',
    mariadb,
    "SELECT VARIABLE_VALUE <> '' AS encrypted FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME = 'Ssl_cipher'",
    1,
    'SELECT SLEEP(60)',
  ],
] as const)('%s through SSH', (_product, start, encryption, encrypted, slow) => {
  test('speaks TLS end to end, verified by the server’s own name', async () => {
    const server = await start();
    await using database = await server.createDatabase();
    const before = await sshd.forwarded();
    const session = await open(server, through(server, database));
    expect(await session.query(encryption)).toEqual([{ encrypted }]);
    expect(await sshd.forwarded()).toBeGreaterThan(before);
    await session.close();
  });

  test('carries much in both directions', async () => {
    const server = await start();
    await using database = await server.createDatabase();
    const session = await open(server, through(server, database));
    const text = 'x'.repeat(3_000_000);
    const [row] = await session.query(`SELECT '${text}' AS back`);
    expect(String(row?.['back'])).toHaveLength(text.length);
    await session.close();
  });

  test('cancels a statement by another connection through it', async () => {
    const server = await start();
    await using database = await server.createDatabase();
    const session = await open(server, through(server, database));
    let cancelled: Promise<void> = Promise.resolve();
    const observer = listen(() => {
      cancelled = session.cancel();
    });
    await expectFault(session.send(statements('SELECT 1', slow), observer), 'cancelled');
    await cancelled;
    await session.close();
  });

  test('a tunnel that ends while open is a lost connection: its statement is unknown', async () => {
    await using own = await startSshd();
    const ssh = by({}, own);
    await rememberHostKey(ssh, await readHostKey(ssh));
    const server = await start();
    await using database = await server.createDatabase();
    const session = await open(server, through(server, database, { ssh }));
    const running = faultOf(session.query(slow));
    await own.stop();
    expect((await running).kind).toBe('connectionLost');
    await session.close();
  });
});

describe('what keeps a tunnel from opening is told', () => {
  const fault = async (ssh: Partial<SshTunnel>, other: Partial<NetworkConnection> = {}) => {
    const server = await postgres15();
    await using database = await server.createDatabase();
    return faultOf(open(server, through(server, database, { ...other, ssh: by(ssh) })));
  };

  test('a key that is not known, and one that has changed', async () => {
    const knownHostsFile = `${sshd.knownHostsFile}-changed`;
    expect(await fault({ knownHostsFile })).toMatchObject({ kind: 'hostKeyUnknown' });
    const { line } = await readHostKey(by({}));
    const other = (await readFile(`${sshd.foreignKeyFile}.pub`, 'utf8')).split(' ').slice(0, 2).join(' ');
    await writeFile(knownHostsFile, `${line.split(' ')[0]} ${other}\n`);
    expect(await fault({ knownHostsFile })).toMatchObject({ kind: 'hostKeyChanged' });
  });

  test('a key that the server does not let in, a server that is not there, a database that is not there', async () => {
    expect(await fault({ keyFile: sshd.foreignKeyFile })).toMatchObject({ kind: 'tunnel' });
    expect(await fault({ host: 'no-such-host.invalid' })).toMatchObject({ kind: 'unreachable' });
    expect(await fault({ port: 1 })).toMatchObject({
      kind: 'unreachable',
      message: 'The SSH server could not be reached.',
    });
    expect(await fault({}, { port: 1 })).toMatchObject({
      kind: 'unreachable',
      message: 'The SSH server could not reach the database server.',
    });
  });

  test('a server that lets nobody forward', async () => {
    await using own = await startSshd(['AllowTcpForwarding no']);
    const ssh = by({}, own);
    await rememberHostKey(ssh, await readHostKey(ssh));
    expect(await fault(ssh)).toMatchObject({ kind: 'tunnel' });
  });

  test.each(['-oProxyCommand=touch x', 'a b', '$(touch x)', "a'b", 'a;b'])('a host named %s', async (host) => {
    expect(await fault({ host })).toMatchObject({ kind: 'tunnel', message: expect.stringContaining('not a name') });
  });
});

test('a key’s fingerprint is the one that ssh-keygen tells', async () => {
  expect(await readHostKey(by({}))).toMatchObject({ kind: 'ED25519', fingerprint: sshd.fingerprint });
});

test('the agent’s keys are used', async () => {
  const socket = join(tmpdir(), `lockkeeper-agent-${process.pid}`);
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: ['ignore', 'pipe', 'ignore'] });
  const before = process.env['SSH_AUTH_SOCK'];
  try {
    await new Promise((resolve) => agent.stdout.once('data', resolve));
    process.env['SSH_AUTH_SOCK'] = socket;
    await promisify(execFile)('ssh-add', ['-q', sshd.keyFile]);
    const server = await postgres15();
    await using database = await server.createDatabase();
    const { keyFile: _none, ...ssh } = by({});
    const session = await open(server, through(server, database, { ssh }));
    expect(await session.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await session.close();
  } finally {
    if (before === undefined) delete process.env['SSH_AUTH_SOCK'];
    else process.env['SSH_AUTH_SOCK'] = before;
    agent.kill();
  }
});

test('a relay leads through the tunnel, and is closed after it', async () => {
  const server = await postgres15();
  await using database = await server.createDatabase();
  const connection = through(server, database);
  const relay = await Relay.open(connection);
  const { ssh: _direct, ...near } = {
    ...connection,
    host: relay?.host ?? '',
    port: relay?.port ?? 0,
    tls: 'verify-ca' as const,
  };
  const session = await open(server, near);
  expect(await session.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await session.close();
  await relay?.[Symbol.asyncDispose]();
  await expectFault(open(server, near), 'unreachable');
  expect(await Relay.open(near)).toBeNull();
});
