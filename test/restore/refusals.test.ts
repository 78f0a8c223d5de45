/** What stands in the way of a restore on any engine: each time a Problem, and the live database as it was. */
import { readdir, readFile, truncate } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { driverForUrl } from '../../electron/databases/registry.ts';
import { addEnvironment } from '../../electron/services/environments.ts';
import { planRestore } from '../../electron/services/planRestore.ts';
import { startRestore } from '../../electron/services/startRestore.ts';
import type { Backup } from '../../shared/model/backup.ts';
import { damageArchive } from '../backups/support.ts';
import { mariadb, postgres15, unavailable } from '../servers/index.ts';
import {
  adHoc,
  type TestBackend,
  type TestDatabase,
  testBackend,
  testDatabase,
  writeFolder,
} from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { change, contentOf, type Engine, engines, fill } from './databases.ts';
import { backUp, plan, restore, undo, wanted } from './support.ts';

let test: TestBackend;
let source: string;
beforeAll(async () => {
  test = await testBackend();
  source = await writeFolder(test.folder, {
    '20260101000001_a.sql': '-- migrate:up\nselect 1;\n-- migrate:down\nselect 1;\n',
  });
});
afterAll(() => test[Symbol.asyncDispose]());

async function beside(engine: Engine, database: TestDatabase): Promise<string[]> {
  if (engine === 'sqlite')
    return (await readdir(dirname(database.url.slice('sqlite:'.length)))).filter((name) =>
      /\.(restored|before)_/.test(name),
    );
  const server = await { postgres15, mariadb }[engine]();
  const sql =
    engine === 'mariadb'
      ? 'SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA'
      : 'SELECT datname AS name FROM pg_database';
  const prefix = `${new URL(database.url).pathname.slice(1)}_`;
  return (await server.query(sql)).map((row) => String(row['name'])).filter((name) => name.startsWith(prefix));
}

describe.each(engines)('on %s', (engine) => {
  beforeEach((context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  async function ready(database: TestDatabase) {
    await fill(engine, database);
    const target = adHoc(database.url, source);
    const backup = await backUp(test.backend.context, target);
    return { target, backup, before: await contentOf(engine, database) };
  }

  const flip = (content: Buffer): Buffer => {
    const changed = Buffer.from(content);
    changed[Math.floor(changed.length / 2)] = (changed[Math.floor(changed.length / 2)] ?? 0) ^ 1;
    return changed;
  };

  it.each([
    ['one bit flipped', (backup: Backup) => damageArchive(backup, flip)],
    ['its end cut off', (backup: Backup) => truncate(backup.path, backup.bytes - 10)],
  ])('an archive with %s is refused', async (_name, damage) => {
    await using database = await testDatabase(engine);
    const { target, backup, before } = await ready(database);
    await damage(backup);
    const run = await restore(test.backend.context, wanted(target, backup));
    expect(run.problem).toMatchObject({ code: 'backup.damaged' });
    expect(run.outcome).toBe('failed');
    expect(await contentOf(engine, database)).toEqual(before);
    expect(await beside(engine, database)).toEqual([]);
  });

  it('a backup of another engine, or of some tables, cannot replace it', async () => {
    await using database = await testDatabase(engine);
    const { target, backup } = await ready(database);
    const { backups } = test.backend.context.workspace;
    backups.update({ ...backup, engine: engine === 'sqlite' ? 'mysql' : 'sqlite' });
    expect((await plan(test.backend.context, wanted(target, backup))).problems[0]).toMatchObject({
      code: 'restore.unfit',
    });
    backups.update({ ...backup, covers: 'schema' });
    expect((await plan(test.backend.context, wanted(target, backup))).problems).toMatchObject([
      { code: 'restore.unfit', hint: expect.stringContaining('--into') },
    ]);
    const into = engine === 'sqlite' ? join(test.folder, 'elsewhere.db') : `elsewhere_${Date.now()}`;
    expect((await plan(test.backend.context, wanted(target, backup, { placement: 'into', into }))).problems).toEqual(
      [],
    );
  });

  it('a restore that lacks objects or rows is removed again', async () => {
    await using database = await testDatabase(engine);
    const { target, backup, before } = await ready(database);
    const { backups } = test.backend.context.workspace;
    backups.update({ ...backup, objects: { ...backup.objects, trigger: 2 } });
    const lacking = await restore(test.backend.context, wanted(target, backup));
    expect(lacking.problem).toMatchObject({
      code: 'restore.verification',
      message: expect.stringContaining('triggers: 1 of 2'),
    });
    expect(lacking.restore?.stage).toBe('removed');
    if (engine !== 'mariadb') {
      const rows = (backup.rows ?? []).map((one) => ({ ...one, rows: one.rows + 1 }));
      backups.update({ ...backup, rows });
      const fewer = await restore(test.backend.context, wanted(target, backup));
      expect(fewer.problem).toMatchObject({
        code: 'restore.verification',
        message: expect.stringContaining('500 of 501 rows'),
      });
    }
    expect(await contentOf(engine, database)).toEqual(before);
    expect(await beside(engine, database)).toEqual([]);
  });

  it('a cancelled restore leaves nothing', async () => {
    await using database = await testDatabase(engine);
    const { target, backup, before } = await ready(database);
    for (const when of ['restore', 'verify'] as const) {
      const started = await startRestore(test.backend.context, wanted(target, backup), {
        backup: false,
        confirm: null,
        reason: null,
        accept: ['closesSessions'],
      });
      for await (const record of test.backend.context.runs.watch(started.id, 0, new AbortController().signal))
        if (record.type === 'phaseStarted' && record.phase === when) test.backend.context.runs.cancel(started.id);
      const run = await started.finished;
      expect(run.outcome).toBe('cancelled');
      expect(run.problem).toMatchObject({ code: 'restore.cancelled', state: expect.stringContaining('unchanged') });
      expect(await contentOf(engine, database)).toEqual(before);
      expect(await beside(engine, database)).toEqual([]);
    }
  });

  it('passes the same gate as a migration, and backs up what is there first', async () => {
    await using database = await testDatabase(engine);
    await fill(engine, database);
    const { context } = test.backend;
    const { connection, password } = driverForUrl(database.url).parseUrl(database.url);
    const name = `production ${engine}`;
    const environment = await addEnvironment(context, {
      name,
      tier: 'production',
      colour: 'red',
      group: '',
      connection,
      source: { path: source },
      secret: password === null ? null : { password, keep: 'ask' },
    });
    const target = { kind: 'environment', nameOrId: environment.id } as const;
    const backup = await backUp(context, target);
    await change(database, "INSERT INTO patient (name, ward) VALUES ('later', 1)");
    const request = wanted(target, backup, { target: null });
    const code = (answers: Partial<Parameters<typeof startRestore>[2]>) =>
      restore(context, request, answers).then(
        (run) => run.problem?.code ?? 'done',
        (error: { problem?: { code: string } }) => error.problem?.code,
      );
    const accept = ['restoreLosesChanges', 'closesSessions'];
    expect(await code({ accept })).toBe('gate.confirmation');
    expect(await code({ accept, confirm: name })).toBe('gate.reason');
    expect(await code({ accept: ['closesSessions'], confirm: name, reason: 'r' })).toBe('gate.hazard');
    const run = await restore(context, request, { backup: true, accept, confirm: name, reason: 'wrong rows' });
    expect(run.problem).toBeNull();
    expect(run.finishedPhases).toEqual(['prepare', 'lock', 'backup', 'check', 'prove', 'restore', 'verify', 'swap']);
    expect(run.backup?.level).toBe('proven');
    expect(context.workspace.audit.list({ environment: name, limit: 2 })[1]).toMatchObject({
      action: 'restore',
      detail: { backup: backup.id, reason: 'wrong rows', backedUpBefore: true },
    });
    await expect(undo(context, run, target, { accept })).rejects.toMatchObject({
      problem: { code: 'gate.confirmation' },
    });
    const undone = await undo(context, run, target, {
      accept: ['undoLosesChanges', 'closesSessions'],
      confirm: name,
      reason: 'they were right',
    });
    expect(undone.problem).toBeNull();
    expect(await database.query("SELECT name FROM patient WHERE name = 'later'")).toHaveLength(1);
    // Protection is the database's, by whichever address it is reached.
    const adHocPlan = await plan(context, wanted(adHoc(database.url, source), backup));
    expect(adHocPlan.gate.typedName).toBe(name);
  });

  it('is refused while somebody else holds the migration lock', async () => {
    await using database = await testDatabase(engine);
    const { target, backup, before } = await ready(database);
    const prepared = await planRestore(test.backend.context, wanted(target, backup));
    const { openSession } = await import('../../electron/services/target.ts');
    const { lockName } = await import('../../electron/services/lockName.ts');
    const { readSource } = await import('../../electron/services/readSource.ts');
    const session = await openSession(test.backend.context, prepared.target, false);
    const holder = { person: 'ada', host: 'elsewhere', process: '1', since: null, alive: true };
    await session.tryLock(lockName(session, await readSource(prepared.target)), holder);
    const run = await restore(test.backend.context, wanted(target, backup));
    await session.close();
    expect(run.problem).toMatchObject({ code: 'lock.held', message: expect.stringContaining('ada') });
    expect(run.outcome).toBe('refused');
    expect(await contentOf(engine, database)).toEqual(before);
  });

  it('does not need the migration folder', async () => {
    await using database = await testDatabase(engine);
    const { backup, before } = await ready(database);
    await change(database, "INSERT INTO patient (name, ward) VALUES ('later', 1)");
    const target = adHoc(database.url, join(test.folder, 'lost'));
    const run = await restore(test.backend.context, wanted(target, backup));
    expect(run.problem).toBeNull();
    expect(run.warnings.join()).toContain('migration folder cannot be read');
    expect(await contentOf(engine, database)).toEqual(before);
  });
});

it('leaves no password in anything that is written', async (context) => {
  const reason = unavailable('postgres15') ?? unavailable('mariadb');
  if (reason !== undefined) skipBecause(context, reason);
  const canary = 'canary-5f1d0c';
  for (const server of [await postgres15(), await mariadb()]) {
    await using database = await server.createDatabase();
    const user = await server.createUser({ password: canary });
    if (server.kind === 'mariadb') await server.query(`GRANT ALL ON *.* TO ${user.user}`);
    else await server.query(`ALTER ROLE ${user.user} SUPERUSER`);
    await database.query('CREATE TABLE t (id integer)');
    const target = adHoc(server.url(database.name, user), source);
    const backup = await backUp(test.backend.context, target);
    const run = await restore(test.backend.context, wanted(target, backup));
    expect(run.problem).toBeNull();
    await undo(test.backend.context, run, target);
  }
  const { dataDirectory } = test.backend.context.workspace;
  for (const entry of await readdir(dataDirectory, { recursive: true, withFileTypes: true }))
    if (entry.isFile())
      expect((await readFile(join(entry.parentPath, entry.name))).includes(canary), entry.name).toBe(false);
});
