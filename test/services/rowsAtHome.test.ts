/** What a script sets for its own names must not lead the rows that tell of it astray. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { postgres15, unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { adHoc, run, type TestBackend, testBackend, testDatabase, writeFolder } from './backend.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const migration = (up: string) => ({ '1_a.sql': `-- migrate:up\n${up}\n-- migrate:down\n` });

describe('on mariadb', () => {
  beforeEach((context) => {
    const reason = unavailable('mariadb');
    if (reason !== undefined) skipBecause(context, reason);
  });

  it('records a migration in its own database when its script uses another one', async () => {
    await using database = await testDatabase('mariadb');
    await using other = await testDatabase('mariadb');
    await other.query('create table schema_migrations (version varchar(128) primary key)');
    const [named] = await other.query('select database() as name');
    const source = await writeFolder(
      test.folder,
      migration(`use ${String(named?.['name'])};\ncreate table a (id int);`),
    );
    const { run: up } = await run(test.backend, adHoc(database.url, source));
    expect(up.problem).toBeNull();
    expect(await other.query('select * from schema_migrations')).toEqual([]);
    expect(await database.query('select * from schema_migrations')).toHaveLength(1);
  });
});

describe('on postgres', () => {
  beforeEach((context) => {
    const reason = unavailable('postgres15');
    if (reason !== undefined) skipBecause(context, reason);
  });

  it('records a migration in its own schema when its script sets another search_path', async () => {
    await using database = await testDatabase('postgres15');
    await database.query('create schema tenant');
    await database.query('create table tenant.schema_migrations (version varchar primary key)');
    const source = await writeFolder(test.folder, migration('set search_path = tenant;\ncreate table a (id int);'));
    const { run: up } = await run(test.backend, adHoc(database.url, source));
    expect(up.problem).toBeNull();
    expect(await database.query('select * from tenant.schema_migrations')).toEqual([]);
    expect(await database.query('select * from public.schema_migrations')).toHaveLength(1);
  });

  it('records a migration whose script empties the search_path', async () => {
    await using database = await testDatabase('postgres15');
    const source = await writeFolder(
      test.folder,
      migration("select set_config('search_path', '', false);\ncreate table public.a (id int);"),
    );
    const { run: up } = await run(test.backend, adHoc(database.url, source));
    expect(up.problem).toBeNull();
    expect(await database.query('select * from public.schema_migrations')).toHaveLength(1);
  });

  it('records a migration whose script takes the role of an owner', async () => {
    await using database = await testDatabase('postgres15');
    const { user } = await (await postgres15()).createUser();
    await database.query(`create schema owned authorization ${user}`);
    const source = await writeFolder(test.folder, migration(`set role ${user};\ncreate table owned.a (id int);`));
    const { run: up } = await run(test.backend, adHoc(database.url, source));
    expect(up.problem).toBeNull();
  });
});

describe('on sqlite', () => {
  it('records a migration whose script has a temporary table of the same name', async () => {
    await using database = await testDatabase('sqlite');
    const source = await writeFolder(
      test.folder,
      migration('create temp table schema_migrations (version text);\ncreate table a (id int);'),
    );
    const { run: up } = await run(test.backend, adHoc(database.url, source));
    expect(up.problem).toBeNull();
    expect(await database.query('select * from schema_migrations')).toHaveLength(1);
  });
});
