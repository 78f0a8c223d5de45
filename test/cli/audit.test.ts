/** The audit log's commands, with a real keyring and without one. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { endKeyring, keyringMissing, unlock } from '../credentials/keyring.ts';
import { skipBecause } from '../setup/skip.ts';
import { lockkeeper } from './lockkeeper.ts';

let folder: string;
let home: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lockkeeper-audit-'));
  home = path.join(folder, 'home');
  for (const name of ['shop', 'desk'])
    expect((await lockkeeper(home, ['env', 'add', name, '--url', `sqlite:${folder}/${name}.db`])).code).toBe(0);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const main = path.join(import.meta.dirname, '../../electron/cli/main.ts');

/** In a session with an unlocked keyring of its own, which the session's home keeps. */
async function withKeyring(args: readonly string[]): Promise<Record<string, unknown>> {
  const script = `${unlock}"$@"; status=$?; ${endKeyring} exit $status`;
  const command = [process.execPath, main, '--data-dir', home, '--json', ...args];
  const { stdout } = await promisify(execFile)('dbus-run-session', ['--', 'sh', '-c', script, 'sh', ...command], {
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, XDG_DATA_HOME: folder, XDG_RUNTIME_DIR: folder },
  });
  return JSON.parse(stdout.slice(stdout.indexOf('{')));
}

it('an export is signed by a key of the keychain, and verified by whoever has the file', async (context) => {
  const missing = keyringMissing();
  if (missing !== undefined) skipBecause(context, missing);
  const file = path.join(folder, 'receipt.json');
  const written = await withKeyring(['audit', 'export', '--out', file]);
  expect(written).toMatchObject({ entries: 2, checkpoint: { signature: expect.any(String) } });
  const again = await withKeyring(['audit', 'export']);
  expect(again['checkpoint']).toMatchObject({ key: (written['checkpoint'] as { key: string }).key });
  const verified = await lockkeeper(home, ['audit', 'verify', '--file', file, '--json']);
  expect(verified.json()).toMatchObject({ findings: [], checkpoints: 3, keys: [expect.any(String)] });
  expect(verified.code).toBe(0);

  const receipt = JSON.parse(await readFile(file, 'utf8'));
  receipt.checkpoint.at = '2020-01-01T00:00:00.000Z';
  await writeFile(file, JSON.stringify(receipt));
  const forged = await lockkeeper(home, ['audit', 'verify', '--file', file, '--json']);
  expect(forged.json()).toMatchObject({ findings: [{ kind: 'signature' }] });
  expect(forged.code).toBe(4);
});

it('without a keychain an export says that it is not signed', async () => {
  const done = await lockkeeper(home, ['audit', 'export', '--json'], {
    env: { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' },
  });
  expect(done.code).toBe(0);
  expect(done.json()).toMatchObject({ checkpoint: null, entries: [{ id: 1 }, { id: 2 }] });
  expect(done.stderr).toContain('not signed');
});

it('a person reads what was compared', async () => {
  const done = await lockkeeper(home, ['audit', 'verify']);
  expect(done.stdout).toContain('Nothing found: 2 entries');
});
