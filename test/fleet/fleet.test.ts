/** Fleets over real databases: order, failures, gates, going on. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { editEnvironment } from '../../electron/services/environments.ts';
import { findFleet, watchFleet } from '../../electron/services/fleet/findFleet.ts';
import { planFleet } from '../../electron/services/fleet/planFleet.ts';
import { resumeFleet } from '../../electron/services/fleet/startFleet.ts';
import type { Tier } from '../../shared/model/environment.ts';
import type { FleetEvent, FleetMemberPlan } from '../../shared/model/fleet.ts';
import { ProblemError } from '../../shared/problem.ts';
import { unavailable } from '../servers/index.ts';
import { type TestBackend, type TestEngine, testBackend, writeFolder } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { fleetOf, place, placeFile, statesOf, steps } from './place.ts';

const never = new AbortController().signal;
const answers = { confirm: null, reason: null, accept: [] };
const goOn = (id: string) => ({ id, retryFailed: false, leaveFailed: false, ...answers });

const codeOf = async (work: () => unknown): Promise<string> => {
  try {
    await work();
  } catch (thrown) {
    return thrown instanceof ProblemError ? thrown.problem.code : String(thrown);
  }
  return 'nothing';
};

/** A folder whose second migration fails where a table `stop` stands in the way. */
const stoppable = (test: TestBackend) =>
  writeFolder(test.folder, {
    ...steps(1),
    '2_stop.sql': '-- migrate:up\ncreate table stop (id integer);\n-- migrate:down\n',
  });

async function files(test: TestBackend, source: string, names: Readonly<Record<string, Tier>>) {
  const placed = new Map<string, Awaited<ReturnType<typeof placeFile>>>();
  for (const [name, tier] of Object.entries(names)) {
    const protection = {
      typedName: false,
      reason: false,
      backup: 'none',
      acceptHazards: false,
      rehearsalHours: null,
      readOnly: false,
    } as const;
    placed.set(name, await placeFile(test, source, { name, tier, protection }));
  }
  return placed;
}

async function block(file: string): Promise<void> {
  const { default: Sqlite } = await import('better-sqlite3');
  const database = new Sqlite(file);
  database.exec('create table stop (id integer)');
  database.close();
}

async function unblock(file: string): Promise<void> {
  const { default: Sqlite } = await import('better-sqlite3');
  const database = new Sqlite(file);
  database.exec('drop table stop');
  database.close();
}

describe('of twelve databases on three engines', { timeout: 600_000 }, () => {
  it('plans, migrates all, and finds nothing to do a second time', async (context) => {
    const engines: readonly TestEngine[] = ['postgres15', 'mariadb', 'sqlite'];
    for (const engine of engines) {
      const reason = engine === 'sqlite' ? undefined : unavailable(engine);
      if (reason !== undefined) skipBecause(context, reason);
    }
    await using test = await testBackend();
    const { context: services } = test.backend;
    const source = await writeFolder(test.folder, steps(3));
    await using placed = new AsyncDisposableStack();
    const members = [];
    for (let number = 0; number < 12; number += 1) {
      const engine = engines[number % 3] ?? 'sqlite';
      const one = await place(test, engine, source, { name: `shop ${number}` });
      placed.use(one.database);
      members.push(one);
    }
    const environmentIds = members.map(({ id }) => id);
    const plans: FleetMemberPlan[] = [];
    for await (const event of planFleet(
      services,
      { environmentIds, wanted: { direction: 'up' }, shard: null, jobs: 4 },
      never,
    ))
      if (event.type === 'planned') plans.push(event.plan);
    expect(plans.map(({ versions, problem }) => [versions, problem])).toEqual(plans.map(() => [['1', '2', '3'], null]));

    const first = fleetOf(test, members, { jobs: 5 });
    const events: FleetEvent[] = [];
    for await (const event of watchFleet(services, first.id, never)) events.push(event);
    expect(await first.finished).toMatchObject({ outcome: 'succeeded', problem: null });
    const { members: ended } = findFleet(services, first.id);
    expect(ended.map(({ state, steps, done }) => [state, steps, done])).toEqual(ended.map(() => ['succeeded', 3, 3]));
    for (const { database } of members)
      expect((await database.query('select id from step_3')).map((row) => Number(row['id']))).toEqual([3]);
    expect(events.filter(({ type }) => type === 'members').length).toBeGreaterThan(12);
    // Each is a run like any other.
    for (const { run } of ended) expect(services.workspace.runs.get(run ?? '')).toMatchObject({ outcome: 'succeeded' });

    const second = fleetOf(test, members);
    expect(await second.finished).toMatchObject({ outcome: 'succeeded' });
    expect([...new Set(Object.values(statesOf(test, second.id)))]).toEqual(['upToDate']);
    expect(services.fleets.size).toBe(0);
  });
});

describe('order and failures', { timeout: 600_000 }, () => {
  it('goes stage by stage, and begins none before the last one is done', async () => {
    await using test = await testBackend();
    const source = await stoppable(test);
    const placed = await files(test, source, {
      d: 'development',
      t1: 'test',
      t2: 'test',
      s: 'staging',
      p: 'production',
    });
    const stop = placed.get('t1')?.file ?? '';
    await block(stop);
    const all = [...placed.values()].reverse();
    const fleet = fleetOf(test, all, { maxFailures: null });
    expect(await fleet.finished).toMatchObject({
      outcome: 'failed',
      problem: { code: 'fleet.stopped' },
      stage: 'test',
    });
    expect(statesOf(test, fleet.id)).toEqual({
      d: 'succeeded',
      t1: 'failed',
      t2: 'succeeded',
      s: 'waiting',
      p: 'waiting',
    });

    // What failed stays as it is, and holds its stage, until somebody decides.
    const again = await resumeFleet(test.backend.context, goOn(fleet.id));
    expect(await again.finished).toMatchObject({ outcome: 'failed' });
    await unblock(stop);
    const retried = await resumeFleet(test.backend.context, { ...goOn(fleet.id), retryFailed: true });
    expect(await retried.finished).toMatchObject({ outcome: 'succeeded' });
    expect([...new Set(Object.values(statesOf(test, fleet.id)))]).toEqual(['succeeded']);
    expect(await codeOf(() => resumeFleet(test.backend.context, goOn(fleet.id)))).toBe('plan.nothingToDo');
  });

  it('stops at the first failure, or at the kth; what failed can be set aside', async () => {
    await using test = await testBackend();
    const source = await stoppable(test);
    const placed = await files(test, source, { a: 'test', b: 'test', c: 'test', d: 'test', e: 'staging' });
    for (const name of ['a', 'b', 'c']) await block(placed.get(name)?.file ?? '');
    const first = fleetOf(test, [...placed.values()], { jobs: 1 });
    await first.finished;
    expect(statesOf(test, first.id)).toEqual({ a: 'failed', b: 'waiting', c: 'waiting', d: 'waiting', e: 'waiting' });
    const second = fleetOf(test, [...placed.values()], { jobs: 1, maxFailures: 2 });
    await second.finished;
    expect(statesOf(test, second.id)).toEqual({ a: 'failed', b: 'failed', c: 'waiting', d: 'waiting', e: 'waiting' });
    await unblock(placed.get('c')?.file ?? '');
    const left = await resumeFleet(test.backend.context, { ...goOn(second.id), leaveFailed: true });
    // Not all of it was reached.
    expect(await left.finished).toMatchObject({ outcome: 'failed', problem: null });
    expect(statesOf(test, second.id)).toEqual({
      a: 'failed',
      b: 'failed',
      c: 'succeeded',
      d: 'succeeded',
      e: 'succeeded',
    });
  });

  it('a canary that fails stops all others, whatever may fail', async () => {
    await using test = await testBackend();
    const placed = await files(test, await stoppable(test), { a: 'test', b: 'test', c: 'test' });
    await block(placed.get('a')?.file ?? '');
    const fleet = fleetOf(test, [...placed.values()], { canary: 1, maxFailures: null });
    await fleet.finished;
    expect(statesOf(test, fleet.id)).toEqual({ a: 'failed', b: 'waiting', c: 'waiting' });
  });

  it('waits between stages for a go-ahead', async () => {
    await using test = await testBackend();
    const placed = await files(test, await stoppable(test), { a: 'test', b: 'staging', c: 'production' });
    const fleet = fleetOf(test, [...placed.values()], { pauseBetweenStages: true });
    expect(await fleet.finished).toMatchObject({ outcome: 'paused', problem: { code: 'fleet.paused' } });
    expect(statesOf(test, fleet.id)).toEqual({ a: 'succeeded', b: 'waiting', c: 'waiting' });
    const second = await resumeFleet(test.backend.context, goOn(fleet.id));
    expect(await second.finished).toMatchObject({ outcome: 'paused' });
    expect(statesOf(test, fleet.id)).toEqual({ a: 'succeeded', b: 'succeeded', c: 'waiting' });
    const third = await resumeFleet(test.backend.context, goOn(fleet.id));
    expect(await third.finished).toMatchObject({ outcome: 'succeeded' });
  });

  it('a cancelled one begins nothing more, and is gone on with', async () => {
    await using test = await testBackend();
    const placed = await files(test, await stoppable(test), { a: 'test', b: 'test', c: 'test' });
    const fleet = fleetOf(test, [...placed.values()], { jobs: 1 });
    test.backend.context.fleets.get(fleet.id)?.cancel();
    expect(await fleet.finished).toMatchObject({ outcome: 'cancelled' });
    expect(Object.values(statesOf(test, fleet.id))).not.toContain('succeeded');
    const again = await resumeFleet(test.backend.context, goOn(fleet.id));
    expect(await again.finished).toMatchObject({ outcome: 'succeeded' });
  });

  it('refuses members whose folder is not what the first one was migrated from', async () => {
    await using test = await testBackend();
    const source = await stoppable(test);
    const placed = await files(test, source, { a: 'test', b: 'staging' });
    const fleet = fleetOf(test, [...placed.values()], { pauseBetweenStages: true });
    await fleet.finished;
    await writeFile(join(source, '3_later.sql'), '-- migrate:up\n-- migrate:down\n');
    const again = await resumeFleet(test.backend.context, goOn(fleet.id));
    await again.finished;
    expect(findFleet(test.backend.context, fleet.id).members[1]).toMatchObject({
      state: 'refused',
      problem: { code: 'plan.stale' },
    });
    await rm(join(source, '3_later.sql'));
    const back = await resumeFleet(test.backend.context, { ...goOn(fleet.id), retryFailed: true });
    expect(await back.finished).toMatchObject({ outcome: 'succeeded' });
  });
});

describe('protected members', { timeout: 600_000 }, () => {
  it('are confirmed together, by the fleet’s name and their number, and each keeps its own gate', async () => {
    await using test = await testBackend();
    const source = await writeFolder(test.folder, {
      '1_a.sql': '-- migrate:up\ncreate table a (id integer);\n-- migrate:down\ndrop table a;\n',
    });
    const protection = {
      typedName: true,
      reason: true,
      backup: 'checked',
      acceptHazards: true,
      rehearsalHours: null,
      readOnly: false,
    } as const;
    const one = await placeFile(test, source, { name: 'one', tier: 'production', protection });
    const two = await placeFile(test, source, { name: 'two', tier: 'production', protection });
    const free = await placeFile(test, source, { name: 'free' });
    const members = [one, two, free];
    expect(await codeOf(() => fleetOf(test, members))).toBe('gate.confirmation');
    expect(await codeOf(() => fleetOf(test, members, {}, { confirm: 'Shops 3' }))).toBe('gate.confirmation');
    expect(await codeOf(() => fleetOf(test, members, {}, { confirm: 'Shops 2' }))).toBe('gate.reason');
    expect(test.backend.context.workspace.fleets.list(10)).toEqual([]);
    const fleet = fleetOf(test, members, {}, { confirm: 'Shops 2', reason: 'Release 4' });
    expect(await fleet.finished).toMatchObject({ outcome: 'succeeded' });
    const { context } = test.backend;
    for (const { id } of [one, two])
      expect(context.workspace.runs.latest({ environmentId: id, limit: 1 })[0]).toMatchObject({
        outcome: 'succeeded',
        reason: 'Release 4',
        backup: { level: 'checked' },
      });
  });

  it('that became protected since are refused, not migrated unasked', async () => {
    await using test = await testBackend();
    const placed = await files(test, await stoppable(test), { a: 'test', b: 'staging' });
    const fleet = fleetOf(test, [...placed.values()], { pauseBetweenStages: true });
    await fleet.finished;
    const { context } = test.backend;
    const before = context.workspace.environments.find('b');
    if (before === null) throw new Error('b is gone');
    await editEnvironment(context, {
      id: before.id,
      protection: { ...before.protection, changeWindows: undefined, typedName: true } as never,
    });
    expect(await codeOf(() => resumeFleet(context, goOn(fleet.id)))).toBe('gate.confirmation');
    const again = await resumeFleet(context, { ...goOn(fleet.id), confirm: 'Shops 1' });
    expect(await again.finished).toMatchObject({ outcome: 'succeeded' });
  });
});
