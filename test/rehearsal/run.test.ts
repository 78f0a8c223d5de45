/** A rehearsal as a run: a backup where none fits, proven by the same restore; nothing is left, and nothing is changed. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { planMigration } from '../../electron/services/planMigration.ts';
import { type RehearsalRunRequest, startRehearsal } from '../../electron/services/startRehearsal.ts';
import { unavailable } from '../servers/index.ts';
import { adHoc, run, type TestBackend, testBackend, testDatabase, writeFolder } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const first =
  '-- migrate:up\ncreate table people (id integer);\ninsert into people values (1), (2);\n-- migrate:down\n';
const second = '-- migrate:up\ninsert into people values (3);\n-- migrate:down\ndelete from people where id = 3;\n';

async function begin(target: ReturnType<typeof adHoc>, request: Partial<RehearsalRunRequest> = {}) {
  return startRehearsal(test.backend.context, {
    target,
    wanted: { direction: 'up' },
    copy: { kind: 'auto', tables: null },
    newBackup: 'ifNeeded',
    accept: ['busyServer'],
    limitMs: 600_000,
    ...request,
  });
}

const rehearse = async (...asked: Parameters<typeof begin>) => (await begin(...asked)).finished;

describe.each(['postgres15', 'mariadb'] as const)('on %s', (engine) => {
  beforeEach((context) => {
    const reason = unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  it('takes a backup where none fits, proves it, and leaves it for the next one; after a migration it takes another', async () => {
    await using database = await testDatabase(engine);
    await run(test.backend, adHoc(database.url, await writeFolder(test.folder, { '1_people.sql': first })));
    const target = adHoc(database.url, await writeFolder(test.folder, { '1_people.sql': first, '2_more.sql': second }));
    const done = await rehearse(target);
    expect(done).toMatchObject({ action: 'rehearse', outcome: 'succeeded', problem: null, steps: [] });
    expect(done.finishedPhases).toEqual(['backup', 'check', 'copy', 'prove', 'rehearse', 'back']);
    const { workspace } = test.backend.context;
    const [backup] = workspace.backups.list({ environment: done.environment });
    expect(backup).toMatchObject({ id: done.backup?.id, level: 'proven' });
    expect(workspace.rehearsals.get(done.rehearsal?.id ?? '')).toMatchObject({
      outcome: 'passed',
      copy: { kind: 'data', backup: backup?.id },
      rows: [{ before: 2, after: 3 }],
    });
    expect(workspace.rehearsals.lastWith(done.environment, '2')?.id).toBe(done.rehearsal?.id);
    expect(workspace.rehearsals.lastWith(done.environment, '1')).toBeNull();
    expect((await rehearse(target)).finishedPhases).toEqual(['copy', 'rehearse', 'back']);
    await run(test.backend, target);
    const third = { '1_people.sql': first, '2_more.sql': second, '3_again.sql': second.replaceAll('3', '4') };
    const after = await rehearse(adHoc(database.url, await writeFolder(test.folder, third)));
    expect(after.finishedPhases).toContain('backup');
    expect(await database.query('select id from people where id = 4')).toEqual([]);
  });
});

it('ends as failed with the problem of the plan, whose result is kept; the database is as before', async () => {
  await using database = await testDatabase('sqlite');
  const failing = `${first.replace('-- migrate:down', 'insert into nobody values (1);\n-- migrate:down')}`;
  const source = await writeFolder(test.folder, { '1_people.sql': failing });
  const done = await rehearse(adHoc(database.url, source));
  expect(done).toMatchObject({
    outcome: 'failed',
    problem: { code: 'database.statementFailed', line: 4 },
    rehearsal: { outcome: 'failed' },
  });
  expect(await database.query('select name from sqlite_schema')).toEqual([]);
  const production = adHoc(database.url, source, 'production');
  const { gate } = await planMigration(test.backend.context, production, { direction: 'up' });
  expect(gate.rehearsal).toMatchObject({ code: 'gate.rehearsal', message: expect.stringContaining('failed') });
});

it('is cancelled at once, and nothing of it is kept', async () => {
  await using database = await testDatabase('sqlite');
  const endless =
    '-- migrate:up\nwith recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n;\n-- migrate:down\n';
  const target = adHoc(database.url, await writeFolder(test.folder, { '1_endless.sql': endless }));
  const { context } = test.backend;
  const started = await begin(target);
  for await (const { type } of context.runs.watch(started.id, 0, new AbortController().signal))
    if (type === 'rehearsalProgress') context.runs.cancel(started.id);
  const done = await started.finished;
  expect(done).toMatchObject({ outcome: 'cancelled', problem: { code: 'run.cancelled' } });
  expect(done.rehearsal).toBeUndefined();
});

it('is refused before it begins where there is nothing to rehearse', async () => {
  await using database = await testDatabase('sqlite');
  const target = adHoc(database.url, await writeFolder(test.folder, { '1_people.sql': first }));
  await run(test.backend, target);
  await expect(begin(target)).rejects.toMatchObject({ problem: { code: 'plan.nothingToDo' } });
});
