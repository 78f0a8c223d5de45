// A real PgBouncer in front of a real server.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type TestContext } from 'vitest';
import { skipBecause } from '../setup/skip.ts';
import { freePort } from './freePort.ts';
import { giveToServer, identity } from './identity.ts';
import type { TestDatabase, TestServer } from './model.ts';
import { findProgram } from './programs.ts';

interface Pooler extends AsyncDisposable {
  /** URL of the database through the pooler. */
  url(database: Pick<TestDatabase, 'url'>): string;
}

export async function startPooler(
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
