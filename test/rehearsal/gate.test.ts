/** Production is opened by a fresh rehearsal of exactly the plan, and by nothing else but a word with a reason. */
import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { planMigration } from '../../electron/services/planMigration.ts';
import { adHoc, run, type TestBackend, testBackend, testDatabase, writeFolder } from '../services/backend.ts';
import { problemOf, rehearsed } from './support.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const folder = {
  '1_people.sql': '-- migrate:up\ncreate table people (id integer);\n-- migrate:down\ndrop table people;\n',
};

it('blocks without one, opens with one, and closes when files change, time goes by, or it failed', async () => {
  await using database = await testDatabase('sqlite');
  const source = await writeFolder(test.folder, folder);
  const target = adHoc(database.url, source, 'production');
  const context = { ...test.backend.context };
  const gate = async (later = 0) => {
    const clock = { ...context.clock, now: () => context.clock.now() + later };
    return (await planMigration({ ...context, clock }, target, { direction: 'up' })).gate.rehearsal ?? null;
  };
  expect(await gate()).toMatchObject({ code: 'gate.rehearsal', hint: expect.stringContaining('lockkeeper rehearse') });
  const rehearsal = await rehearsed(test, target);
  expect(await gate()).toBeNull();
  expect(await gate(25 * 3_600_000)).toMatchObject({ message: expect.stringContaining(rehearsal.at) });
  await appendFile(path.join(source, '1_people.sql'), '-- more\n');
  expect(await gate()).toMatchObject({ message: expect.stringContaining('none of these files') });
  await rehearsed(test, target);
  expect(await gate()).toBeNull();
  const confirm = (await planMigration(context, target, { direction: 'up' })).gate.typedName;
  const answers = { confirm, reason: 'change 1', backup: true, accept: [] };
  expect((await run(test.backend, target, answers)).run.outcome).toBe('succeeded');
});

it('a plan knows what its rehearsal saw: estimates, and hazards confirmed', async () => {
  await using database = await testDatabase('postgres15');
  const first = { '1_people.sql': '-- migrate:up\ncreate table people (id integer);\n-- migrate:down\n' };
  await run(test.backend, adHoc(database.url, await writeFolder(test.folder, first)));
  const source = await writeFolder(test.folder, {
    ...first,
    '2_wide.sql':
      '-- migrate:up\nalter table people alter column id type bigint;\n-- migrate:down\nalter table people alter column id type integer;\n',
  });
  const target = adHoc(database.url, source);
  await rehearsed(test, target);
  const { plan, rehearsal } = await planMigration(test.backend.context, target, { direction: 'up' });
  expect(rehearsal?.outcome).toBe('passed');
  expect(plan.steps[0]?.estimate?.source).toBe('rehearsal');
  const seen = plan.steps[0]?.hazards.filter(({ category }) => category === 'rewritesTable').map((one) => one.seen);
  expect(seen).toEqual(['confirmed']);
});

it('goes on without it only for a reason', async () => {
  await using database = await testDatabase('sqlite');
  const target = adHoc(database.url, await writeFolder(test.folder, folder), 'production');
  const confirm = (await planMigration(test.backend.context, target, { direction: 'up' })).gate.typedName;
  const answers = { confirm, reason: 'change 1', backup: true };
  expect(await problemOf(run(test.backend, target, { ...answers, accept: [] }))).toMatchObject({
    code: 'gate.rehearsal',
  });
  expect((await run(test.backend, target, { ...answers, accept: ['notRehearsed'] })).run.outcome).toBe('succeeded');
});

it('a verify script is asked before the first step and after the last, and both answers are kept', async () => {
  await using database = await testDatabase('sqlite');
  const source = await writeFolder(test.folder, {
    'lockkeeper.json': '{ "lockkeeper": 1 }',
    '1_people.sql':
      "-- lockkeeper:up\ncreate table people (id integer);\ninsert into people values (1);\n-- lockkeeper:verify\nselect count(*) as tables from sqlite_schema where name = 'people';\n",
  });
  const { run: done, records } = await run(test.backend, adHoc(database.url, source));
  expect(done.outcome).toBe('succeeded');
  const told = records.flatMap((one) => (one.type === 'resultSet' ? [[one.verification, one.result.rows]] : []));
  expect(told).toEqual([
    ['before', [['0']]],
    ['after', [['1']]],
  ]);
});
