/** `token` and `serve --api` as a script uses them; TLS with a real certificate. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createCertificates } from '../servers/certificates.ts';
import { lockkeeper } from './lockkeeper.ts';

const main = fileURLToPath(new URL('../../electron/cli/main.ts', import.meta.url));
let folder: string;
let home: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lockkeeper-api-'));
  home = path.join(folder, 'home');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Serves until `use` is done, then ends as a service is ended. */
async function served<T>(
  args: readonly string[],
  use: (url: string) => Promise<T>,
): Promise<{ used: T; code: number | null }> {
  const child = spawn(process.execPath, [main, 'serve', '--api', ...args], {
    env: { ...process.env, LOCKKEEPER_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    out += chunk;
  });
  try {
    const url = await vi.waitFor(() => /The API is at (\S+)\/api/.exec(out)?.[1] ?? expect.fail(out), {
      timeout: 60_000,
    });
    return { used: await use(url), code: await end() };
  } finally {
    await end();
  }
  function end(): Promise<number | null> {
    child.kill('SIGTERM');
    return ended;
  }
}

const token = async (...args: string[]) => (await lockkeeper(home, ['token', ...args, '--json'])).json();

it('a token is made, used, listed and revoked', { timeout: 240_000 }, async () => {
  const made = await token('create', '--role', 'admin', '--name', 'build server', '--expires', '90d');
  expect(made).toMatchObject({ token: { name: 'build server', role: 'administrator' } });
  const authorization = `Bearer ${String(made['secret'])}`;
  const { used, code } = await served(['--listen', '127.0.0.1'], async (url) => {
    expect((await fetch(`${url}/api/environments`, { headers: { authorization } })).status).toBe(200);
    expect((await lockkeeper(home, ['token', 'list'])).stdout).toMatch(/build server +administrator +all/);
    // Another process revokes it.
    await token('revoke', 'build server');
    return (await fetch(`${url}/api/environments`, { headers: { authorization } })).status;
  });
  expect([used, code]).toEqual([401, 0]);
});

it.each([
  [['--listen', '0.0.0.0'], 'only with TLS'],
  [['--listen', '127.0.0.1', '--tls-cert', '/nowhere'], 'TLS needs both'],
  [['--listen', '0.0.0.0', '--tls-cert', '/nowhere', '--tls-key', '/nowhere'], 'cannot be read'],
])('serve --api %j is refused', { timeout: 120_000 }, async (args, message) => {
  const refused = await lockkeeper(home, ['serve', '--api', '--json', ...args]);
  expect([refused.code, refused.json()]).toMatchObject([
    2,
    { problem: { code: 'usage.invalid', message: expect.stringContaining(message) } },
  ]);
});

it('beyond this computer it speaks TLS, to the names of its certificate', { timeout: 240_000 }, async () => {
  const { certificateFile, keyFile, caFile, host } = await createCertificates(folder);
  const ca = await readFile(caFile);
  const health = (url: string, headers: Record<string, string>) =>
    new Promise<[number | undefined, string]>((resolve, reject) => {
      const asked = request(`${url}/healthz`, { ca, headers, servername: host }, (answer) => {
        text(answer).then((body) => resolve([answer.statusCode, body]), reject);
      });
      asked.once('error', reject).end();
    });
  const tls = ['--listen', '0.0.0.0', '--tls-cert', certificateFile, '--tls-key', keyFile];
  await served(tls, async (url) => {
    const { port } = new URL(url);
    const reached = `https://${host}:${port}`;
    expect(await health(reached, {})).toEqual([200, 'ok\n']);
    expect((await health(reached, { host: `evil.example:${port}` }))[0]).toBe(403);
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
  });
});
