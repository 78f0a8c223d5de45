/** Settings by level, who may change them, and what they change. */

import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { call } from '@orpc/server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyAudit } from '../../electron/services/auditTrail.ts';
import { addEnvironment, editEnvironment, removeEnvironment } from '../../electron/services/environments.ts';
import { planMigration } from '../../electron/services/planMigration.ts';
import { pruneBackups } from '../../electron/services/pruneBackups.ts';
import { pruneRecords } from '../../electron/services/pruneRecords.ts';
import { readSettings, saveSettings } from '../../electron/services/settings.ts';
import { startRun } from '../../electron/services/startRun.ts';
import type { SettingsScope } from '../../shared/contract/settings.ts';
import { type Environment, protectionByTier, type Tier } from '../../shared/model/environment.ts';
import type { Rehearsal } from '../../shared/model/rehearsal.ts';
import { noLayers, type SettingsLayer, settingsFor } from '../../shared/model/settings.ts';
import { ProblemError } from '../../shared/problem.ts';
import { run, type TestBackend, type TestDatabase, testBackend, testDatabase, writeFolder } from './backend.ts';
import { environmentOf } from './values.ts';

let test: TestBackend;
let database: TestDatabase;
let source: string;
beforeAll(async () => {
  test = await testBackend();
  database = await testDatabase('sqlite');
  source = await writeFolder(test.folder, {
    '1_people.sql':
      "-- migrate:up\ncreate table if not exists people (id integer);\nselect 'kept' as word;\n-- migrate:down\ndrop table people;\n",
  });
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await test[Symbol.asyncDispose]();
});
beforeEach(async () => {
  const { context } = test.backend;
  for (const { id } of context.workspace.environments.list()) await removeEnvironment(context, id);
  await set({ kind: 'workspace' }, {});
  for (const tier of ['development', 'test', 'staging', 'production'] as const) await set({ kind: 'tier', tier }, {});
});

const set = (scope: SettingsScope, values: SettingsLayer) =>
  saveSettings(test.backend.context, { layer: { scope, values } });

const add = (name: string, tier: Tier): Promise<Environment> =>
  addEnvironment(test.backend.context, { ...environmentOf(database.url, source), name, tier });

const stored = (id: string) => {
  const found = test.backend.context.workspace.environments.find(id);
  if (found === null) throw new Error('no environment');
  return found;
};

const problemOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (thrown: unknown) => (thrown instanceof ProblemError ? thrown.problem : Promise.reject(thrown)),
  );

describe('Settings', () => {
  it('of an environment go over its tier’s, those over the workspace’s, those over what is built in', () => {
    const layers = {
      workspace: { detailedLogs: false, backup: { compression: 5, encrypted: true }, logRetentionDays: 90 },
      tiers: { test: { backup: { compression: 7 }, backupRetention: { days: 30 }, logRetentionDays: null } },
    };
    expect(settingsFor(layers, 'test', { backup: { folder: '/b' }, backupRetention: { days: null } })).toEqual({
      ...settingsFor(noLayers, 'test'),
      protection: protectionByTier.test,
      applyAtStart: 'never',
      administratorOnly: false,
      progress: true,
      detailedLogs: false,
      backup: {
        folder: '/b',
        format: 'custom',
        compression: 7,
        encrypted: true,
        dumpCommand: null,
        provingServer: null,
      },
      backupRetention: { days: null, count: null, undoDays: 30 },
      lockTimeoutMs: 5_000,
      lockAttempts: 5,
      logRetentionDays: null,
    });
    expect(settingsFor(layers, 'staging').backup.compression).toBe(5);
  });

  it('come through the contract checked, beside theme and density, and are written down', async () => {
    const { context } = test.backend;
    const router = await test.backend.router();
    await call(router.settings.set, { theme: 'dark' });
    const layer = { scope: { kind: 'tier', tier: 'test' }, values: { protection: { reason: true } } } as const;
    const settings = await call(router.settings.set, { layer });
    expect(settings).toMatchObject({ theme: 'dark', density: 'comfortable', archiveKey: null });
    expect(settings.layers.tiers.test).toEqual({ protection: { reason: true } });
    expect(context.workspace.audit.list({ limit: 1 })).toMatchObject([
      { action: 'settings changed', detail: { scope: { tier: 'test' }, before: {}, after: layer.values } },
    ]);
    for (const values of [
      { backup: { compression: 20 } },
      { backup: { dumpCommand: { command: [], shell: false, host: null, port: null } } },
      { backupRetention: { count: 0 } },
      { protection: { backup: 'perhaps' } },
    ])
      await expect(
        call(router.settings.set, { layer: { scope: { kind: 'workspace' }, values: values as SettingsLayer } }),
      ).rejects.toMatchObject({ data: { code: 'usage.invalid' } });
    expect((await readSettings(context)).layers.workspace).toEqual({});
  });

  it('of a tier change every environment that did not choose otherwise', async () => {
    const { context } = test.backend;
    const [follows, chose] = [await add('follows', 'test'), await add('chose', 'test')];
    await editEnvironment(context, { id: chose.id, protection: { ...protectionByTier.test, backup: 'none' } });
    await set({ kind: 'tier', tier: 'test' }, { protection: { typedName: true, backup: 'checked' } });
    expect(stored(follows.id).protection).toMatchObject({ typedName: true, backup: 'checked' });
    expect(stored(chose.id).protection).toMatchObject({ typedName: true, backup: 'none' });
    const refused = run(test.backend, { kind: 'environment', nameOrId: 'follows' }, { backup: true });
    expect(await problemOf(refused)).toMatchObject({ code: 'gate.confirmation' });
    await editEnvironment(context, { id: chose.id, protection: null });
    expect(stored(chose.id)).toMatchObject({ protection: { backup: 'checked' } });
    expect(stored(chose.id).settings).toBeUndefined();
  });

  it('of an environment are dropped with its tier’s protection, but only that', async () => {
    const { context } = test.backend;
    const { id } = await add('moves', 'production');
    await set({ kind: 'environment', id }, { protection: { reason: false }, backup: { compression: 9 } });
    await editEnvironment(context, { id, tier: 'test' });
    expect(stored(id)).toMatchObject({ protection: protectionByTier.test, settings: { backup: { compression: 9 } } });
  });

  it('hold for ad hoc targets of a tier as well', async () => {
    await set({ kind: 'tier', tier: 'test' }, { protection: { reason: true } });
    const target = { kind: 'adHoc', url: database.url, tier: 'test', overrides: { path: source } } as const;
    const { gate } = await planMigration(test.backend.context, target, { direction: 'up' });
    expect(gate.reason).toBe(true);
  });

  it('say whether logs keep notices, results and progress', async () => {
    const { id } = await add('quiet', 'development');
    const kinds = async (values: SettingsLayer) => {
      await set({ kind: 'environment', id }, values);
      const { records } = await run(test.backend, { kind: 'environment', nameOrId: id });
      await run(test.backend, { kind: 'environment', nameOrId: id }, { wanted: { direction: 'down' } });
      return new Set(records.map(({ type }) => type));
    };
    const everything = await kinds({});
    expect([everything.has('resultSet'), everything.has('statementProgress')]).toEqual([true, true]);
    const quiet = await kinds({ detailedLogs: false, progress: false });
    expect([quiet.has('resultSet'), quiet.has('statementProgress')]).toEqual([false, false]);
    expect(quiet.has('stepFinished')).toBe(true);
  });
});

describe('Administrators only', () => {
  it('nobody else changes anything, and everybody still may look', async () => {
    const { id } = await add('managed', 'development');
    await set({ kind: 'environment', id }, { administratorOnly: true });
    const context = { ...test.backend.context, role: 'operator' as const };
    const target = { kind: 'environment', nameOrId: id } as const;
    const { plan } = await planMigration(context, target, { direction: 'up' });
    expect(plan.problems).toMatchObject([{ code: 'gate.role' }]);
    const request = { target, wanted: { direction: 'up' }, fingerprint: null, confirm: null, reason: null } as const;
    const limits = { environment: 'managed', olderThanDays: 1, keep: null, dryRun: false };
    for (const work of [
      () => startRun(context, { ...request, accept: [], continueOnError: false }),
      () => editEnvironment(context, { id, name: 'mine' }),
      () => editEnvironment(context, { id, secret: { password: 'another one', keep: 'ask' } }),
      () => removeEnvironment(context, id),
      () => saveSettings(context, { layer: { scope: { kind: 'environment', id }, values: {} } }),
      () => saveSettings(context, { layer: { scope: { kind: 'tier', tier: 'development' }, values: {} } }),
      () => run({ ...test.backend, context }, target).then(() => pruneBackups(context, limits)),
    ])
      expect(await problemOf(work())).toMatchObject({ code: 'gate.role', state: 'Nothing was changed.' });
    expect(stored(id).name).toBe('managed');
    expect(await context.credentials.session.get(id)).toMatchObject({ value: null });
    expect(await saveSettings(context, { theme: 'light' })).toMatchObject({ theme: 'light' });
  });
});

describe('Logs of runs', () => {
  it('go when they are older than the settings keep them; the history stays', async () => {
    const { context } = test.backend;
    const { id } = await add('logged', 'development');
    const { run: done } = await run(test.backend, { kind: 'environment', nameOrId: id });
    const { run: other } = await run(
      test.backend,
      { kind: 'environment', nameOrId: id },
      { wanted: { direction: 'down' } },
    );
    const later = (days: number) => ({
      ...context,
      clock: { ...context.clock, now: () => Date.now() + days * 86_400_000 },
    });
    const prune = async (days: number, dryRun = false) =>
      (await pruneRecords(later(days), { olderThanDays: null, dryRun })).logs;
    expect(await prune(400)).toEqual([]);
    await set({ kind: 'environment', id }, { logRetentionDays: 30 });
    expect(await prune(29)).toEqual([]);
    context.workspace.runs.save({ ...other, outcome: 'interrupted' });
    expect(await prune(31, true)).toEqual([done.id]);
    expect(await prune(31)).toEqual([done.id]);
    expect(await prune(31)).toEqual([]);
    const files = await readdir(path.join(context.workspace.dataDirectory, 'runs'));
    expect(files.filter((name) => name.startsWith(done.id) && !name.includes('scripts'))).toEqual([]);
    expect(files).toContain(`${other.id}.jsonl`);
    expect(await context.runs.get(done.id)).toMatchObject({ outcome: 'succeeded' });
    expect(await problemOf(context.runs.records(done.id))).toMatchObject({
      code: 'run.notFound',
      message: expect.stringContaining('was removed'),
    });
  });
});

describe('What rehearsals saw, and recorded schemas', () => {
  it('go by their age, but for the last of each and what a gate still accepts', async () => {
    const { context } = test.backend;
    const { id } = await add('kept', 'development');
    const environment = stored(id).name;
    const day = 86_400_000;
    const now = Date.now();
    const at = (days: number) => new Date(now - days * day).toISOString();
    for (const [key, days] of [
      ['a', 100],
      ['b', 60],
      ['c', 40],
      ['d', 35],
    ] as const)
      context.workspace.rehearsals.add({ ...rehearsal, id: `kept-${key}`, key, environment, at: at(days) });
    for (const days of [100, 60, 50])
      context.workspace.snapshots.add(
        { serverId: 'kept', takenAt: at(days), version: null, sha256: String(days), why: { kind: 'run', run: 'x' } },
        [],
      );
    const prune = () => pruneRecords(context, { olderThanDays: null, dryRun: false });
    expect(await prune()).toMatchObject({ rehearsals: [], schemas: 0 });
    // A rehearsal of two months ago still counts there.
    await set({ kind: 'environment', id }, { rehearsalRetentionDays: 30, protection: { rehearsalHours: 50 * 24 } });
    await set({ kind: 'workspace' }, { schemaRetentionDays: 30 });
    expect(await prune()).toMatchObject({ rehearsals: ['kept-b', 'kept-a'], schemas: 2 });
    expect(context.workspace.snapshots.last('kept')).toMatchObject({ sha256: '50' });
    expect(context.workspace.snapshots.objects('100')).toBeNull();
    expect(context.workspace.audit.list({ limit: 1 })[0]).toMatchObject({ action: 'records removed' });
    expect(await prune()).toMatchObject({ rehearsals: [], schemas: 0 });
    expect((await verifyAudit(context, { target: null, file: null })).findings).toEqual([]);
    await set({ kind: 'workspace' }, {});
  });
});

describe('Folders of dump programs', () => {
  it('are absolute, an administrator’s, and written down', async () => {
    const { context } = test.backend;
    expect(await problemOf(saveSettings(context, { programFolders: ['tools'] }))).toMatchObject({
      code: 'usage.invalid',
    });
    const operator = { ...context, role: 'operator' } as const;
    expect(await problemOf(saveSettings(operator, { programFolders: ['/opt/tools'] }))).toMatchObject({
      code: 'gate.role',
    });
    expect((await readSettings(context)).programFolders).toEqual([]);
    await saveSettings(context, { programFolders: ['/opt/tools'] });
    expect((await readSettings(context)).programFolders).toEqual(['/opt/tools']);
    expect(context.workspace.audit.list({ limit: 1 })[0]).toMatchObject({
      action: 'settings changed',
      detail: { programFolders: { before: [], after: ['/opt/tools'] } },
    });
    await saveSettings(context, { programFolders: [] });
  });
});

const rehearsal: Rehearsal = {
  id: '',
  key: '',
  environment: '',
  engine: 'sqlite',
  tool: 'dbmate',
  database: 'kept',
  serverVersion: '3',
  direction: 'up',
  actor: 'ada',
  at: '',
  durationMs: 1,
  copy: { kind: 'data', backup: null, place: 'here', tables: null, limits: [] },
  outcome: 'passed',
  problem: null,
  steps: [],
  schema: [],
  schemaSha256: '',
  rows: [],
  unsound: [],
  back: null,
};
