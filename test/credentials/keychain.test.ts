import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { skipBecause } from '../setup/skip.ts';
import { endKeyring, keyringMissing, unlock } from './keyring.ts';

const SECRET = 'CANARY é " \n \u{1f511}';

/** A home of its own, so that nobody's keyring is touched. */
async function home(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lockkeeper-keyring-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Above the keychain's own 3 seconds, below the 25 that a hanging keyring would hold a process. */
const PATIENCE_MS = 15_000;

const locked = 'gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1; ';

/** Runs the steps in a session of its own, whose keyring is prepared by `prepare`; without: no session at all. */
async function session(
  folder: string,
  prepare: string | null,
  steps: readonly (readonly string[])[],
): Promise<unknown[]> {
  const body = [process.execPath, join(import.meta.dirname, 'session.ts'), JSON.stringify(steps)];
  const [program = '', ...parameters] =
    prepare === null
      ? body
      : ['dbus-run-session', '--', 'sh', '-c', `${prepare}"$@"; status=$?; ${endKeyring} exit $status`, 'sh', ...body];
  const environment = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    XDG_DATA_HOME: join(folder, 'data'),
    XDG_RUNTIME_DIR: folder,
    XDG_CACHE_HOME: join(folder, 'cache'),
  };
  const { stdout } = await promisify(execFile)(program, parameters, {
    env: environment,
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL',
  });
  return JSON.parse(stdout.slice(stdout.lastIndexOf('[{')));
}

const available = (value: unknown) => ({ kind: 'available', value });
const unavailable = (reason: string) => ({ kind: 'unavailable', reason, message: expect.any(String) });

async function everythingIn(folder: string): Promise<Buffer> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name)));
  return Buffer.concat(await Promise.all(files));
}

describe('The keychain, on a real gnome-keyring', () => {
  beforeEach((context) => {
    const reason = keyringMissing();
    if (reason !== undefined) skipBecause(context, reason);
  });

  test('keeps, finds, replaces and deletes secrets, also for the next session, and writes none in plain text', async () => {
    const folder = await home();
    const first = [
      ['health'],
      ['get', 'env 1'],
      ['set', 'env 1', 'old'],
      ['set', 'env 1', SECRET],
      ['set', 'env 2', 'other'],
      ['get', 'env 1'],
    ];
    expect(await session(folder, unlock, first)).toEqual([
      available(true),
      available(null),
      available(true),
      available(true),
      available(true),
      available(SECRET),
    ]);
    const written = await everythingIn(folder);
    expect(written.length).toBeGreaterThan(0);
    for (const form of [SECRET, 'CANARY', Buffer.from(SECRET).toString('base64')])
      expect(written.includes(form)).toBe(false);
    const second = [
      ['get', 'env 1'],
      ['delete', 'env 1'],
      ['delete', 'env 1'],
      ['get', 'env 1'],
      ['get', 'env 2'],
    ];
    expect(await session(folder, unlock, second)).toEqual([
      available(SECRET),
      available(true),
      available(false),
      available(null),
      available('other'),
    ]);
  });

  test('is unavailable when nobody can unlock it, and nothing is written elsewhere', async () => {
    const folder = await home();
    await session(folder, unlock, [['set', 'env 1', 'kept']]);
    const answers = await session(folder, locked, [['health'], ['set', 'env 2', SECRET]]);
    expect(answers).toEqual([
      expect.objectContaining({ kind: 'unavailable' }),
      expect.objectContaining({ kind: 'unavailable' }),
    ]);
    expect((await everythingIn(folder)).includes('CANARY')).toBe(false);
    expect(
      await session(folder, unlock, [
        ['get', 'env 1'],
        ['get', 'env 2'],
      ]),
    ).toEqual([available('kept'), available(null)]);
  });

  test('is unavailable where there is no session bus', async () => {
    expect(await session(await home(), null, [['health'], ['get', 'env 1'], ['set', 'env 1', SECRET]])).toEqual(
      Array(3).fill(unavailable('noKeyring')),
    );
  });

  test('is unavailable when it hangs, and does not keep the program from ending', async () => {
    const steps = [['set', 'env 1', SECRET], ['suspend'], ['get', 'env 1']];
    expect(await session(await home(), unlock, steps)).toEqual([available(true), null, unavailable('timedOut')]);
  });
});
