import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { compare, keyOf } from '../../electron/engine/compare.ts';
import { prepareRepair } from '../../electron/services/prepareRepair.ts';
import { readStatus } from '../../electron/services/readStatus.ts';
import { startRepair } from '../../electron/services/startRepair.ts';
import { plainEntry } from '../../electron/tools/common/historyRows.ts';
import { mysqlName, postgresKeys } from '../../electron/tools/golang-migrate/locks.ts';
import { toolFor } from '../../electron/tools/registry.ts';
import type { RepairAction } from '../../shared/model/repair.ts';
import { unavailable } from '../servers/index.ts';
import { adHoc, engines, run, type TestBackend, testBackend, testDatabase, writeFolder } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { folderOf } from './folder.ts';
import { places, read, samples, textOf } from './reading.ts';

test('its lock numbers, as its own functions compute them', () => {
  expect(postgresKeys('mydb', 'public', 'schema_migrations')).toEqual(
    expect.arrayContaining([616192132n, 2103762914n]),
  );
  expect(mysqlName('mydb', 'schema_migrations')).toBe('1906445756');
});

test('versions are numbers: leading zeros, gaps and long ones; other names are passed over', async () => {
  await using folder = await folderOf({
    '0010_ten.up.sql': 'select 1;\r\n',
    '9_nine.up.sql': '\uFEFFselect 1;',
    '9_nine.down.sql': '',
    '11_größe 表.up.sql': '-- nothing yet\n',
    '12_only_down.down.sql': 'select 1;',
    '99999999999999999999_x.up.sql': '',
    'seed.sql': 'select 1;',
    '13_a.sql': 'select 1;',
  });
  const { source, problems, notices } = await read('golang-migrate', folder.path);
  expect(
    source.migrations.map(({ version, name, previousKey, down }) => [version, name, previousKey, down !== null]),
  ).toEqual([
    ['9', 'nine', null, true],
    ['10', 'ten', '9', false],
    ['11', 'größe 表', '10', false],
    ['12', 'only_down', '11', true],
  ]);
  expect(places(problems)).toEqual(['source.unknownName 99999999999999999999_x.up.sql']);
  expect(places(notices)).toEqual([
    'source.unknownName 13_a.sql',
    'source.unknownName seed.sql',
    'script.syntax 9_nine.up.sql 1',
    'source.downWithoutUp 12_only_down.down.sql',
  ]);
  expect(await textOf(folder.path, source.migrations[0]?.up ?? null)).toBe('select 1;');
  expect(await textOf(folder.path, source.migrations[3]?.up ?? null)).toBe('');
});

test('one version twice, by two branches', async () => {
  await using folder = await folderOf({ '3_a.up.sql': '', '03_b.up.sql': '', '3_a.down.sql': '' });
  const { source, problems } = await read('golang-migrate', folder.path);
  expect(places(problems)).toEqual(['source.duplicateVersion 3_a.up.sql']);
  expect(source.migrations).toHaveLength(1);
});

test('a new pair is numbered as those before it', async () => {
  const { source } = await read('golang-migrate', join(samples, 'golang-migrate/postgres'));
  const at = new Date('2026-02-03T04:05:06Z');
  expect(
    toolFor('golang-migrate')
      .scaffold('Add due', source.migrations, at)
      .map(({ path }) => path),
  ).toEqual(['000005_add_due.up.sql', '000005_add_due.down.sql']);
  expect(toolFor('golang-migrate').scaffold('x', [], at)[0]?.path).toBe('20260203040506_x.up.sql');
});

describe.each(engines)('a position on %s', (engine) => {
  let desk: TestBackend;
  beforeAll(async () => {
    desk = await testBackend();
  });
  afterAll(() => desk[Symbol.asyncDispose]());
  beforeEach((context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  const statuses = async (target: ReturnType<typeof adHoc>) =>
    (await readStatus(desk.backend.context, target)).migrations.map(({ version, status }) => `${version} ${status}`);

  const goModule = { 'go.mod': 'require github.com/golang-migrate/migrate/v4 v4.19.1\n' };

  test('moves with what is applied and rolled back, and holds one row', async () => {
    await using database = await testDatabase(engine);
    const source = await writeFolder(desk.folder, {
      ...goModule,
      '1_a.up.sql': 'create table a (id int);',
      '1_a.down.sql': 'drop table a;',
      '5_b.up.sql': 'create table b (id int);',
      '5_b.down.sql': 'drop table b;',
    });
    const target = adHoc(database.url, source);
    const rows = async () =>
      (await database.query('select version from schema_migrations')).map((row) => Number(row['version']));
    expect((await run(desk.backend, target)).run).toMatchObject({ outcome: 'succeeded', problem: null });
    expect([await rows(), await statuses(target)]).toEqual([[5], ['1 applied', '5 applied']]);
    const down = { wanted: { direction: 'down', steps: 1 } } as const;
    expect((await run(desk.backend, target, down)).run.outcome).toBe('succeeded');
    expect([await rows(), await statuses(target)]).toEqual([[1], ['1 applied', '5 pending']]);
    expect((await run(desk.backend, target, down)).run.outcome).toBe('succeeded');
    expect([await rows(), await statuses(target)]).toEqual([[], ['1 pending', '5 pending']]);
  });

  test('a failure outside of a transaction is dirty until a person forces a version; single steps stay single', async () => {
    await using database = await testDatabase(engine);
    const source = await writeFolder(desk.folder, {
      ...goModule,
      '1_a.up.sql': 'create table a (id int);',
      '2_b.up.sql': 'begin;\ncreate table b (id int);\ncommit;\ninsert into nowhere values (1);\n',
      '3_c.up.sql': 'create table c (id int);',
    });
    const target = adHoc(database.url, source);
    const { context } = desk.backend;
    const repair = async (action: RepairAction, version: string) => {
      const prepared = await prepareRepair(context, target, [{ action, version }]);
      const { fingerprint } = prepared;
      const answers = { fingerprint, confirm: null, reason: 'agreed', accept: [] };
      return (await startRepair(context, prepared, answers).finished).outcome;
    };
    expect((await run(desk.backend, target)).run.outcome).toBe('failed');
    expect(await statuses(target)).toEqual(['1 applied', '2 interrupted', '3 pending']);
    expect(await repair('markReverted', '2')).toBe('succeeded');
    expect(await statuses(target)).toEqual(['1 applied', '2 pending', '3 pending']);
    expect(await repair('markApplied', '3')).toBe('failed');
    expect(await repair('markApplied', '2')).toBe('succeeded');
    expect(await repair('markReverted', '1')).toBe('failed');
    expect(await statuses(target)).toEqual(['1 applied', '2 applied', '3 pending']);
    expect(await repair('force', '3')).toBe('succeeded');
    expect(await repair('force', '1')).toBe('succeeded');
    expect(await statuses(target)).toEqual(['1 applied', '2 pending', '3 pending']);
  });
});

test('a dirty version is interrupted; those before it are applied, one without a file is missing', async () => {
  await using folder = await folderOf({ '1_a.up.sql': '', '2_b.up.sql': '', '3_c.up.sql': '' });
  const { migrations } = (await read('golang-migrate', folder.path)).source;
  const meant = (version: string, dirty: boolean) => {
    const entry = { ...plainEntry(version), version, state: dirty ? ('executing' as const) : ('applied' as const) };
    const entries = toolFor('golang-migrate').interpret?.([entry], migrations) ?? [];
    return compare(migrations, entries, { outOfOrder: 'refused' }).rows.map((row) => `${keyOf(row)} ${row.status}`);
  };
  expect(meant('2', false)).toEqual(['1 applied', '2 applied', '3 pending']);
  expect(meant('2', true)).toEqual(['1 applied', '2 interrupted', '3 pending']);
  expect(meant('7', false)).toEqual(['1 applied', '2 applied', '3 applied', '7 missing']);
  expect(meant('-1', true)).toEqual(['1 interrupted', '2 pending', '3 pending']);
});
