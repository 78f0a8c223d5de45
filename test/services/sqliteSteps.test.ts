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

const rebuild = `create table new (id integer primary key, name text, mayor text);
insert into new (id, name) select id, name from towns;
drop table towns;
alter table new rename to towns;
`;
const cascading = (rule: string) => towns.replace('references towns (id)', `references towns (id) on delete ${rule}`);

it.each([
  ['cascade', '3 rows of streets would be deleted'],
  ['set null', '3 references in streets would be cleared'],
])('a rebuild that would %s the rows of others is stopped before it does', async (rule, told) => {
  await using database = await testDatabase('sqlite');
  for (const mark of ['', '-- lockkeeper:no-transaction\n']) {
    const at = await target(database.url, {
      '1_towns.sql': cascading(rule),
      '2_rebuild.sql': `${mark}PRAGMA foreign_keys = ON;\n${rebuild}`,
    });
    const { run: stopped } = await run(test.backend, at, { accept: ['dataLoss'] });
    expect(stopped.problem).toMatchObject({
      code: 'database.rowsLost',
      line: mark === '' ? 4 : 5,
      hint: expect.stringContaining('PRAGMA foreign_keys = OFF'),
      serverMessage: expect.stringContaining(told),
    });
    expect(await database.query('select count(*) as streets, count(town) as placed from streets')).toEqual([
      { streets: 3, placed: 3 },
    ]);
    if (mark === '') expect(await database.query("select name from sqlite_schema where name = 'new'")).toEqual([]);
  }
});

it.each(['PRAGMA foreign_keys = OFF;\n', ''])(
  'a rebuild with foreign keys off (%j) keeps the rows of others',
  async (head) => {
    await using database = await testDatabase('sqlite');
    const at = await target(database.url, { '1_towns.sql': cascading('cascade'), '2_rebuild.sql': head + rebuild });
    const { run: done } = await run(test.backend, at, { accept: ['dataLoss'] });
    expect(done.problem).toBeNull();
    expect(await database.query('select count(*) as streets from streets')).toEqual([{ streets: 3 }]);
    expect(await database.query('select mayor from towns')).toHaveLength(2);
  },
);

const forgetful = rebuild.replace('from towns', 'from towns where id = 1');

it('a rebuild that copies fewer rows is undone, whichever table gets its name first', async () => {
  const renamedFirst = `alter table towns rename to old;
create table towns (id integer primary key, name text);
insert into towns select * from old where id = 1;
drop table old;
`;
  for (const sql of [forgetful, renamedFirst]) {
    await using database = await testDatabase('sqlite');
    const at = await target(database.url, {
      '1_towns.sql':
        "create table towns (id integer primary key, name text);\ninsert into towns values (1, 'Ghent'), (2, 'Delft');\n",
      '2_rebuild.sql': sql,
    });
    const { run: stopped } = await run(test.backend, at, { accept: ['dataLoss'] });
    expect(stopped.problem).toMatchObject({
      code: 'database.rowsLost',
      serverMessage: 'No statement deletes these rows: towns had 2 rows and has 1.',
    });
    expect(stopped.steps[1]?.outcome).toBe('rolledBack');
    expect(await database.query('select count(*) as towns from towns')).toEqual([{ towns: 2 }]);
  }
});

it.each([
  ['by the command', forgetful, ['rowsLost']],
  ['by the script', `-- lockkeeper:accept rowsLost Delft is gone\n${forgetful}`, []],
  ['by a DELETE of its own', `delete from towns where id = 2;\n${rebuild}`, []],
  ['by a DELETE from the new table', rebuild.replace('drop', 'delete from new where id = 2;\ndrop'), []],
  ['by a DELETE afterwards', `${rebuild}delete from towns where id = 2;\n`, []],
])('rows that are meant to go, go: said %s', async (_, sql, accept) => {
  await using database = await testDatabase('sqlite');
  const at = await target(database.url, {
    '1_towns.sql':
      "create table towns (id integer primary key, name text);\ninsert into towns values (1, 'Ghent'), (2, 'Delft');\n",
    '2_rebuild.sql': sql,
  });
  const { run: done } = await run(test.backend, at, { accept: ['dataLoss', ...accept] });
  expect(done.problem).toBeNull();
  expect(await database.query('select count(*) as towns from towns')).toEqual([{ towns: 1 }]);
});

it('what was accepted for one step is not for the next run', async () => {
  await using database = await testDatabase('sqlite');
  const files = { '1_towns.sql': cascading('cascade') };
  await run(test.backend, await target(database.url, files), { accept: ['rowsLost'] });
  const at = await target(database.url, { ...files, '2_rebuild.sql': forgetful });
  expect((await run(test.backend, at, { accept: ['dataLoss'] })).run.problem?.code).toBe('database.rowsLost');
});
