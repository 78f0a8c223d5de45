/** A fleet that one process runs is cancelled by another one of the same workspace. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { cancelFleet } from '../../electron/services/fleet/cancelFleet.ts';
import { findFleet, listFleets } from '../../electron/services/fleet/findFleet.ts';
import { lockkeeper } from '../cli/lockkeeper.ts';
import { unavailable } from '../servers/index.ts';
import { type TestBackend, testBackend, writeFolder } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import type { ClientTask } from './client.ts';
import { fleetOf, type Placed, place, statesOf } from './place.ts';

const patience = { timeout: 300_000 };
const until = { timeout: 120_000, interval: 100 };
const slow = { '1_slow.sql': '-- migrate:up\nselect pg_sleep(3600);\n-- migrate:down\n' };

/** Three members whose migration ends by being cancelled only. */
async function threeSlow(test: TestBackend, placed: AsyncDisposableStack): Promise<readonly Placed[]> {
  const source = await writeFolder(test.folder, slow);
  const members = [];
  for (const number of [1, 2, 3]) {
    const one = await place(test, 'postgres15', source, { name: `shop ${number}` });
    placed.use(one.database);
    members.push(one);
  }
  return members;
}

async function startElsewhere({ backend }: TestBackend, members: readonly Placed[]): Promise<ChildProcess> {
  const passwords = Object.fromEntries(
    members.map(({ id, database }) => [id, decodeURIComponent(new URL(database.url).password)]),
  );
  const task: ClientTask = { home: backend.context.workspace.dataDirectory, passwords, fleet: null };
  return fork(fileURLToPath(new URL('./client.ts', import.meta.url)), [], {
    env: { ...process.env, LOCKKEEPER_FLEET_TASK: JSON.stringify(task) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

/** Its id, when its first member is at work in the database. */
async function atWork({ backend: { context } }: TestBackend, member: Placed): Promise<string> {
  await vi.waitFor(async () => {
    const sql =
      "select 1 from pg_stat_activity where state = 'active' and query like '%pg_sleep(3600)%' and pid <> pg_backend_pid() and datname = current_database()";
    expect(await member.database.query(sql)).not.toEqual([]);
  }, until);
  return (await listFleets(context, 1))[0]?.id ?? '';
}

test(
  'by the command line, which waits for its end; once more it says that there is nothing to cancel',
  patience,
  async (context) => {
    const reason = unavailable('postgres15');
    if (reason !== undefined) return skipBecause(context, reason);
    await using backend = await testBackend();
    await using placed = new AsyncDisposableStack();
    const members = await threeSlow(backend, placed);
    const [first] = members;
    if (first === undefined) throw new Error('no member');
    const home = backend.backend.context.workspace.dataDirectory;
    const process = await startElsewhere(backend, members);
    const gone = once(process, 'exit');
    const id = await atWork(backend, first);
    const cancelled = await lockkeeper(home, ['fleet', 'cancel', id, '--json']);
    expect([cancelled.code, cancelled.json()]).toMatchObject([0, { fleet: id, outcome: 'cancelled' }]);
    await gone;
    expect(statesOf(backend, id)).toEqual({ 'shop 1': 'cancelled', 'shop 2': 'waiting', 'shop 3': 'waiting' });
    const audit = backend.backend.context.workspace.audit.list({ environment: null, limit: 100, offset: 0 });
    expect(audit.map(({ action }) => action)).toContain('fleet cancelled');

    const again = await lockkeeper(home, ['fleet', 'cancel', id]);
    expect([again.code, again.stderr]).toEqual([0, expect.stringContaining('nothing to cancel')]);
    expect((await lockkeeper(home, ['fleet', 'cancel', 'none', '--json'])).json().problem?.code).toBe('fleet.notFound');
  },
);

test('one whose process died is told as interrupted, and is not waited for', patience, async (context) => {
  const reason = unavailable('postgres15');
  if (reason !== undefined) return skipBecause(context, reason);
  await using backend = await testBackend();
  await using placed = new AsyncDisposableStack();
  const members = await threeSlow(backend, placed);
  const [first] = members;
  if (first === undefined) throw new Error('no member');
  const process = await startElsewhere(backend, members);
  const gone = once(process, 'exit');
  const id = await atWork(backend, first);
  process.kill('SIGKILL');
  await gone;
  expect(await cancelFleet(backend.backend.context, id)).toBe('ended');
  expect(findFleet(backend.backend.context, id).fleet).toMatchObject({ outcome: 'interrupted' });
});

test('a request of before holds no longer when the fleet is gone on with', patience, async (context) => {
  const reason = unavailable('postgres15');
  if (reason !== undefined) return skipBecause(context, reason);
  await using backend = await testBackend();
  await using placed = new AsyncDisposableStack();
  const { context: services } = backend.backend;
  const [first] = await threeSlow(backend, placed);
  if (first === undefined) throw new Error('no member');
  const fleet = fleetOf(backend, [first]);
  const id = await atWork(backend, first);
  expect(id).toBe(fleet.id);
  // As another process would, which does not have it in its own list.
  const { fleets } = services.workspace;
  expect(fleets.askToCancel(findFleet(services, id).fleet, new Date().toISOString())).toBe(true);
  const ended = await fleet.finished;
  expect(ended.outcome).toBe('cancelled');
  expect(fleets.askToCancel(ended, new Date().toISOString())).toBe(true);
  expect(fleets.claim({ ...ended, outcome: null }, ended)).toBe(true);
  expect(fleets.isAskedToCancel(id)).toBe(false);
  expect(fleets.askToCancel(ended, new Date().toISOString())).toBe(false);
});
