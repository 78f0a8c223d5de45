/** What keeps a backup from being called proven, and a run that asks for one from beginning. By what a dump program may do. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recordExternalBackup } from '../../electron/services/externalBackups.ts';
import { startProof } from '../../electron/services/startBackup.ts';
import { fill } from '../restore/databases.ts';
import { backUp } from '../restore/support.ts';
import { postgres15, startPostgres, unavailable } from '../servers/index.ts';
import {
  adHoc,
  type TestBackend,
  type TestDatabase,
  testBackend,
  testDatabase,
  writeFolder,
} from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { wards } from './support.ts';

let test: TestBackend;
let source: string;
beforeAll(async () => {
  test = await testBackend();
  source = await writeFolder(test.folder, {
    '1_a.sql': '-- migrate:up\nCREATE TABLE a (id integer);\n-- migrate:down\nDROP TABLE a;\n',
  });
});
afterAll(() => test[Symbol.asyncDispose]());
beforeEach((context) => {
  const reason = unavailable('postgres15');
  if (reason !== undefined) skipBecause(context, reason);
});

const { ward, up, programThat } = wards(() => ({ test, source }));

const migrated = async (database: TestDatabase): Promise<unknown> =>
  (await database.query("SELECT to_regclass('public.a') IS NOT NULL AS there"))[0]?.['there'];

describe('a run that asks for a proven backup', () => {
  it('begins with one', async () => {
    await using database = await testDatabase('postgres15');
    await fill('postgres15', database);
    const run = await up(await ward(database.url));
    expect(run).toMatchObject({ problem: null, outcome: 'succeeded', backup: { level: 'proven' } });
    expect(run.finishedPhases).toContain('prove');
    expect(await migrated(database)).toBe(true);
  });

  it.each([
    ['breaks off', 'backup.damaged', { filter: 'head -c 9000' }],
    ['writes nothing', 'backup.damaged', { filter: 'head -c 0' }],
    ['changes a value', 'backup.notProven', { filter: "sed 's/patient 77/patient 78/'" }],
    ['changes the schema', 'backup.notProven', { filter: "sed 's/ward = 2/ward = 1/g'" }],
    ['is too old', 'backup.programTooOld', { version: '12.4' }],
  ])('does not begin when the dump program %s', async (_what, code, wrong) => {
    await using database = await testDatabase('postgres15');
    await fill('postgres15', database);
    const run = await up(await ward(database.url, await programThat(wrong)));
    expect(run.outcome).toBe('failed');
    expect(run.problem?.code).toBe(code);
    expect(await migrated(database)).toBe(false);
  });

  it('does not begin when another database was dumped', async () => {
    await using database = await testDatabase('postgres15');
    await using other = await testDatabase('postgres15');
    await fill('postgres15', database);
    await fill('postgres15', other);
    await other.query("UPDATE patient SET name = 'somebody' WHERE id = 3");
    const names = [database, other].map(({ url }) => new URL(url).pathname.slice(1));
    const program = await programThat({ edit: `sed 's/${names[0]}/${names[1]}/; /^--snapshot/d'` });
    const run = await up(await ward(database.url, program));
    expect(run.problem).toMatchObject({
      code: 'backup.notProven',
      serverMessage: expect.stringContaining('public.patient: other values'),
    });
    expect(await migrated(database)).toBe(false);
  });

  it('is refused where the account may not make a login, and nothing is left', async () => {
    const server = await postgres15();
    await using database = await server.createDatabase();
    const clerk = await server.createUser();
    await server.query(`ALTER ROLE ${clerk.user} CREATEDB`);
    await server.query(`ALTER DATABASE ${database.name} OWNER TO ${clerk.user}`);
    const target = await ward(server.url(database.name, clerk));
    expect((await up(target)).problem).toMatchObject({ code: 'backup.notIsolated' });
    const accepted = await up(target, { accept: ['sharedLogin'] });
    expect(accepted).toMatchObject({ problem: null, backup: { level: 'proven' } });
    const [proof] = test.backend.context.workspace.backups.list().filter(({ id }) => id === accepted.backup?.id);
    expect(proof?.proof?.isolation).toBe('sharedLogin');
    expect(accepted.warnings.filter((warning) => warning.includes('could not be removed'))).toEqual([]);
    expect(await readdir(path.join(test.folder, 'data', 'copies'))).toEqual([]);
    expect(
      await server.query(
        "SELECT 1 FROM pg_database WHERE datname LIKE 'lockkeeper\\_copy%' AND pg_get_userbyid(datdba) = $1",
        [clerk.user],
      ),
    ).toEqual([]);
  });

  it('can be done without, for a reason', async () => {
    await using database = await testDatabase('postgres15');
    const target = await ward(database.url);
    await expect(up(target, { backup: false })).rejects.toMatchObject({ problem: { code: 'gate.backupRequired' } });
    expect(await up(target, { backup: false, reason: 'empty as yet' })).toMatchObject({ problem: null, backup: null });
  });

  it('takes somebody else’s snapshot only where that is allowed', async () => {
    await using database = await testDatabase('postgres15');
    const { context } = test.backend;
    const about = { name: 'volume-7', reason: 'nightly snapshot of the storage' };
    const strict = await ward(database.url);
    await recordExternalBackup(context, strict, about);
    await expect(up(strict, { backup: false })).rejects.toMatchObject({ problem: { code: 'gate.backupRequired' } });
    const open = await ward(database.url, {}, { externalBackups: true });
    await expect(up(open, { backup: false })).rejects.toMatchObject({ problem: { code: 'gate.backupRequired' } });
    const recorded = await recordExternalBackup(context, open, about);
    expect(recorded).toMatchObject({ level: 'taken', external: about });
    expect(await up(open, { backup: false })).toMatchObject({ problem: null, outcome: 'succeeded' });
    await expect(recordExternalBackup(context, open, { ...about, reason: ' ' })).rejects.toMatchObject({
      problem: { code: 'gate.reason' },
    });
  });
});

describe('a run on MariaDB', () => {
  beforeEach((context) => {
    const reason = unavailable('mariadb');
    if (reason !== undefined) skipBecause(context, reason);
  });

  const isThere = async (database: TestDatabase): Promise<boolean> =>
    (await database.query("SHOW TABLES LIKE 'a'")).length === 1;

  it.each([
    ['breaks off', 'backup.incomplete', { filter: 'head -c 3000' }],
    ['writes nothing', 'backup.incomplete', { filter: 'head -c 0' }],
    ['leaves out a trigger', 'backup.incomplete', { filter: "sed '/TRIGGER/d'" }],
    ['changes a value', 'backup.notProven', { filter: "sed 's/patient 77/patient 78/'" }],
    ['changes the schema', 'backup.notProven', { filter: "sed 's/`ward` = 2/`ward` = 1/g'" }],
    [
      'loses rows',
      'backup.notProven',
      { filter: "sed 's/^INSERT INTO `ward`.*$//; s/^(1,.East.),$//; s/^(2,.West.);$//'" },
    ],
    ['is too old', 'backup.programTooOld', { version: '5.5.68' }],
  ] as const)('does not begin when the dump program %s', async (_what, code, wrong) => {
    await using database = await testDatabase('mariadb');
    await fill('mariadb', database);
    const run = await up(await ward(database.url, await programThat({ ...wrong, engine: 'mysql' })));
    expect(run.outcome).toBe('failed');
    expect(run.problem?.code, run.problem?.serverMessage).toBe(code);
    expect(await isThere(database)).toBe(false);
  });

  it('does not begin when another database was dumped', async () => {
    await using database = await testDatabase('mariadb');
    await using other = await testDatabase('mariadb');
    await fill('mariadb', database);
    await fill('mariadb', other);
    await other.query("UPDATE patient SET name = 'somebody' WHERE id = 3");
    const names = [database, other].map(({ url }) => new URL(url).pathname.slice(1));
    const program = await programThat({ engine: 'mysql', edit: `sed 's/${names[0]}/${names[1]}/'` });
    const run = await up(await ward(database.url, program));
    expect(run.problem).toMatchObject({
      code: 'backup.notProven',
      serverMessage: expect.stringContaining('patient: other values'),
    });
    expect(await isThere(database)).toBe(false);
  });

  it('begins with a proven one, through the same command', async () => {
    await using database = await testDatabase('mariadb');
    await fill('mariadb', database);
    const run = await up(await ward(database.url, await programThat({ engine: 'mysql' })));
    expect(run).toMatchObject({ problem: null, outcome: 'succeeded', backup: { level: 'proven' } });
    expect(await isThere(database)).toBe(true);
  });
});

it('proves on another server where one is set', async () => {
  await using proving = await startPostgres({ version: 15 });
  await using database = await testDatabase('postgres15');
  await fill('postgres15', database);
  const { password } = proving.superuser;
  const bare = new URL(proving.url());
  bare.password = '';
  await test.backend.context.credentials.session.set('proving', password);
  const target = await ward(database.url, { provingServer: { url: bare.href, account: 'proving' } });
  const run = await up(target);
  expect(run).toMatchObject({ problem: null, backup: { level: 'proven' } });
  const proven = test.backend.context.workspace.backups.get(run.backup?.id ?? '');
  expect(proven?.proof?.isolation).toBe('provingServer');
  expect(await proving.query("SELECT datname FROM pg_database WHERE datname LIKE 'lockkeeper%'")).toEqual([]);
  await expect(ward(database.url, { provingServer: { url: proving.url(), account: null } })).rejects.toMatchObject({
    problem: { code: 'usage.invalid' },
  });
});

it('cannot prove a backup of the schema only', async () => {
  await using database = await testDatabase('postgres15');
  const target = adHoc(database.url, source);
  const backup = await backUp(test.backend.context, target, { covers: 'schema' });
  const run = await (await startProof(test.backend.context, backup.id, target, [])).finished;
  expect(run.problem).toMatchObject({ code: 'backup.noContent' });
});
