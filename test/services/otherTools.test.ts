/** What other tools' projects ask of a run: their settings, their rule of transactions, the rows they would leave. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { planMigration } from '../../electron/services/planMigration.ts';
import { readStatus } from '../../electron/services/readStatus.ts';
import { unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { adHoc, run, type TestBackend, testBackend, testDatabase, writeFolder } from './backend.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const up = { direction: 'up' } as const;

/** Flyway's, for want of files of another tool. */
async function target(url: string, files: Readonly<Record<string, string>>, settings = '') {
  return adHoc(url, await writeFolder(test.folder, { 'flyway.toml': `[flyway]\n${settings}`, ...files }));
}

const statuses = async (at: Awaited<ReturnType<typeof target>>) =>
  (await readStatus(test.backend.context, at)).migrations.map(({ version, status }) => `${version} ${status}`);

describe('on PostgreSQL', () => {
  beforeEach((context) => {
    const reason = unavailable('postgres15');
    if (reason !== undefined) skipBecause(context, reason);
  });

  const towns = { 'V1__towns.sql': 'create table towns (id int, name text);' };
  const index = 'create index concurrently towns_id_idx on towns (id);\n';

  it('runs a Flyway script without a transaction where all its statements refuse one', async () => {
    await using database = await testDatabase('postgres15');
    const alone = { ...towns, 'V2__index.sql': `-- first\n${index}drop index concurrently towns_id_idx;\n${index}` };
    const { run: done } = await run(test.backend, await target(database.url, alone));
    expect([done.problem, done.steps.map(({ outcome }) => outcome)]).toEqual([null, ['succeeded', 'succeeded']]);
  });

  it('refuses one with both kinds of statements, unless the project allows it', async () => {
    await using database = await testDatabase('postgres15');
    const both = { ...towns, 'V2__both.sql': `alter table towns add column mayor text;\n${index}` };
    const refused = await planMigration(test.backend.context, await target(database.url, both), up, []);
    expect(refused.plan.problems).toMatchObject([{ code: 'script.refusesTransaction', path: 'V2__both.sql', line: 2 }]);
    const { run: done } = await run(test.backend, await target(database.url, both, 'mixed = true\n'));
    expect(done.problem).toBeNull();
  });

  it('keeps Flyway’s table as its settings name it, with its constraint and index, as a log', async () => {
    await using database = await testDatabase('postgres15');
    const files = { ...towns, 'U1__towns.sql': 'drop table towns;' };
    const at = await target(database.url, files, 'table = "steps"\ndefaultSchema = "kept"\n');
    await run(test.backend, at);
    const [tables] = await database.query(
      `select array_agg(indexname::text order by indexname) as indexes from pg_indexes where schemaname = 'kept' and tablename = 'steps'`,
    );
    expect(tables).toEqual({ indexes: ['steps_pk', 'steps_s_idx'] });
    await run(test.backend, at, { wanted: { direction: 'down' } });
    expect(await statuses(at)).toEqual(['1 reverted']);
    await run(test.backend, at);
    expect(
      await database.query('select installed_rank, version, type, script, success from kept.steps order by 1'),
    ).toEqual([
      { installed_rank: 1, version: '1', type: 'SQL', script: 'V1__towns.sql', success: true },
      { installed_rank: 2, version: '1', type: 'DELETE', script: 'V1__towns.sql', success: true },
      { installed_rank: 3, version: '1', type: 'SQL', script: 'V1__towns.sql', success: true },
    ]);
    expect(await statuses(at)).toEqual(['1 applied']);
  });
});

describe('on MariaDB', () => {
  beforeEach((context) => {
    const reason = unavailable('mariadb');
    if (reason !== undefined) skipBecause(context, reason);
  });

  it('leaves the row of a failure as Flyway does, and replaces it when it is tried again', async () => {
    await using database = await testDatabase('mariadb');
    const broken = await target(database.url, { 'V1__a.sql': 'create table a (id int);\ninsert into b values (1);\n' });
    expect((await run(test.backend, broken)).run.outcome).toBe('failed');
    const rows = () =>
      database.query('select version, type, success, execution_time >= 0 as timed from flyway_schema_history');
    expect(await rows()).toEqual([{ version: '1', type: 'SQL', success: 0, timed: 1 }]);
    expect(await statuses(broken)).toEqual(['1 failed']);
    const mended = await target(database.url, { 'V1__a.sql': 'create table if not exists a (id int);\n' });
    expect((await planMigration(test.backend.context, mended, up, [])).plan.steps[0]?.hazards).toMatchObject([
      { code: 'retryFailed', mustAccept: true },
      {},
      {},
    ]);
    await run(test.backend, mended);
    expect(await rows()).toEqual([{ version: '1', type: 'SQL', success: 1, timed: 1 }]);
  });

  it('writes sqlx’s row before the script and tells of success after it', async () => {
    await using database = await testDatabase('mariadb');
    const at = adHoc(
      database.url,
      await writeFolder(test.folder, {
        'sqlx.toml': '',
        '1_a.sql': 'create table a (id int);\n',
        '2_b.sql': 'insert into nowhere values (1);\n',
      }),
    );
    expect((await run(test.backend, at)).run.outcome).toBe('failed');
    expect(await database.query('select version, success, execution_time >= 0 as timed from _sqlx_migrations')).toEqual(
      [
        { version: 1, success: 1, timed: 1 },
        { version: 2, success: 0, timed: 0 },
      ],
    );
    expect(await statuses(at)).toEqual(['1 applied', '2 failed']);
  });
});

it('understands rows that only other programs write', async () => {
  await using database = await testDatabase('sqlite');
  const files = {
    'V1__a.sql': 'select 1;',
    'V2__b.sql': 'select 2;',
    'V3__c.sql': 'select 3;',
    'V4__d.sql': 'select 4;',
  };
  const at = await target(database.url, files);
  await run(test.backend, at);
  const row = (rank: number, version: string, type: string) =>
    database.query(
      `insert into flyway_schema_history (installed_rank, version, description, type, script, installed_by, execution_time, success) values (${rank}, ${version}, 'x', '${type}', 'x', '', 0, 1)`,
    );
  await row(0, 'null', 'SCHEMA');
  await row(5, "'4'", 'UNDO_SQL');
  await row(6, "'3'", 'DELETE');
  expect(await statuses(at)).toEqual(['1 applied', '2 applied', '3 reverted', '4 reverted']);
});

it('understands the rows by which an old goose told of a rollback', async () => {
  await using database = await testDatabase('sqlite');
  const at = adHoc(
    database.url,
    await writeFolder(test.folder, { '1_a.sql': '-- +goose Up\nselect 1;\n', '2_b.sql': '-- +goose Up\nselect 2;\n' }),
  );
  await run(test.backend, at);
  expect(await database.query('select version_id, is_applied from goose_db_version order by id')).toEqual([
    { version_id: 0, is_applied: 1 },
    { version_id: 1, is_applied: 1 },
    { version_id: 2, is_applied: 1 },
  ]);
  await database.query('insert into goose_db_version (version_id, is_applied) values (2, 0)');
  expect(await statuses(at)).toEqual(['1 applied', '2 pending']);
});
