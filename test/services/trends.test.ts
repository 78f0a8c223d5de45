import { expect, test } from 'vitest';
import { readTrends } from '../../electron/services/readTrends.ts';
import { startRun } from '../../electron/services/startRun.ts';
import { beginTour, markTour, readTour } from '../../electron/services/tour.ts';
import { tourMigrations } from '../../shared/model/tour.ts';
import { testBackend } from './backend.ts';

test('trends tell durations of what succeeded and sizes of backups, oldest first; a failed run tells none', async () => {
  await using test = await testBackend();
  const { context } = test.backend;
  const { environmentId } = await beginTour(context);
  const target = { kind: 'environment', nameOrId: environmentId } as const;
  const answers = { fingerprint: null, backup: true, confirm: null, reason: null, continueOnError: false };
  for (const wanted of [
    { direction: 'up', to: tourMigrations.harmless },
    { direction: 'down', version: tourMigrations.harmless },
  ] as const)
    expect((await (await startRun(context, { ...answers, target, wanted, accept: [] })).finished).outcome).toBe(
      'succeeded',
    );
  const all = readTrends(context, null);
  expect(new Set(all.steps.map(({ environment }) => environment)).size).toBe(2);
  expect(all.shortened).toBe(false);
  const own = readTrends(context, 'bakery-test');
  expect(own.steps.map(({ version, action }) => `${action} ${version}`).slice(-2)).toEqual([
    `apply ${tourMigrations.harmless}`,
    `revert ${tourMigrations.harmless}`,
  ]);
  expect(own.runs.map(({ action }) => action)).toEqual(['up', 'up', 'down']);
  expect(own.backups.length).toBe(2);
  for (const { bytes } of own.backups) expect(bytes).toBeGreaterThan(0);
  for (const list of [own.steps, own.runs, own.backups]) {
    const times = list.map(({ at }) => at);
    expect(times).toEqual(times.toSorted());
  }
});

test('the tour is kept, can be left and taken up, and ends with its last step', async () => {
  await using test = await testBackend();
  const { context } = test.backend;
  expect(readTour(context)).toBeNull();
  expect(markTour(context, { done: 'plan' })).toBeNull();
  const begun = await beginTour(context);
  expect(begun).toMatchObject({ state: 'on', done: [] });
  markTour(context, { done: 'changed' });
  markTour(context, { done: 'plan' });
  expect(markTour(context, { left: true })).toMatchObject({ state: 'off', done: ['plan', 'changed'] });
  expect(await beginTour(context)).toMatchObject({ state: 'on', since: begun.since, done: ['plan', 'changed'] });
  for (const done of ['risky', 'migrate', 'rollBack'] as const) markTour(context, { done });
  expect(readTour(context)?.state).toBe('finished');
  expect(markTour(context, { left: true })?.state).toBe('off');
  expect(await beginTour(context)).toMatchObject({ state: 'on', done: [] });
  context.workspace.environments.remove(begun.environmentId);
  expect(readTour(context)).toBeNull();
});
