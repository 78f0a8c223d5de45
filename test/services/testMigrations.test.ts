/** `test`: up, down, up on a scratch database; the real one and its server are left as they were. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testMigrations } from '../../electron/services/testMigrations.ts';
import { ProblemError } from '../../shared/problem.ts';
import { postgres15, shared, unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { adHoc, engines, type TestBackend, testBackend, testDatabase, writeFolder } from './backend.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const good = {
  '1_people.sql':
    "-- migrate:up\ncreate table people (id integer primary key, name varchar(50) not null);\ninsert into people values (1, 'Ada');\n-- migrate:down\ndrop table people;\n",
  '2_towns.sql':
    '-- migrate:up\ncreate table towns (id integer primary key);\ncreate index towns_id on towns (id);\ncreate view all_towns as select id from towns;\n-- migrate:down\ndrop view all_towns;\ndrop table towns;\n',
};

const options = (version: string | null = null) => ({
  version,
  signal: new AbortController().signal,
  onProgress: () => undefined,
});

const problemOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (thrown: unknown) => (thrown instanceof ProblemError ? thrown.problem : thrown),
  );

/** Databases or files of ours that are left on the server. */
async function leftovers(engine: (typeof engines)[number]): Promise<number> {
  if (engine === 'sqlite') return 0;
  const server = await shared(engine);
  const sql =
    engine === 'mariadb'
      ? "select count(*) as count from information_schema.schemata where schema_name like 'lockkeeper\\_test\\_%'"
      : "select count(*) as count from pg_database where datname like 'lockkeeper\\_test\\_%'";
  return Number((await server.query(sql))[0]?.['count']);
}

describe.each(engines)('on %s', (engine) => {
  beforeEach((context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  it('passes migrations whose rollback restores the schema, and leaves nothing behind', async () => {
    await using database = await testDatabase(engine);
    const target = adHoc(database.url, await writeFolder(test.folder, good));
    const report = await testMigrations(test.backend.context, target, options());
    expect(report.problem).toBeNull();
    expect(report.tests.map((one) => [one.version, one.outcome])).toEqual([
      ['1', 'passed'],
      ['2', 'passed'],
    ]);
    expect(await leftovers(engine)).toBe(0);
    await expect(database.query('select * from people')).rejects.toThrow();
  });

  it('names what a rollback leaves behind, and tests no further', async () => {
    await using database = await testDatabase(engine);
    const source = await writeFolder(test.folder, {
      '1_people.sql':
        '-- migrate:up\ncreate table people (id integer primary key);\ncreate table forgotten (id integer);\n-- migrate:down\ndrop table people;\ndrop table if exists absent;\n',
      '2_towns.sql': good['2_towns.sql'],
    });
    const report = await testMigrations(test.backend.context, adHoc(database.url, source), options());
    expect(report.outcome).toBe('failed');
    expect(report.tests.map((one) => one.outcome)).toEqual(['failed', 'notTested']);
    expect(report.tests[0]?.differences[0]?.extra.join('\n')).toContain('forgotten');
    expect(await leftovers(engine)).toBe(0);
  });

  it('tries only the version asked for, and tells a failing script with its place', async () => {
    await using database = await testDatabase(engine);
    const source = await writeFolder(test.folder, {
      ...good,
      '2_towns.sql': '-- migrate:up\ncreate table towns (id integer);\n-- migrate:down\ndrop table town;\n',
    });
    const target = adHoc(database.url, source);
    const first = await testMigrations(test.backend.context, target, options('1'));
    expect(first.tests.map((one) => [one.version, one.outcome])).toEqual([['1', 'passed']]);
    const second = await testMigrations(test.backend.context, target, options('2'));
    expect(second.tests).toHaveLength(1);
    expect(second.problem).toMatchObject({ code: 'database.statementFailed', path: '2_towns.sql', line: 4 });
    expect(await leftovers(engine)).toBe(0);
  });
});

describe('what could reach beyond the scratch database', () => {
  const refused = async (url: string, sql: string) =>
    problemOf(
      testMigrations(
        test.backend.context,
        adHoc(url, await writeFolder(test.folder, { '1_a.sql': `-- migrate:up\n\n${sql};\n-- migrate:down\n` })),
        options(),
      ),
    );

  it('is refused before anything is made', async () => {
    await using file = await testDatabase('sqlite');
    expect(await refused(file.url, "attach 'other.db' as other")).toMatchObject({
      code: 'test.refused',
      path: '1_a.sql',
      line: 3,
    });
  });

  it.each([
    'create role clerk',
    'do $$ begin if true then create role clerk; end if; end $$',
    "copy (select 1) to program 'id'",
    "select dblink('x', 'y')",
    'alter system set work_mem = 1',
    'grant pg_monitor to current_user',
  ])('is refused on PostgreSQL: %s', async (sql) => {
    await using database = await testDatabase('postgres15');
    expect(await refused(database.url, sql)).toMatchObject({ code: 'test.refused' });
  });

  it.each([
    'create table other.t (id int)',
    'insert into `other`.`t` values (1)',
    'use other',
    'set global max_connections = 5',
    'create procedure p() insert into other.t values (1)',
    "select 1 into outfile '/x'",
  ])('is refused on MariaDB: %s', async (sql) => {
    await using database = await testDatabase('mariadb');
    expect(await refused(database.url, sql)).toMatchObject({ code: 'test.refused' });
  });

  it('is asked of an account that may not create databases with the right it lacks', async (context) => {
    const reason = unavailable('postgres15');
    if (reason !== undefined) skipBecause(context, reason);
    const server = await postgres15();
    await using database = await server.createDatabase();
    const url = server.url(database.name, await server.createUser());
    const source = await writeFolder(test.folder, good);
    expect(await problemOf(testMigrations(test.backend.context, adHoc(url, source), options()))).toMatchObject({
      code: 'database.rights',
    });
  });

  it('is not tried on a protected server', async () => {
    await using database = await testDatabase('postgres15');
    const source = await writeFolder(test.folder, good);
    expect(
      await problemOf(testMigrations(test.backend.context, adHoc(database.url, source, 'production'), options())),
    ).toMatchObject({ code: 'test.refused' });
  });
});
