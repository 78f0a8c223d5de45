/** Interrupted runs on the command line: told, found out about and gone on with, also where the workspace is lost. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { firstOf, until } from '../reconcile/support.ts';
import { unavailable } from '../servers/index.ts';
import { testDatabase, writeFolder } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { lockkeeper } from './lockkeeper.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lockkeeper-runs-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach((context) => {
  const reason = unavailable('postgres15');
  if (reason !== undefined) skipBecause(context, reason);
});

const home = (name: string): string => path.join(folder, name);

/** The server has come to the statement that sleeps. */
const working =
  "SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND wait_event = 'PgSleep'";

async function killedMidway() {
  const database = await testDatabase('postgres15');
  const source = await writeFolder(folder, {
    '20260101000001_a.sql': `-- migrate:up transaction:false
CREATE TABLE patient (id int);
SET lockkeeper_test.kept = 'still set';
INSERT INTO patient SELECT 1 FROM pg_sleep(1.5);
INSERT INTO patient SELECT 2 WHERE current_setting('lockkeeper_test.kept') = 'still set';
-- migrate:down
DROP TABLE patient;
`,
  });
  const where = ['--url', database.url, '--source', source];
  let stop: () => void = () => undefined;
  const dying = lockkeeper(home('first'), ['up', '--no-backup', '--json', ...where], {
    onStart: (kill) => {
      stop = () => kill('SIGKILL');
    },
  });
  const inTheMiddle = until(async () => (await firstOf(database, working)) === 1);
  const early = await Promise.race([inTheMiddle.then(() => null), dying]);
  expect(early?.stdout ?? null).toBeNull();
  stop();
  await dying;
  return { database, where };
}

it('lists a killed run as interrupted, refuses up with code 8, reconciles and resumes', {
  timeout: 120_000,
}, async () => {
  const { database, where } = await killedMidway();
  await using _ = database;
  const listed = await lockkeeper(home('first'), ['run', 'list', '--json']);
  const { runs } = listed.json() as unknown as { runs: readonly Record<string, unknown>[] };
  expect(runs).toMatchObject([{ action: 'up', outcome: 'interrupted' }]);
  expect(Object.keys(runs[0] ?? {})).toEqual(
    expect.arrayContaining(['id', 'environment', 'action', 'outcome', 'startedAt', 'finishedAt']),
  );
  const id = String(runs[0]?.['id']);

  const shown = await lockkeeper(home('first'), ['run', 'show', id, '--json', ...where]);
  expect(shown.code).toBe(0);
  expect(shown.json()).toMatchObject({ run: { id, outcome: 'interrupted' } });

  const reconciled = await lockkeeper(home('first'), ['run', 'reconcile', id, '--wait', '--json', ...where]);
  expect(reconciled.code).toBe(0);
  expect(reconciled.json()).toMatchObject({ run: id, recorded: true, problem: null });
  const refused = await lockkeeper(home('first'), ['up', '--no-backup', '--json', ...where]);
  expect([refused.code, refused.json().problem?.code]).toEqual([8, 'run.unknown']);

  // A workspace that has never heard of it, as on another computer.
  const elsewhere = await lockkeeper(home('second'), ['run', 'list', '--json', ...where]);
  const journaled = (elsewhere.json() as unknown as { runs: readonly Record<string, unknown>[] }).runs;
  expect(journaled.find((one) => one['id'] === id)).toMatchObject({ action: 'up', outcome: 'interrupted' });
  const told = await lockkeeper(home('second'), ['run', 'show', id, ...where]);
  expect(told.stdout).toContain('statements are done');
  expect(told.stderr).toContain(`lockkeeper run resume ${id}`);
  const resumed = await lockkeeper(home('second'), ['run', 'resume', id, '--json', '--reason', 'killed', ...where]);
  expect(resumed.json()).toMatchObject({ outcome: 'succeeded', problem: null });
  expect(resumed.code).toBe(0);
  expect(await database.query('SELECT id FROM patient ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
  expect((await lockkeeper(home('first'), ['status', '--json', ...where])).json()).toMatchObject({
    counts: { applied: 1, pending: 0, interrupted: 0 },
  });
  const nothing = await lockkeeper(home('first'), ['run', 'resume', id, '--json', ...where]);
  expect([nothing.code, nothing.json().problem?.code]).toEqual([0, 'plan.nothingToDo']);
});

it('rolls an interrupted migration back by one command', { timeout: 120_000 }, async () => {
  const { database, where } = await killedMidway();
  await using _ = database;
  const listed = await lockkeeper(home('first'), ['run', 'list', '--json', '--limit', '1']);
  const id = String((listed.json() as unknown as { runs: readonly Record<string, unknown>[] }).runs[0]?.['id']);
  expect(
    (await lockkeeper(home('first'), ['run', 'reconcile', id, '--cancel', '--reason', 'hurry', ...where])).code,
  ).toBe(0);
  const back = await lockkeeper(home('first'), [
    'run',
    'resume',
    id,
    '--roll-back',
    '--reason',
    'not today',
    '--json',
    '--accept',
    'dataLoss',
    ...where,
  ]);
  expect(back.json()).toMatchObject({ outcome: 'succeeded' });
  expect(await database.query("SELECT to_regclass('patient') AS there")).toEqual([{ there: null }]);
  expect((await lockkeeper(home('first'), ['up', '--json', '--no-backup', ...where])).json()).toMatchObject({
    outcome: 'succeeded',
  });
  expect(await database.query('SELECT count(*)::int AS n FROM patient')).toEqual([{ n: 2 }]);
});

it('knows no run that is nowhere', async () => {
  const unknown = await lockkeeper(home('third'), ['run', 'show', '01NOWHERE', '--json']);
  expect([unknown.code, unknown.json().problem?.code]).toEqual([2, 'run.notFound']);
});
