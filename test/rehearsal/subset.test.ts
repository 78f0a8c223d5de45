/** Some rows of some tables stand for all of them, and the result, the report and the command line say so. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lockkeeper } from '../cli/lockkeeper.ts';
import { unavailable } from '../servers/index.ts';
import { adHoc, run, type TestBackend, testBackend, testDatabase, writeFolder } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { problemOf, rehearsed } from './support.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const first = {
  '1_people.sql':
    '-- migrate:up\ncreate table people (id integer primary key, name varchar(50));\ncreate table towns (id integer);\n-- migrate:down\ndrop table people;\n',
};
/** Fails where the last of all rows is. */
const both = {
  ...first,
  '2_last.sql':
    '-- migrate:up\ninsert into people select 100001, null;\n-- migrate:down\ndelete from people where id = 100001;\n',
};
const mostRows = 100_000;

it.for(['postgres15', 'sqlite'] as const)('on %s', { timeout: 180_000 }, async (engine, context) => {
  const reason = engine === 'sqlite' ? undefined : unavailable(engine);
  if (reason !== undefined) skipBecause(context, reason);
  await using database = await testDatabase(engine);
  await run(test.backend, adHoc(database.url, await writeFolder(test.folder, first)));
  await database.query(
    `insert into people with recursive n(i) as (select 1 union all select i + 1 from n where i <= ${mostRows}) select i, 'x' from n`,
  );
  await database.query('insert into towns values (1)');
  const target = adHoc(database.url, await writeFolder(test.folder, both));
  const found = await rehearsed(test, target, { copy: { kind: 'schema', tables: ['people'] } });
  // Not seen, and said to be possible.
  expect(found.outcome).toBe('passed');
  expect(found.copy).toMatchObject({ kind: 'subset', tables: ['people'] });
  expect(found.copy.limits).toEqual(
    expect.arrayContaining([
      `Only rows of people are in it, at most ${mostRows} of each.`,
      `Of people only the first ${mostRows} rows are in the copy.`,
    ]),
  );
  expect(await problemOf(rehearsed(test, target, { copy: { kind: 'schema', tables: ['nobody'] } }))).toMatchObject({
    code: 'rehearsal.noCopy',
  });
});

it('is said by the command line and its report', { timeout: 180_000 }, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'lockkeeper-cli-'));
  try {
    await using database = await testDatabase('sqlite');
    await run(test.backend, adHoc(database.url, await writeFolder(test.folder, first)));
    const source = await writeFolder(test.folder, both);
    const report = path.join(folder, 'report.html');
    const on = ['--url', database.url, '--source', source];
    const done = await lockkeeper(folder, ['rehearse', ...on, '--tables', 'people', '--report', report]);
    expect(done.code, done.stderr).toBe(0);
    const said = `Only rows of people are in it, at most ${mostRows} of each.`;
    expect(done.stdout + done.stderr).toContain(said);
    expect(await readFile(report, 'utf8')).toContain(said);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
