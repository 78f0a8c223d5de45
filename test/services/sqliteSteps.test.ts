/** What SQLite ignores or does not enforce inside a step. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exportPlanSql } from '../../electron/services/exportPlanSql.ts';
import { planMigration } from '../../electron/services/planMigration.ts';
import { adHoc, run, type TestBackend, testBackend, testDatabase, writeFolder } from './backend.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const up = { direction: 'up' } as const;

async function target(url: string, files: Readonly<Record<string, string>>) {
  return adHoc(url, await writeFolder(test.folder, { 'lockkeeper.json': '{ "lockkeeper": 1 }', ...files }));
}

const towns = `create table towns (id integer primary key, name text);
create table streets (id integer primary key, town integer references towns (id));
insert into towns values (1, 'Ghent'), (2, 'Delft');
insert into streets values (1, 1), (2, 2), (3, 2);
`;

it('refuses what leaves rows without the rows they refer to, and undoes it', async () => {
  await using database = await testDatabase('sqlite');
  const { run: broken } = await run(
    test.backend,
    await target(database.url, { '1_towns.sql': towns, '2_delete.sql': 'delete from towns where id = 2;\n' }),
  );
  expect(broken.problem).toMatchObject({
    code: 'database.brokenReferences',
    serverMessage: '2 rows of streets (rowid 2, 3) would refer to rows of towns that do not exist.',
  });
  expect(broken.steps.map(({ outcome }) => outcome)).toEqual(['succeeded', 'rolledBack']);
  expect(await database.query('select count(*) as towns from towns')).toEqual([{ towns: 2 }]);
});

it.each([
  ['that were broken before', 'insert into towns values (3, null);\n'],
  ['of a table that gets another name', 'alter table streets rename to roads;\ninsert into towns values (3, null);\n'],
  ['of which some are repaired', 'delete from streets where id = 9;\n'],
  [
    'of a table that is rebuilt',
    'create table new (id integer primary key, town integer references towns (id));\ninsert into new select * from streets;\ndrop table streets;\nalter table new rename to streets;\n',
  ],
])('does not mind rows %s', async (_, sql) => {
  await using database = await testDatabase('sqlite');
  const { default: Sqlite } = await import('better-sqlite3');
  const direct = new Sqlite(database.url.replace(/^sqlite:/, ''));
  direct.exec(`pragma foreign_keys = off; ${towns} insert into streets values (9, 99), (8, 98);`);
  direct.close();
  const { run: done } = await run(test.backend, await target(database.url, { '1_a.sql': sql }));
  expect(done.problem).toBeNull();
  const { run: broken } = await run(
    test.backend,
    await target(database.url, { '1_a.sql': sql, '2_b.sql': 'delete from towns where id = 2;\n' }),
  );
  expect(broken.problem?.serverMessage).toMatch(/^2 rows of (streets|roads) /);
});

it('notices what other programs broke between two runs of one session', async () => {
  await using database = await testDatabase('sqlite');
  const files = { '1_towns.sql': towns };
  await run(test.backend, await target(database.url, files));
  const { default: Sqlite } = await import('better-sqlite3');
  const direct = new Sqlite(database.url.replace(/^sqlite:/, ''));
  direct.exec('pragma foreign_keys = off; insert into streets values (9, 99)');
  direct.close();
  const { run: done } = await run(
    test.backend,
    await target(database.url, { ...files, '2_b.sql': "insert into towns values (4, 'Breda');\n" }),
  );
  expect(done.outcome).toBe('succeeded');
});

it('goes on, and says so, where a foreign key refers to no key', async () => {
  await using database = await testDatabase('sqlite');
  const { run: done, records } = await run(
    test.backend,
    await target(database.url, {
      '1_a.sql':
        'create table a (id integer);\ncreate table b (a integer references a (id));\ninsert into b values (1);\n',
    }),
  );
  expect(done.outcome).toBe('succeeded');
  expect(records.filter(({ type }) => type === 'notice')).toMatchObject([
    { message: expect.stringContaining('could not be checked') },
  ]);
});

it('checks a step outside of transactions at its end', async () => {
  await using database = await testDatabase('sqlite');
  const { run: broken } = await run(
    test.backend,
    await target(database.url, {
      '1_towns.sql': towns,
      '2_delete.sql': '-- lockkeeper:no-transaction\ndelete from towns where id = 2;\n',
    }),
  );
  expect(broken.problem?.code).toBe('database.brokenReferences');
  expect(broken.steps[1]?.outcome).toBe('rolledBack');
});

it('sends pragmas at the head of a script before its transaction', async () => {
  await using database = await testDatabase('sqlite');
  const folder = await target(database.url, {
    '1_towns.sql': `PRAGMA journal_mode = WAL;\nPRAGMA foreign_keys = ON;\n${towns}PRAGMA foreign_keys = OFF;\n`,
    '2_delete.sql': '-- why\nPRAGMA foreign_keys = ON;\ndelete from towns where id = 2;\n',
  });
  const prepared = await planMigration(test.backend.context, folder, up);
  expect(prepared.plan.problems).toEqual([]);
  expect((await Array.fromAsync(exportPlanSql(test.backend.context, prepared))).join('')).toMatch(
    /journal_mode = WAL\n;\nPRAGMA foreign_keys = ON\n;\nBEGIN IMMEDIATE;/,
  );
  const { run: done } = await run(test.backend, folder);
  // SQLite itself refuses the row, at its statement: foreign keys are on.
  expect(done.problem).toMatchObject({ code: 'database.statementFailed', path: '2_delete.sql', line: 3 });
  expect(done.steps.map(({ outcome, done: statements }) => [outcome, statements])).toEqual([
    ['succeeded', 7],
    ['rolledBack', 1],
  ]);
  expect(await database.query('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
});

it.each([
  ['PRAGMA foreign_keys = OFF;', 'PRAGMA FOREIGN_KEYS'],
  ['PRAGMA synchronous = OFF;', 'PRAGMA SYNCHRONOUS'],
])('refuses %s behind other statements', async (pragma, verb) => {
  await using database = await testDatabase('sqlite');
  const folder = await target(database.url, {
    '1_a.sql': `create table a (id integer);\n${pragma}\ndrop table a;\n`,
  });
  const { plan } = await planMigration(test.backend.context, folder, up);
  expect(plan.problems).toMatchObject([
    { code: 'script.refusesTransaction', path: '1_a.sql', line: 2, message: expect.stringContaining(verb) },
  ]);
});
