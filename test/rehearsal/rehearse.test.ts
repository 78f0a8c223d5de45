/** A rehearsal tells what a plan does, and whether its way back restores schema and rows; nothing of it stays. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startBackup } from '../../electron/services/startBackup.ts';
import { unavailable } from '../servers/index.ts';
import {
  adHoc,
  engines,
  run,
  type TestBackend,
  type TestEngine,
  testBackend,
  testDatabase,
  writeFolder,
} from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { leftovers, problemOf, rehearsed } from './support.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const people = {
  '1_people.sql':
    "-- migrate:up\ncreate table people (id integer primary key, name varchar(50) not null);\ninsert into people values (1, 'Ada');\n-- migrate:down\ndrop table people;\n",
};

describe.each(engines)('on %s', (engine) => {
  beforeEach((context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  it('runs the plan on a copy, back and forth, and leaves the database as it was', async () => {
    await using database = await testDatabase(engine);
    const source = await writeFolder(test.folder, people);
    const target = adHoc(database.url, source);
    await run(test.backend, target);
    const more = await writeFolder(test.folder, {
      ...people,
      '2_towns.sql':
        '-- migrate:up\ncreate table towns (id integer primary key);\ninsert into towns values (1), (2);\nalter table people add column town integer;\n-- migrate:down\nalter table people drop column town;\ndrop table towns;\n',
    });
    const found = await rehearsed(test, adHoc(database.url, more));
    expect(found.problem).toBeNull();
    expect(found.outcome).toBe('passed');
    expect(found.copy.limits.filter((line) => /^Not made|^Not like/.test(line))).toEqual([]);
    expect(found.steps.map(({ version, outcome, statements }) => [version, outcome, statements.length])).toEqual([
      ['2', 'succeeded', 3],
    ]);
    expect(found.back).toMatchObject({
      versions: ['2'],
      stoppedAt: null,
      schema: [],
      rows: [],
      again: [],
      problem: null,
    });
    expect(found.rows.map(({ before, after }) => [before, after])).toEqual([[null, 2]]);
    await expect(database.query('select * from towns')).rejects.toThrow();
    expect(await leftovers(engine)).toEqual([]);
    const real = await run(test.backend, adHoc(database.url, more));
    expect(real.run.outcome).toBe('succeeded');
  });

  it('finds a rollback that restores the schema, and not the rows', async () => {
    await using database = await testDatabase(engine);
    await run(test.backend, adHoc(database.url, await writeFolder(test.folder, people)));
    const more = await writeFolder(test.folder, {
      ...people,
      '2_rename.sql':
        "-- migrate:up\nupdate people set name = 'Grace';\n-- migrate:down\nupdate people set name = 'nobody';\n",
    });
    const found = await rehearsed(test, adHoc(database.url, more), { copy: { kind: 'schema', tables: ['people'] } });
    expect(found).toMatchObject({ outcome: 'passed', copy: { kind: 'subset', tables: ['people'] } });
    expect(found.steps[0]?.statements[0]).toMatchObject({ rows: 1, line: 2 });
    expect(found.back?.schema).toEqual([]);
    expect(found.back?.rows).toMatchObject([{ before: 1, after: 1, changed: true }]);
    expect(found.back?.problem).toMatchObject({ code: 'rehearsal.notRestored' });
    expect(await leftovers(engine)).toEqual([]);
  });

  it('finds a rollback that does not restore the schema, and an error that only the rows cause, with its place', async () => {
    await using database = await testDatabase(engine);
    await run(test.backend, adHoc(database.url, await writeFolder(test.folder, people)));
    const forgets = await writeFolder(test.folder, {
      ...people,
      '2_forgets.sql':
        '-- migrate:up\ncreate table towns (id integer primary key);\ncreate table forgotten (id integer);\n-- migrate:down\ndrop table towns;\n',
    });
    const back = (await rehearsed(test, adHoc(database.url, forgets))).back;
    expect(back?.problem).toMatchObject({
      code: 'rehearsal.notRestored',
      serverMessage: expect.stringContaining('forgotten'),
    });
    const twice = await writeFolder(test.folder, {
      ...people,
      '2_twice.sql': "-- migrate:up\n\ninsert into people values (1, 'Bert');\n-- migrate:down\n",
    });
    const withRows = await rehearsed(test, adHoc(database.url, twice), {
      copy: { kind: 'schema', tables: ['people'] },
    });
    expect(withRows).toMatchObject({ outcome: 'failed', back: null });
    expect(withRows.problem).toMatchObject({ code: 'database.statementFailed', path: '2_twice.sql', line: 3 });
    expect((await rehearsed(test, adHoc(database.url, twice))).outcome).toBe('passed');
    expect(await leftovers(engine)).toEqual([]);
  });
});

describe('what the server tells of a statement', () => {
  const seen = async (engine: TestEngine, setUp: string, sql: string) => {
    await using database = await testDatabase(engine);
    const first = { '1_before.sql': `-- migrate:up\n${setUp}\n-- migrate:down\n` };
    await run(test.backend, adHoc(database.url, await writeFolder(test.folder, first)));
    const both = { ...first, '2_now.sql': `-- migrate:up\n${sql};\n-- migrate:down\n` };
    const found = await rehearsed(test, adHoc(database.url, await writeFolder(test.folder, both)));
    expect(found.problem).toBeNull();
    return found.steps[0]?.statements[0];
  };
  const table = 'create table people (id integer not null, name varchar(50));';

  it.each([
    ['alter table people alter column id type bigint', 'AccessExclusiveLock', 'everybody', true],
    ['alter table people add column age integer', 'AccessExclusiveLock', 'everybody', false],
    ['create index on people (name)', 'ShareLock', 'writers', false],
    ["comment on table people is 'all'", 'ShareUpdateExclusiveLock', 'changes', false],
  ] as const)('PostgreSQL: %s', async (sql, mode, keepsOut, rewrites) => {
    const statement = await seen('postgres15', table, sql);
    expect(statement?.locks).toContainEqual({ table: 'public.people', mode, keepsOut });
    expect(statement?.rewritten).toEqual(rewrites ? ['public.people'] : []);
  });

  it('PostgreSQL reads the table to set NOT NULL', async () => {
    const statement = await seen('postgres15', table, 'alter table people alter column name set not null');
    expect(statement).toMatchObject({ scanned: ['public.people'], rewritten: [] });
  });

  it.each([
    ['alter table people modify id bigint', 'COPY', 'SHARED'],
    ['alter table people add column age integer', 'INSTANT', 'NONE'],
    ['create index people_name on people (name)', 'NOCOPY', 'NONE'],
  ] as const)('MariaDB: %s', async (sql, algorithm, lock) => {
    expect((await seen('mariadb', table, sql))?.algorithm).toEqual({ algorithm, lock });
  });

  it('SQLite: a rebuild gives the table other pages', async () => {
    const rebuild =
      'create table other (id integer);\ninsert into other select id from people;\ndrop table people;\nalter table other rename to people';
    await using database = await testDatabase('sqlite');
    const first = { '1_before.sql': `-- migrate:up\n${table}\n-- migrate:down\n` };
    await run(test.backend, adHoc(database.url, await writeFolder(test.folder, first)));
    const source = await writeFolder(test.folder, {
      ...first,
      '2_now.sql': `-- migrate:up\n${rebuild};\n-- migrate:down\n`,
    });
    const found = await rehearsed(test, adHoc(database.url, source));
    expect(found.steps[0]?.statements.map(({ rewritten }) => rewritten)).toEqual([[], [], [], ['people']]);
  });
});

describe.each(['postgres15', 'mariadb'] as const)('with a backup of %s', (engine) => {
  it('meets the rows that the database has, and says from when they are', async (context) => {
    const reason = unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
    await using database = await testDatabase(engine);
    const target = adHoc(database.url, await writeFolder(test.folder, people));
    const more = await writeFolder(test.folder, {
      ...people,
      '2_twice.sql': "-- migrate:up\n\ninsert into people values (1, 'Bert');\n-- migrate:down\n",
    });
    const data = { copy: { kind: 'data', tables: null } } as const;
    await run(test.backend, target);
    expect(await problemOf(rehearsed(test, adHoc(database.url, more), data))).toMatchObject({
      code: 'rehearsal.noCopy',
    });
    await (await startBackup(test.backend.context, target)).finished;
    const found = await rehearsed(test, adHoc(database.url, more), data);
    expect(found).toMatchObject({ outcome: 'failed', copy: { kind: 'data', backup: expect.any(String) } });
    expect(found.problem).toMatchObject({ code: 'database.statementFailed', path: '2_twice.sql', line: 3 });
    expect(await leftovers(engine)).toEqual([]);
  });
});

it('tells a constraint that a plan leaves unchecked, before and after the real run', async (context) => {
  const reason = unavailable('postgres15');
  if (reason !== undefined) skipBecause(context, reason);
  await using database = await testDatabase('postgres15');
  const source = await writeFolder(test.folder, {
    '1_a.sql':
      '-- migrate:up\ncreate table people (age integer);\nalter table people add constraint old check (age > 0) not valid;\n-- migrate:down\n',
  });
  const target = adHoc(database.url, source);
  expect((await rehearsed(test, target)).unsound).toEqual([
    expect.stringContaining('constraint old on people is NOT VALID'),
  ]);
  const real = await run(test.backend, target);
  expect(real.run.outcome).toBe('succeeded');
  expect(real.run.warnings).toEqual([expect.stringContaining('NOT VALID')]);
});

it('refuses a script that leaves its database before any copy is made', async () => {
  await using database = await testDatabase('sqlite');
  const source = await writeFolder(test.folder, {
    '1_a.sql': "-- migrate:up\n\nattach 'other.db' as other;\n-- migrate:down\n",
  });
  expect(await problemOf(rehearsed(test, adHoc(database.url, source)))).toMatchObject({
    code: 'rehearsal.refused',
    path: '1_a.sql',
    line: 3,
  });
});
