/** A second person's approvals carried through a fleet: plan files out, signed elsewhere, back, each for its member. */
import { chmod, copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase } from '../../electron/databases/sqlite/index.ts';
import { type Finished, lockkeeper } from '../cli/lockkeeper.ts';
import { keyringMissing } from '../credentials/keyring.ts';
import { type KeyringSession, openKeyring } from '../credentials/keyringSession.ts';
import { writeFolder } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { steps } from './place.ts';

const missing = keyringMissing();
const nobody = 65_534;
let folder: string;
let source: string;
let keyring: KeyringSession | null = null;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lockkeeper-fleet-approvals-'));
  source = await writeFolder(folder, steps(1));
  if (missing === undefined) keyring = await openKeyring();
});
afterAll(async () => {
  await keyring?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const call = (...args: string[]): Promise<Finished> =>
  lockkeeper(path.join(folder, 'home'), ['--json', ...args], { env: { ...keyring?.variables } });

async function add(name: string, ...more: string[]): Promise<void> {
  const file = path.join(folder, `${name}.db`);
  await createDatabase(file);
  const added = await call(
    'env',
    'add',
    name,
    '--url',
    `sqlite:${file}`,
    '--source',
    source,
    '--group',
    'Shops',
    ...more,
  );
  expect(added.code).toBe(0);
}

const tablesOf = (name: string): unknown => {
  const database = new Sqlite(path.join(folder, `${name}.db`), { readonly: true });
  const found = database.prepare("select name from sqlite_master where name like 'step%'").pluck().all();
  database.close();
  return found;
};

interface Member {
  readonly environment?: string;
  readonly name?: string;
  readonly outcome?: string;
  readonly problem?: { readonly code: string } | null;
  readonly approval?: { readonly code: string } | null;
}
const members = (finished: Finished): readonly Member[] => finished.json()['members'] as Member[];
const outcomes = (finished: Finished) =>
  Object.fromEntries(
    members(finished).map(({ environment, outcome, problem }) => [environment, [outcome, problem?.code]]),
  );
const asking = (finished: Finished) =>
  members(finished).flatMap(({ name, approval }) => (approval == null ? [] : [name]));

test('each approved plan is used for its member; without one that member alone is refused', {
  timeout: 600_000,
}, async (context) => {
  if (missing !== undefined) return skipBecause(context, missing);
  if (process.getuid?.() !== 0)
    return skipBecause(context, 'another person needs another account: only the superuser has both');
  await add('bank 1', '--protect', 'approval');
  await add('bank 2', '--protect', 'approval');
  await add('kiosk');
  const plans = path.join(folder, 'plans');
  const planned = await call('fleet', 'plan', '--group', 'Shops', '--out', plans);
  expect([planned.code, asking(planned)]).toEqual([0, ['bank 1', 'bank 2']]);
  const files = (await readdir(plans)).toSorted().map((name) => path.join(plans, name));
  expect(planned.json()['files']).toEqual(files);
  expect(files).toHaveLength(2);
  const [first = '', second = ''] = files;

  const without = await call('fleet', 'up', '--group', 'Shops', '--continue-on-error');
  expect([without.code, outcomes(without)]).toEqual([
    7,
    { 'bank 1': ['refused', 'gate.approval'], 'bank 2': ['refused', 'gate.approval'], kiosk: ['succeeded', undefined] },
  ]);
  expect([tablesOf('bank 1'), tablesOf('bank 2'), tablesOf('kiosk')]).toEqual([[], [], ['step_1']]);
  const unsigned = await call('fleet', 'up', '--group', 'Shops', '--approvals', first);
  expect([unsigned.code, unsigned.json().problem]).toMatchObject([
    7,
    { code: 'gate.approval', message: expect.stringContaining('Nobody has approved') },
  ]);

  await using other = await openKeyring(nobody);
  const desk = (...args: string[]) =>
    lockkeeper(path.join(other.folder, 'home'), ['--json', ...args], {
      env: other.variables,
      uid: nobody,
      gid: nobody,
    });
  const away = files.map((file) => path.join(other.folder, path.basename(file)));
  for (const [index, file] of files.entries()) await copyFile(file, away[index] ?? '');
  for (const file of away) await chmod(file, 0o666);
  expect((await desk('approve', ...away, '--confirm', 'bank 1')).json().problem?.code).toBe('gate.confirmation');
  const approved = await desk('approve', ...away, '--confirm', '2 plans');
  expect([approved.code, approved.json()['approved']]).toMatchObject([0, away.map((file) => ({ file }))]);
  for (const [index, file] of files.entries()) await copyFile(away[index] ?? '', file);
  const key = (await desk('bundle', 'key')).json();
  const trust = ['bundle', 'trust', String(key['publicKey']), '--name', 'Grace', '--for', 'approvals'];
  expect((await call(...trust, '--fingerprint', String(key['fingerprint']))).code).toBe(0);

  expect(asking(await call('fleet', 'plan', '--group', 'Shops', '--approvals', ...files))).toEqual([]);
  // Written again, the approved files stay as they are.
  await call('fleet', 'plan', '--group', 'Shops', '--out', plans);
  const id = String(without.json()['fleet']);
  const swapped = await call('fleet', 'resume', id, '--retry-failed', '--approvals', first);
  expect(swapped.stderr).toBe('');
  expect(outcomes(swapped)).toMatchObject({
    'bank 1': ['succeeded', undefined],
    'bank 2': ['refused', 'gate.approval'],
  });
  expect([tablesOf('bank 1'), tablesOf('bank 2')]).toEqual([['step_1'], []]);

  await writeFile(path.join(source, '2_more.sql'), '-- migrate:up\ncreate table more (id integer);\n-- migrate:down\n');
  const stale = await call('fleet', 'up', 'bank 2', '--approvals', second);
  expect(outcomes(stale)).toEqual({ 'bank 2': ['refused', 'plan.stale'] });
  await rm(path.join(source, '2_more.sql'));
  const done = await call('fleet', 'up', '--group', 'Shops', '--approvals', second);
  expect([done.code, outcomes(done)]).toEqual([
    0,
    { 'bank 1': ['upToDate', undefined], 'bank 2': ['succeeded', undefined], kiosk: ['upToDate', undefined] },
  ]);
  expect(JSON.stringify((await call('audit', 'export')).json())).toMatch(/approvedBy\W+Grace/);
});
