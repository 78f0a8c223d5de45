/** Roles and protections on the command line, as processes: what an operator may, and what only the passphrase opens. */
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../electron/databases/sqlite/index.ts';
import { keyringMissing } from '../credentials/keyring.ts';
import { type KeyringSession, openKeyring } from '../credentials/keyringSession.ts';
import { skipBecause } from '../setup/skip.ts';
import { lockkeeper } from './lockkeeper.ts';

const missing = keyringMissing();
let folder: string;
let home: string;
let keyring: KeyringSession | null = null;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lockkeeper-roles-'));
  home = path.join(folder, 'home');
  if (missing === undefined) keyring = await openKeyring();
  await mkdir(path.join(folder, 'source'));
  await writeFile(
    path.join(folder, 'source', '1_orders.sql'),
    '-- migrate:up\nCREATE TABLE orders (id INTEGER PRIMARY KEY);\n-- migrate:down\nDROP TABLE orders;\n',
  );
});
afterAll(async () => {
  await keyring?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const call = (args: readonly string[], env: Readonly<Record<string, string>> = {}, stdin = '') =>
  lockkeeper(home, ['--json', ...args], { env: { ...keyring?.variables, ...env }, stdin });
const add = async (name: string, ...more: string[]) => {
  await createDatabase(path.join(folder, `${name}.db`));
  return call([
    'env',
    'add',
    name,
    '--url',
    `sqlite:${folder}/${name}.db`,
    '--source',
    path.join(folder, 'source'),
    ...more,
  ]);
};
/** A process begins in a second or in ten, by what else the machine does. */
const patience = 400_000;

const codeOf = (done: Awaited<ReturnType<typeof call>>) => [done.code, done.json().problem?.code];

describe('Protections', () => {
  it(
    'are said in words, hold at once, and are told back',
    async () => {
      const windows = [
        'window=mon,tue@00:00-00:01@Europe/Berlin',
        'forbid=dataLoss',
        'allow=noPrimaryKey',
        'approval=48',
      ];
      expect((await add('acme', '--protect', ...windows)).code).toBe(0);
      const shown = await lockkeeper(home, ['env', 'show', 'acme'], { env: keyring?.variables ?? {} });
      expect(shown.stdout).toContain('only in Mon, Tue 00:00–00:01 Europe/Berlin');
      expect(shown.stdout).toContain('approval of the last 48 h');
      expect(shown.stdout).toContain('hazards for administrators only dataLoss');
      for (const wrong of ['window=mon@25:00-26:00@Mars', 'approval=0', 'constructor=1'])
        expect(codeOf(await call(['env', 'edit', 'acme', '--protect', wrong]))).toEqual([2, 'usage.invalid']);
    },
    patience,
  );

  it(
    'freeze an environment until it is lifted; whoever did it is named',
    async () => {
      expect((await add('frozen')).code).toBe(0);
      const until = '2099-01-01T00:00:00Z';
      expect((await call(['env', 'freeze', 'frozen', '--until', until, '--reason', 'year end'])).code).toBe(0);
      const refused = await call(['up', '--env', 'frozen']);
      expect(codeOf(refused)).toEqual([7, 'gate.frozen']);
      expect(refused.json().problem).toMatchObject({ message: expect.stringContaining('year end') });
      expect((await call(['plan', '--env', 'frozen'])).json()).toMatchObject({
        gate: { stops: [{ code: 'gate.frozen' }] },
      });
      expect((await call(['env', 'freeze', 'frozen', '--lift'])).code).toBe(0);
      expect((await call(['up', '--env', 'frozen'])).code).toBe(0);
    },
    patience,
  );

  it(
    'close outside of a change window, for down and repair as for up',
    async () => {
      expect((await add('windowed')).code).toBe(0);
      expect((await call(['up', '--env', 'windowed', '--steps', '1'])).code).toBe(0);
      // A minute of a day that is not today, wherever the test runs.
      const day = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][(new Date().getUTCDay() + 3) % 7];
      const protect = ['--protect', `window=${day}@12:00-12:01@UTC`];
      expect((await call(['env', 'edit', 'windowed', ...protect])).code).toBe(0);
      for (const change of [['down'], ['repair', '--mark-reverted', '1', '--reason', 'r']])
        expect(codeOf(await call([...change, '--env', 'windowed']))).toEqual([7, 'gate.changeWindow']);
      expect((await call(['env', 'edit', 'windowed', '--protect', 'window=daily@00:00-00:00@UTC'])).code).toBe(0);
      expect((await call(['down', '--env', 'windowed', '--accept', 'dataLoss'])).code).toBe(0);
    },
    patience,
  );
});

describe('With a passphrase', () => {
  const passphrase = 'correct horse battery';
  it(
    'everybody is an operator until it is given; wrong ones are refused and written down',
    async (context) => {
      if (missing !== undefined) skipBecause(context, missing);
      expect((await add('shop')).code).toBe(0);
      expect((await call(['role', 'status'])).json()).toMatchObject({ role: 'administrator', passphrase: false });
      expect(codeOf(await call(['role', 'set-passphrase', '--new-passphrase-stdin'], {}, 'short'))).toEqual([
        2,
        'usage.invalid',
      ]);
      expect((await call(['role', 'set-passphrase', '--new-passphrase-stdin'], {}, passphrase)).code).toBe(0);
      expect((await call(['role', 'status'])).json()).toMatchObject({ role: 'operator', passphrase: true });
      // What an operator may, and may not.
      expect((await call(['up', '--env', 'shop'])).code).toBe(0);
      expect((await call(['status', '--env', 'shop'])).code).toBe(0);
      for (const command of [
        ['env', 'add', 'other', '--url', `sqlite:${folder}/other.db`],
        ['env', 'edit', 'shop', '--protect', 'none'],
        ['backup', 'prune'],
        ['role', 'remove-passphrase'],
      ]) {
        const refused = await call(command);
        expect(codeOf(refused), command.join(' ')).toEqual([7, 'gate.role']);
        expect(refused.json().problem).toMatchObject({ hint: expect.stringContaining('--passphrase-stdin') });
      }
      const given = { LOCKKEEPER_TEST_PASSPHRASE: passphrase };
      const edit = ['env', 'edit', 'shop', '--group', 'shops'];
      expect((await call([...edit, '--passphrase-env', 'LOCKKEEPER_TEST_PASSPHRASE'], given)).code).toBe(0);
      expect((await call([...edit, '--passphrase-stdin'], {}, `${passphrase}\n`)).code).toBe(0);
      expect(codeOf(await call([...edit, '--passphrase-stdin'], {}, 'wrong'))).toEqual([7, 'role.wrongPassphrase']);
      expect(codeOf(await call([...edit, '--passphrase-stdin', '--password-stdin'], {}, passphrase))).toEqual([
        2,
        'usage.invalid',
      ]);
      await expect
        .poll(async () => (await call(['role', 'remove-passphrase', '--passphrase-stdin'], {}, passphrase)).code, {
          timeout: 120_000,
          interval: 1_000,
        })
        .toBe(0);
      expect((await call(['role', 'status'])).json()).toMatchObject({ role: 'administrator', passphrase: false });
      const log = JSON.stringify((await call(['audit', 'export'])).json());
      expect(log).toContain('administrator passphrase was wrong');
      expect(log).not.toContain(passphrase);
    },
    patience,
  );

  it(
    'cannot be set without a keychain that would hold its verifier',
    async () => {
      const without = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' };
      const refused = await call(['role', 'set-passphrase', '--new-passphrase-stdin'], without, passphrase);
      expect(refused.json().problem).toMatchObject({ code: 'keychain.unavailable' });
      expect((await call(['role', 'status'])).json()).toMatchObject({ passphrase: false });
    },
    patience,
  );
});

describe('A second person', () => {
  it(
    'approves a plan file on another installation, with a key that is trusted here; then it runs',
    async (context) => {
      if (missing !== undefined) skipBecause(context, missing);
      if (process.getuid?.() !== 0)
        skipBecause(context, 'another person needs another account: only the superuser has both');
      const nobody = 65_534;
      await using other = await openKeyring(nobody);
      const desk = (args: readonly string[]) =>
        lockkeeper(path.join(other.folder, 'home'), ['--json', ...args], {
          env: other.variables,
          uid: nobody,
          gid: nobody,
        });
      expect((await add('bank', '--protect', 'approval')).code).toBe(0);
      const file = path.join(other.folder, 'plan.json');
      const planned = await call(['plan', '--env', 'bank', '--out', path.join(folder, 'plan.json')]);
      expect(planned.json()).toMatchObject({ gate: { stops: [{ code: 'gate.approval' }] } });
      const up = ['up', '--env', 'bank', '--plan', path.join(folder, 'plan.json')];
      expect(codeOf(await call(up))).toEqual([7, 'gate.approval']);
      expect(codeOf(await call(['approve', path.join(folder, 'plan.json'), '--confirm', 'bank']))).toEqual([
        7,
        'gate.approval',
      ]);
      await copyFile(path.join(folder, 'plan.json'), file);
      await chmod(file, 0o666);
      expect((await desk(['approve', file, '--show'])).json()).toMatchObject({
        environment: 'bank',
        steps: [{ version: '1', script: expect.stringContaining('CREATE TABLE orders') }],
        approvals: [],
      });
      expect(codeOf(await desk(['approve', file]))).toEqual([7, 'gate.confirmation']);
      expect((await desk(['approve', file, '--confirm', 'bank', '--note', 'looked at it'])).code).toBe(0);
      await copyFile(file, path.join(folder, 'plan.json'));
      const untrusted = await call(up);
      expect(untrusted.json().problem).toMatchObject({ message: expect.stringContaining('not trusted here') });
      const key = (await desk(['bundle', 'key'])).json();
      const trust = ['bundle', 'trust', String(key['publicKey']), '--name', 'Grace', '--for', 'approvals'];
      expect((await call([...trust, '--fingerprint', String(key['fingerprint'])])).code).toBe(0);
      const done = await call(up);
      expect([done.code, done.json()]).toMatchObject([0, { outcome: 'succeeded' }]);
      expect(JSON.stringify((await call(['audit', 'export'])).json())).toMatch(/approvedBy\W+Grace/);
    },
    patience,
  );
});
