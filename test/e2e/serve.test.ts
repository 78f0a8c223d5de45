import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { skipBecause } from '../setup/skip.ts';
import { dist, ensureBuilt } from './built.ts';

let folder: string;

beforeAll(async () => {
  await ensureBuilt();
  folder = await mkdtemp(join(tmpdir(), 'lockkeeper-serve-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('“serve --open” gives the browser an address of its own, and standard output another', async (context) => {
  if (process.platform !== 'linux') skipBecause(context, 'xdg-open is Linux’s way to the browser');
  await writeFile(join(folder, 'xdg-open'), `#!/bin/sh\nprintf %s "$1" >"${folder}/opened"\n`);
  await chmod(join(folder, 'xdg-open'), 0o755);
  const child = spawn(process.execPath, [join(dist, 'cli.js'), 'serve', '--open', '--data-dir', join(folder, 'home')], {
    env: { ...process.env, PATH: `${folder}:${process.env['PATH']}` },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const printed = text(child.stdout);
  const opened = await vi.waitFor(async () => {
    const address = await readFile(join(folder, 'opened'), 'utf8');
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/);
    return address;
  }, 20_000);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  const [, announced] = /^Lockkeeper is at (\S+)\n$/.exec(await printed) ?? [];
  expect(new URL(announced ?? '').origin).toBe(new URL(opened).origin);
  expect(announced).not.toBe(opened);
});

test('an older Node is told what to do, before it meets a word it does not know', (context) => {
  const older = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((path) => join(path, 'node'))
    .find(isOlder);
  if (older === undefined) skipBecause(context, 'this computer has no Node older than 22');
  const { status, stderr } = spawnSync(older, [join(dist, 'cli.js'), '--help'], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([
    2,
    expect.stringMatching(/^Lockkeeper needs Node 22\.18 or newer; this is v[\d.]+\. Install Node 24/),
  ]);
});

const isOlder = (program: string): boolean =>
  /^v(1\d|2[01])\./.test(spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout ?? '');
