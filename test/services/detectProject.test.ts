/** What a folder and a database tell of the tool that keeps them: by columns, values, neighbours and files. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { detectProject } from '../../electron/services/detectProject.ts';
import { unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { adHoc, run, type TestBackend, testBackend, testDatabase, writeFolder } from './backend.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const dbmate = {
  '1_towns.sql': '-- migrate:up\ncreate table towns (id int);\n-- migrate:down\ndrop table towns;\n',
  '2_roads.sql': '-- migrate:up\ncreate table roads (id int);\n-- migrate:down\ndrop table roads;\n',
};
const pairs = {
  '1_towns.up.sql': 'create table towns (id int);',
  '1_towns.down.sql': 'drop table towns;',
  '2_roads.up.sql': 'create table roads (id int);',
  '2_roads.down.sql': 'drop table roads;',
};

const detect = (url: string, folder: string, tool: string | null = null) =>
  detectProject(test.backend.context, { path: folder, target: adHoc(url, folder), tool, historyTable: null });

describe.each(['postgres15', 'mariadb', 'sqlite'] as const)('on %s', (engine) => {
  beforeEach((context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  it('tells what is applied and what is pending, and writes nothing', async () => {
    await using database = await testDatabase(engine);
    const folder = await writeFolder(test.folder, dbmate);
    await run(test.backend, adHoc(database.url, folder), { wanted: { direction: 'up', steps: 1 } });
    await database.query('create table schools (version varchar(40), name text)');
    await database.query('create table labels (name varchar(40))');
    const report = await detect(database.url, folder);
    expect(report.problems).toEqual([]);
    expect(report.candidates[0]).toMatchObject({ tool: 'dbmate' });
    expect(report.histories).toMatchObject([
      { table: 'schema_migrations', columns: ['version'], tools: [{ tool: 'dbmate', entries: 1, inFolder: 1 }, {}] },
    ]);
    expect(report.comparison).toMatchObject({
      tool: 'dbmate',
      namedTable: null,
      columns: ['version'],
      counts: { applied: 1, pending: 1 },
      pending: 1,
    });
  });

  it('decides by the columns of the table where the names of files do not', async () => {
    await using database = await testDatabase(engine);
    const folder = await writeFolder(test.folder, pairs);
    expect((await detect(database.url, folder)).problems).toMatchObject([{ code: 'source.unknownTool' }]);
    await database.query('create table schema_migrations (version bigint primary key, dirty boolean not null)');
    await database.query('insert into schema_migrations values (1, false)');
    const report = await detect(database.url, folder);
    expect([report.problems, report.candidates[0]?.tool]).toEqual([[], 'golang-migrate']);
    expect(report.candidates[0]?.evidence.at(-1)).toContain('1 of 1 entry in the folder');
    expect(report.comparison).toMatchObject({ tool: 'golang-migrate', counts: { applied: 1, pending: 1 } });
  });

  it('tells the table of another tool, whatever its name, and a folder without one', async () => {
    await using database = await testDatabase(engine);
    const flyway = await writeFolder(test.folder, {
      'V1__towns.sql': 'create table towns (id int);',
      'flyway.toml': '',
    });
    await run(test.backend, {
      ...adHoc(database.url, flyway),
      overrides: { path: flyway, historyTable: 'steps' },
    } as never);
    const report = await detect(database.url, await writeFolder(test.folder, dbmate));
    expect(report.histories).toMatchObject([
      { table: 'steps', tools: [{ tool: 'flyway', entries: 1, inFolder: null }] },
    ]);
    expect(report.notices.map(({ code }) => code)).toEqual(['source.otherHistory', 'source.noHistory']);
    expect(report.comparison).toMatchObject({ tool: 'dbmate', columns: null, pending: 2 });
    const own = await detect(database.url, flyway);
    expect(own.comparison).toMatchObject({ tool: 'flyway', historyTable: 'steps', namedTable: 'steps', pending: 0 });
  });

  it('tells tables with one column apart by what is beside them', async () => {
    await using database = await testDatabase(engine);
    await database.query('create table schema_migrations (version varchar(255) not null primary key)');
    await database.query("insert into schema_migrations values ('20260105090000')");
    const empty = await writeFolder(test.folder, { 'note.txt': '' });
    const first = async () => (await detect(database.url, empty)).histories[0]?.tools.map(({ tool }) => tool);
    expect(await first()).toEqual(['dbmate', 'rails']);
    await database.query('create table ar_internal_metadata (name varchar(20))');
    expect(await first()).toEqual(['rails', 'dbmate']);
  });
});

it('asks where two tools fit, with the evidence of both, until one is named', async () => {
  await using database = await testDatabase('sqlite');
  const folder = await writeFolder(test.folder, {
    ...dbmate,
    '3_shops.sql': '-- +goose Up\ncreate table shops (id int);\n-- +goose Down\ndrop table shops;\n',
    '4_halls.sql': '-- +goose Up\ncreate table halls (id int);\n-- +goose Down\ndrop table halls;\n',
  });
  const report = await detect(database.url, folder);
  expect(report.problems).toMatchObject([{ code: 'source.ambiguousTool' }]);
  expect(report.problems[0]?.message).toMatch(/dbmate: .*migrate:up.*goose: .*\+goose/);
  expect(report.comparison).toBeNull();
  const named = await detect(database.url, folder, 'goose');
  expect(named.comparison).toMatchObject({ tool: 'goose' });
});

it('passes over an application’s tables that only look alike', async () => {
  await using database = await testDatabase('sqlite');
  await database.query('create table tags (name text)');
  await database.query("insert into tags values ('1 red')");
  await database.query('create table versions (version text)');
  await database.query('create table schema_migrations (version text)');
  await database.query("insert into schema_migrations values ('not a number')");
  const folder = path.join(test.folder, 'nothing');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'note.txt'), '');
  expect((await detect(database.url, folder)).histories).toEqual([]);
});
