/** Tables of engines without transactions keep what a rollback cannot undo: that must be told. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { adHoc, run, type TestBackend, testBackend, testDatabase, writeFolder } from './backend.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

beforeEach((context) => {
  const reason = unavailable('mariadb');
  if (reason !== undefined) skipBecause(context, reason);
});

it.each([
  ['MyISAM', 2, 'failed'],
  ['InnoDB', 0, 'rolledBack'],
])('tells what remains of rows in a table of %s', async (engine, rows, outcome) => {
  await using database = await testDatabase('mariadb');
  await database.query(`create table a (id int primary key) engine=${engine}`);
  const source = await writeFolder(test.folder, {
    '1_a.sql':
      '-- migrate:up\ninsert into a values (1);\ninsert into a values (2);\ninsert into a values (1);\n-- migrate:down\n',
  });
  const { run: up } = await run(test.backend, adHoc(database.url, source));
  expect(await database.query('select count(*) as kept from a')).toEqual([{ kept: rows }]);
  expect(up.steps[0]?.outcome).toBe(outcome);
});
