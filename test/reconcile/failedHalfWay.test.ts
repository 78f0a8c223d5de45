/** A script without a transaction that failed half-way: nothing begins it again unless somebody says so. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { planMigration } from '../../electron/services/planMigration.ts';
import { prepareRepair } from '../../electron/services/prepareRepair.ts';
import { reconcileRun } from '../../electron/services/reconcileRun.ts';
import { startRepair } from '../../electron/services/startRepair.ts';
import type { RunRequest } from '../../electron/services/startRun.ts';
import { unavailable } from '../servers/index.ts';
import { adHoc, run, type TestBackend, testBackend, testDatabase, writeFolder } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { resume } from './support.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const script = (up: string) => ({
  '1_a.sql': `-- migrate:up transaction:false\n${up}\n-- migrate:down transaction:false\nDROP TABLE beds;\n`,
  '2_b.sql': '-- migrate:up\nCREATE TABLE ward (id int);\n-- migrate:down\nDROP TABLE ward;\n',
});
const halfWay = 'CREATE TABLE beds (id int);\nINSERT INTO beds VALUES (1);\nINSERT INTO linen VALUES (1);';
const anew: Partial<RunRequest> = { accept: ['retryFailed', 'dataLoss'] };

describe.each(['sqlite', 'postgres15', 'mariadb'] as const)('on %s', (engine) => {
  beforeEach((context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  // MariaDB undoes the rows before in the same transaction.
  const done = engine === 'mariadb' ? 1 : 2;

  async function failed(up = halfWay) {
    const database = await testDatabase(engine);
    const at = adHoc(database.url, await writeFolder(test.folder, script(up)));
    const { run: first } = await run(test.backend, at);
    expect(first.steps.map(({ outcome }) => outcome)).toEqual(['failed', 'notExecuted']);
    return { database, at, first };
  }

  it('up does not begin it again, and names what may be done', async () => {
    const { database, at, first } = await failed();
    await using _ = database;
    const refused = await run(test.backend, at, { accept: ['dataLoss'] }).catch((thrown: unknown) => thrown);
    expect(refused).toMatchObject({
      problem: {
        code: 'run.unknown',
        message: `Run ${first.id} failed when it applied migration 1: ${done} of its 3 statements are done and stay.`,
        hint: expect.stringMatching(/run resume .*--roll-back.*--mark-applied 1.*--accept retryFailed/s),
      },
    });
    const { plan } = await planMigration(test.backend.context, at, { direction: 'up' });
    expect(plan.steps.map(({ hazards }) => hazards.filter(({ code }) => code === 'retryFailed').length)).toEqual([
      1, 0,
    ]);
    expect(plan.problems).toEqual([]);
    // Accepted it begins at its beginning, and meets what it left.
    const { run: again } = await run(test.backend, at, anew);
    expect(again.problem?.line).toBe(2);
    await database.query('DROP TABLE beds');
    await database.query('CREATE TABLE linen (id int)');
    await expect(run(test.backend, at, { accept: [] })).rejects.toMatchObject({ problem: { code: 'run.unknown' } });
    expect((await run(test.backend, at, anew)).run.outcome).toBe('succeeded');
    expect(await database.query('SELECT id FROM beds')).toEqual([{ id: 1 }]);
  });

  it('resuming goes on where it failed, with the first error still told', async () => {
    const { database, at, first } = await failed();
    await using _ = database;
    const view = await reconcileRun(test.backend.context, {
      ...{ run: first.id, target: at, orphan: 'tell', answer: null, reason: null },
    });
    expect(view.steps[0]).toMatchObject({ verdict: { kind: 'partly', at: { statement: done } } });
    expect(view.steps[0]?.error).toContain('linen');
    expect(view.offers.map(({ action }) => action)).toEqual(['resume', 'rollBack', 'markApplied', 'markReverted']);
    await database.query('CREATE TABLE linen (id int)');
    expect((await resume(test.backend.context, first.id, at)).outcome).toBe('succeeded');
    expect(await database.query('SELECT id FROM beds')).toEqual([{ id: 1 }]);
    await expect(run(test.backend, at, { accept: [] })).rejects.toMatchObject({
      problem: { code: 'plan.nothingToDo' },
    });
  });

  it('rolling it back asks for a reason, undoes what is there and makes it pending', async () => {
    const { database, at, first } = await failed();
    await using _ = database;
    await expect(resume(test.backend.context, first.id, at, 'rollBack', null)).rejects.toMatchObject({
      problem: { code: 'gate.reason' },
    });
    expect((await resume(test.backend.context, first.id, at, 'rollBack', 'wrong table')).outcome).toBe('succeeded');
    const [ended, told] = test.backend.context.workspace.audit.list({ limit: 2 });
    expect(ended).toMatchObject({ action: 'run ended', detail: { outcome: 'succeeded' } });
    expect(told).toMatchObject({ action: 'down', detail: { resumes: first.id, reason: 'wrong table' } });
    await database.query('CREATE TABLE linen (id int)');
    expect((await run(test.backend, at, { accept: [] })).run.outcome).toBe('succeeded');
  });

  it('marking it as applied asks for a reason, and settles it', async () => {
    const { database, at } = await failed();
    await using _ = database;
    const prepared = await prepareRepair(test.backend.context, at, [{ action: 'markApplied', version: '1' }]);
    const answers = { fingerprint: null, backup: false, confirm: null, reason: null, accept: [] };
    expect(() => startRepair(test.backend.context, prepared, answers)).toThrow(/reason/);
    const done = await startRepair(test.backend.context, prepared, { ...answers, reason: 'by hand' }).finished;
    expect(done.outcome).toBe('succeeded');
    const [ended, told] = test.backend.context.workspace.audit.list({ limit: 2 });
    expect(ended).toMatchObject({ action: 'run ended', detail: { outcome: 'succeeded' } });
    expect(told).toMatchObject({ action: 'repair', detail: { reason: 'by hand' } });
    const { run: rest } = await run(test.backend, at, { accept: [] });
    expect(rest.steps.map(({ version }) => version)).toEqual(['2']);
    expect(rest.outcome).toBe('succeeded');
  });

  it('marking it as reverted settles it, too', async () => {
    const { database, at } = await failed();
    await using _ = database;
    const prepared = await prepareRepair(test.backend.context, at, [{ action: 'markReverted', version: '1' }]);
    await startRepair(test.backend.context, prepared, {
      ...{ fingerprint: null, backup: false, confirm: null, reason: 'taken away by hand', accept: [] },
    }).finished;
    await database.query('DROP TABLE beds');
    await database.query('CREATE TABLE linen (id int)');
    expect((await run(test.backend, at, { accept: [] })).run.outcome).toBe('succeeded');
  });

  it('what failed at its first statement may simply be tried again', async () => {
    await using database = await testDatabase(engine);
    const at = adHoc(database.url, await writeFolder(test.folder, script('INSERT INTO linen VALUES (1);')));
    await run(test.backend, at);
    await database.query('CREATE TABLE linen (id int)');
    expect((await run(test.backend, at, { accept: [] })).run.outcome).toBe('succeeded');
  });

  it('a rollback that failed half-way is not begun again by itself either', async () => {
    await using database = await testDatabase(engine);
    const at = adHoc(
      database.url,
      await writeFolder(test.folder, {
        '1_a.sql':
          '-- migrate:up\nCREATE TABLE beds (id int);\n-- migrate:down transaction:false\nDROP TABLE beds;\nDROP TABLE linen;\n',
      }),
    );
    await run(test.backend, at);
    const down = { wanted: { direction: 'down' }, accept: ['dataLoss'] } as const;
    const { run: first } = await run(test.backend, at, down);
    expect(first.steps.map(({ outcome }) => outcome)).toEqual(['failed']);
    await expect(run(test.backend, at, down)).rejects.toMatchObject({ problem: { code: 'run.unknown' } });
    await database.query('CREATE TABLE linen (id int)');
    expect((await resume(test.backend.context, first.id, at)).outcome).toBe('succeeded');
  });
});

it('what its first statement left behind counts, too', async (context) => {
  const reason = unavailable('postgres15');
  if (reason !== undefined) skipBecause(context, reason);
  await using database = await testDatabase('postgres15');
  await database.query('CREATE TABLE beds (id int)');
  await database.query('INSERT INTO beds VALUES (1), (1)');
  const build = 'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS beds_id ON beds (id);';
  const at = adHoc(database.url, await writeFolder(test.folder, script(build)));
  const { run: first } = await run(test.backend, at);
  // Begun again it would find an index of that name, invalid as it is, and call that success.
  await expect(run(test.backend, at, { accept: [] })).rejects.toMatchObject({ problem: { code: 'run.unknown' } });
  await database.query('DELETE FROM beds');
  expect((await resume(test.backend.context, first.id, at)).outcome).toBe('succeeded');
  expect(await database.query("SELECT indisvalid FROM pg_index WHERE indexrelid = 'beds_id'::regclass")).toEqual([
    { indisvalid: true },
  ]);
});

it('rows of a table without transactions are asked about, once', async (context) => {
  const reason = unavailable('mariadb');
  if (reason !== undefined) skipBecause(context, reason);
  await using database = await testDatabase('mariadb');
  await database.query('CREATE TABLE beds (id int primary key) ENGINE=MyISAM');
  const at = adHoc(database.url, await writeFolder(test.folder, script('INSERT INTO beds VALUES (1), (2), (1);')));
  const { run: first } = await run(test.backend, at);
  expect(await database.query('SELECT id FROM beds')).toEqual([{ id: 1 }, { id: 2 }]);
  await expect(run(test.backend, at, { accept: [] })).rejects.toMatchObject({ problem: { code: 'run.unknown' } });
  await expect(resume(test.backend.context, first.id, at)).rejects.toMatchObject({ problem: { code: 'run.unknown' } });
  await database.query('DELETE FROM beds');
  const settled = await reconcileRun(test.backend.context, {
    ...{ run: first.id, target: at, orphan: 'tell', answer: 'done', reason: 'not needed' },
  });
  expect(settled.problem).toBeNull();
  expect((await resume(test.backend.context, first.id, at)).outcome).toBe('succeeded');
  expect(await database.query('SELECT id FROM beds')).toEqual([]);
});
