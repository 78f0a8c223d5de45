/** Backups as the services take, keep, encrypt, list, prune and restore them. */
import { readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { keyFromPassphrase } from '../../electron/backups/encryption/archiveKey.ts';
import { createArchiveKey, unlockArchiveKey } from '../../electron/services/archiveKeys.ts';
import { addEnvironment } from '../../electron/services/environments.ts';
import { listBackups } from '../../electron/services/listBackups.ts';
import { pruneBackups } from '../../electron/services/pruneBackups.ts';
import { readSettings, saveSettings } from '../../electron/services/settings.ts';
import { startBackup, startCheck } from '../../electron/services/startBackup.ts';
import type { BackupChoice } from '../../electron/services/takeBackup.ts';
import type { TargetRequest } from '../../electron/services/target.ts';
import type { Backup } from '../../shared/model/backup.ts';
import type { SettingsLayer } from '../../shared/model/settings.ts';
import { ProblemError } from '../../shared/problem.ts';
import { change, contentOf, engines, fill } from '../restore/databases.ts';
import { plan, restore, wanted } from '../restore/support.ts';
import { unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { adHoc, run, type TestBackend, type TestDatabase, testBackend, testDatabase, writeFolder } from './backend.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());
beforeEach(() => setWorkspace({}));

const setWorkspace = (values: SettingsLayer) =>
  saveSettings(test.backend.context, { layer: { scope: { kind: 'workspace' }, values } });

async function backup(target: TargetRequest, choice: BackupChoice = {}): Promise<Backup> {
  const { context } = test.backend;
  const { backup: taken, problem } = await (await startBackup(context, target, choice)).finished;
  if (problem !== null) throw new ProblemError(problem);
  return context.workspace.backups.get(taken?.id ?? '') ?? Promise.reject(new Error('no backup'));
}

const problemOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (thrown: unknown) => (thrown instanceof ProblemError ? thrown.problem : Promise.reject(thrown)),
  );

describe.each(engines)('on %s', (engine) => {
  beforeEach((context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  it('an encrypted one is checked and restored with its key', async () => {
    const { context } = test.backend;
    await using database = await testDatabase(engine);
    await fill(engine, database);
    const target = adHoc(database.url, test.folder);
    await setWorkspace({ backup: { encrypted: true, compression: 3 } });
    await createArchiveKey(context, { kind: 'passphrase', passphrase: 'correct horse battery', keep: 'ask' });
    const before = await contentOf(engine, database);
    const taken = await backup(target);
    expect(taken).toMatchObject({ encrypted: true, level: 'checked', covers: 'everything' });
    expect(taken.key).toBe((await readSettings(context)).archiveKey?.id);
    await change(database, 'DELETE FROM patient WHERE id > 10');
    expect((await plan(context, wanted(target, taken))).problems).toEqual([]);
    const restored = await restore(context, wanted(target, taken));
    expect(restored.problem).toBeNull();
    expect(await contentOf(engine, database)).toEqual(before);
  });
});

describe('A plain one of PostgreSQL', () => {
  it('is restored as an archive is', async (current) => {
    const reason = unavailable('postgres15');
    if (reason !== undefined) skipBecause(current, reason);
    const { context } = test.backend;
    await using database = await testDatabase('postgres15');
    await fill('postgres15', database);
    const target = adHoc(database.url, test.folder);
    const before = await contentOf('postgres15', database);
    const taken = await backup(target, { format: 'plain' });
    expect(taken).toMatchObject({ format: 'plain', level: 'checked' });
    await change(database, 'DELETE FROM patient');
    const restored = await restore(context, wanted(target, taken));
    expect(restored.problem).toBeNull();
    expect(await contentOf('postgres15', database)).toEqual(before);
  });
});

describe('A partial one', () => {
  it('never replaces the whole one that a gate asks for', async (current) => {
    const reason = unavailable('postgres15');
    if (reason !== undefined) skipBecause(current, reason);
    await using database = await testDatabase('postgres15');
    await database.query('create table person (id integer)');
    const source = await writeFolder(test.folder, {
      '20260101000001_a.sql': '-- migrate:up\ncreate table a (id integer);\n-- migrate:down\ndrop table a;\n',
    });
    const target = adHoc(database.url, source, 'test');
    expect(await backup(target, { covers: 'schema' })).toMatchObject({ covers: 'schema' });
    expect(await problemOf(run(test.backend, target, { backup: false }))).toMatchObject({
      code: 'gate.backupRequired',
    });
    const { run: done } = await run(test.backend, target, { backup: true });
    expect(test.backend.context.workspace.backups.get(done.backup?.id ?? '')?.covers).toBe('everything');
  });
});

describe('A key', () => {
  it('is asked for when this session does not know it, and a wrong passphrase is told', async () => {
    await using database = await testDatabase('sqlite');
    const target = adHoc(database.url, test.folder);
    await setWorkspace({ backup: { encrypted: true } });
    // As another process left it, whose memory this one does not share.
    const key = await keyFromPassphrase('another battery staple');
    const salt = key.recipe.kind === 'passphrase' ? key.recipe.salt.toString('base64') : '';
    test.backend.context.workspace.settings.set('archiveKey', {
      id: key.id,
      keep: 'ask',
      recipe: { ...key.recipe, salt },
    });
    expect(await problemOf(backup(target))).toMatchObject({
      code: 'backup.keyMissing',
      hint: expect.stringMatching(/passphrase/),
    });
    const { context } = test.backend;
    expect((await readSettings(context)).archiveKey).toMatchObject({ kind: 'passphrase', unlocked: false });
    expect(await problemOf(unlockArchiveKey(context, { backup: null, passphrase: 'not the one' }))).toMatchObject({
      code: 'backup.wrongKey',
    });
    vi.stubEnv('LOCKKEEPER_BACKUP_PASSPHRASE', 'wrong as well');
    expect(await problemOf(backup(target))).toMatchObject({ code: 'backup.wrongKey' });
    vi.unstubAllEnvs();
    await unlockArchiveKey(context, { backup: null, passphrase: 'another battery staple' });
    expect(await backup(target)).toMatchObject({ key: key.id });
    expect((await readSettings(context)).archiveKey).toMatchObject({ unlocked: true });
  });

  it('that was never made is no reason to leave a backup unencrypted', async () => {
    await using own = await testBackend();
    await using database = await testDatabase('sqlite');
    const { context } = own.backend;
    await saveSettings(context, { layer: { scope: { kind: 'workspace' }, values: { backup: { encrypted: true } } } });
    const { problem } = await (await startBackup(context, adHoc(database.url, own.folder))).finished;
    expect(problem).toMatchObject({ code: 'backup.keyMissing', hint: 'Make one in Settings, Backups.' });
    expect(await readdir(path.join(context.workspace.dataDirectory, 'backups')).catch(() => [])).toEqual([]);
  });

  it('is in no file of the data directory', async () => {
    await using own = await testBackend();
    const { context } = own.backend;
    const canary = 'canary-passphrase-4f1d';
    await createArchiveKey(context, { kind: 'passphrase', passphrase: canary, keep: 'ask' });
    const kept = await context.credentials.session.get(`backup key ${(await readSettings(context)).archiveKey?.id}`);
    const secret = kept.kind === 'available' ? (kept.value ?? '').split(':')[1] : undefined;
    expect(secret).toHaveLength(44);
    for (const name of await readdir(own.folder, { recursive: true, withFileTypes: true })) {
      if (!name.isFile()) continue;
      const content = await readFile(path.join(name.parentPath, name.name));
      for (const text of [canary, secret ?? '', Buffer.from(secret ?? '', 'base64').toString('hex')])
        expect(content.includes(text), name.name).toBe(false);
    }
  });
});

describe('The catalogue', () => {
  it('notices missing and changed archives at a glance, and a check settles it', async () => {
    await using database = await testDatabase('sqlite');
    const { context } = test.backend;
    const target = adHoc(database.url, test.folder);
    const taken = await backup(target);
    const shown = async () => (await listBackups(context, taken.environment)).find(({ id }) => id === taken.id);
    expect(await shown()).toEqual(taken);

    await utimes(taken.path, new Date(0), new Date(0));
    expect((await shown())?.problem).toMatchObject({
      code: 'backup.changed',
      hint: expect.stringMatching(/backup check/),
    });
    // The content is what it was: only its date is another.
    await startCheck(context, taken.id).finished;
    expect(await shown()).toMatchObject({ problem: null, level: 'checked', modifiedAt: 0 });

    await rename(taken.path, `${taken.path}.away`);
    expect((await shown())?.problem).toMatchObject({ code: 'backup.notFound' });
    expect(context.workspace.backups.get(taken.id)?.problem).toBeNull();
    await rename(`${taken.path}.away`, taken.path);
    expect((await shown())?.problem).toBeNull();

    await writeFile(taken.path, 'something else');
    expect((await shown())?.problem).toMatchObject({ code: 'backup.changed' });
    await startCheck(context, taken.id).finished;
    expect((await shown())?.problem).toMatchObject({ code: 'backup.damaged' });
  });
});

describe('Pruning', () => {
  async function aged(database: TestDatabase, days: readonly number[]): Promise<Backup[]> {
    const { context } = test.backend;
    const taken: Backup[] = [];
    for (const day of days) {
      const one = await backup(adHoc(database.url, test.folder));
      const old = { ...one, takenAt: new Date(context.clock.now() - day * 86_400_000).toISOString() };
      context.workspace.backups.remove(one.id);
      context.workspace.backups.add(old);
      taken.push(old);
    }
    return taken;
  }
  const request = { olderThanDays: null, keep: null, dryRun: false };
  const idsOf = (list: readonly { readonly id: string }[]): string[] => list.map(({ id }) => id).sort();

  it('tells first, removes files, manifests and records, and keeps the newest good one', async () => {
    await using database = await testDatabase('sqlite');
    const { context } = test.backend;
    const [oldest, older, newest] = await aged(database, [90, 60, 40]);
    if (oldest === undefined || older === undefined || newest === undefined) throw new Error('no backups');
    const { environment } = newest;
    const expected = idsOf([oldest, older]);
    const dry = await pruneBackups(context, { ...request, environment, olderThanDays: 30, dryRun: true });
    expect(idsOf(dry.removed)).toEqual(expected);
    expect(await listBackups(context, environment)).toHaveLength(3);

    const report = await pruneBackups(context, { ...request, environment, olderThanDays: 30 });
    expect(idsOf(report.removed)).toEqual(expected);
    expect(report.kept).toMatchObject([{ id: newest.id, why: expect.stringMatching(/newest/) }]);
    expect(idsOf(await listBackups(context, environment))).toEqual([newest.id]);
    const left = await readdir(path.dirname(newest.path));
    for (const gone of [oldest, older]) expect(left.filter((name) => name.includes(gone.id))).toEqual([]);
    const told = context.workspace.audit.list({ environment, limit: 10 }).map(({ action }) => action);
    expect(told.filter((action) => action !== 'run ended')).toEqual(['backup removed', 'backup removed']);
  });

  it('keeps what a recent run can be undone with, and what is not the file that was written', async () => {
    await using database = await testDatabase('sqlite');
    const { context } = test.backend;
    const source = await writeFolder(test.folder, {
      '20260101000001_a.sql': '-- migrate:up\ncreate table a (id integer);\n-- migrate:down\ndrop table a;\n',
    });
    const { run: migrated } = await run(test.backend, adHoc(database.url, source), { backup: true });
    const [changed, missing, last] = await aged(database, [0, 0, 0]);
    if (changed === undefined || missing === undefined || last === undefined) throw new Error('no backups');
    await writeFile(changed.path, 'somebody’s own');
    await rm(missing.path);
    const report = await pruneBackups(context, { ...request, environment: last.environment, keep: 1 });
    expect(report.removed).toEqual([]);
    expect(Object.fromEntries(report.kept.map(({ id, why }) => [id, why]))).toMatchObject({
      [migrated.backup?.id ?? '']: 'a recent run can be undone with it',
    });
    expect(await readFile(changed.path, 'utf8')).toBe('somebody’s own');
    expect(context.workspace.backups.get(missing.id)).not.toBeNull();
  });

  it('happens by itself after a good backup where the settings say so', async () => {
    await using database = await testDatabase('sqlite');
    const { context } = test.backend;
    const environment = await addEnvironment(context, {
      name: 'pruned by itself',
      tier: 'development',
      colour: 'grey',
      group: '',
      connection: { engine: 'sqlite', file: database.url.slice('sqlite:'.length) },
      source: null,
      secret: null,
    });
    const target: TargetRequest = { kind: 'environment', nameOrId: environment.id };
    const values = { backupRetention: { count: 1 } };
    await saveSettings(context, { layer: { scope: { kind: 'environment', id: environment.id }, values } });
    const [first, second] = [await backup(target), await backup(target)];
    expect(context.workspace.backups.list({ environment: environment.name }).map(({ id }) => id)).toEqual([second.id]);
    await expect(readFile(first.path)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
