// Folders of sequelize-cli and umzug, their settings, and what their migrations do through the lent session.
import { describe, expect, test } from 'vitest';
import { toolFor } from '../../electron/tools/registry.ts';
import { skipBecause } from '../setup/skip.ts';
import { deskFor, engineOf, projectWith, sqlite } from './project.ts';
import { places, read } from './reading.ts';
import { send } from './running.ts';

const up = (body: string): string =>
  `module.exports = { up: async (queryInterface, Sequelize) => { ${body} }, down: async () => {} };`;

describe('files', () => {
  test('in order of their names; SQL with the ways back in a folder', async () => {
    const root = await projectWith({
      'migrations/2026.01.01T00.00.00.plants.sql': 'create table plants (id integer);',
      'migrations/down/2026.01.01T00.00.00.plants.sql': 'drop table plants;',
      'migrations/down/gone.sql': 'drop table gone;',
      'migrations/2026.01.02T00.00.00.pots.ts': 'export const up = async () => {};',
      'migrations/2025-ä.cjs': up(''),
    });
    const { source, problems } = await read('umzug', root, 'sqlite');
    expect(source.migrations.map(({ historyKey, up: script, down }) => [historyKey, script.kind, down?.path])).toEqual([
      ['2025-ä.cjs', 'program', '2025-ä.cjs'],
      ['2026.01.01T00.00.00.plants.sql', 'file', 'down/2026.01.01T00.00.00.plants.sql'],
      ['2026.01.02T00.00.00.pots.ts', 'program', undefined],
    ]);
    expect(places(problems)).toEqual(['source.downWithoutUp down/gone.sql']);
  });

  test('a file without “up”', async () => {
    const root = await projectWith({ 'migrations/1.js': 'exports.down = async () => {};' });
    expect(places((await read('umzug', root)).problems)).toEqual(['source.invalidSections 1.js']);
  });
});

describe('settings', () => {
  const withConfig = async (config: object) =>
    read('umzug', await projectWith({ 'config/config.json': JSON.stringify(config), 'migrations/1.js': up('') }));

  test('name the history table', async () => {
    const named = { migrationStorageTableName: 'done', migrationStorageTableSchema: 'meta' };
    expect((await withConfig({ a: named, b: named })).historyTable).toEqual({ schema: 'meta', name: 'done' });
  });

  test('environments that differ are told', async () => {
    const { historyTable, notices } = await withConfig({
      a: { migrationStorageTableName: 'x' },
      b: { migrationStorageTableName: 'y' },
    });
    expect([historyTable, notices.map(({ code }) => code)]).toEqual([undefined, ['source.order']]);
  });

  test('a history that is no table is refused', async () => {
    expect((await withConfig({ a: { migrationStorage: 'json' } })).problems).toMatchObject([
      { code: 'source.unsupported', message: expect.stringContaining('json') },
    ]);
  });

  test('a script around umzug names the table', async () => {
    const script = "const umzug = new Umzug({ storage: new SequelizeStorage({ sequelize, tableName: 'ran' }) });";
    const root = await projectWith({ 'migrate.ts': script, 'migrations/1.js': up('') });
    expect((await read('umzug', root)).historyTable).toEqual({ schema: null, name: 'ran' });
  });
});

describe('running', () => {
  test.each([
    ['the query interface as umzug’s context', '({ context }) => context.createTable("t", { a: "INTEGER" })'],
    [
      'Sequelize as umzug’s context',
      '({ context: sequelize }) => sequelize.getQueryInterface().createTable("t", { a: "INTEGER" })',
    ],
    [
      'umzug’s parameters',
      'async (params) => { if (params.name !== "1.js") throw new Error(params.name); await params.context.sequelize.query("CREATE TABLE t (a integer)"); }',
    ],
    [
      'sequelize-cli’s arguments',
      'async (queryInterface, { DataTypes }) => queryInterface.createTable("t", { a: DataTypes.INTEGER })',
    ],
  ])('%s', async (_, action) => {
    const desk = await deskFor('umzug', await projectWith({ 'migrations/1.js': `exports.up = ${action};` }));
    expect(await desk.perform('1.js')).toMatchObject({ outcome: 'succeeded', problem: null });
    expect(await desk.session.columns({ schema: null, name: 't' })).toEqual(expect.arrayContaining(['a']));
    await expect(desk.perform('1.js', 'revert')).rejects.toThrow('no way back');
  });

  test.each([
    [
      'leaves a transaction open',
      'await queryInterface.createTable("t", {}); await queryInterface.sequelize.query("BEGIN");',
      'left a transaction open',
    ],
    [
      'begins one in another',
      'await queryInterface.sequelize.transaction(async () => { await queryInterface.sequelize.transaction(async () => {}); });',
      'one transaction at a time',
    ],
    [
      'throws in one',
      'await queryInterface.sequelize.transaction(async (transaction) => { await queryInterface.sequelize.query("CREATE TABLE u (a integer)", { transaction }); throw new Error("no"); });',
      'no',
    ],
  ])('one that %s fails, and is not recorded', async (_, body, words) => {
    const postgres = engineOf('postgres');
    const engine = postgres.missing() === undefined ? postgres : sqlite;
    const desk = await deskFor('umzug', await projectWith({ 'migrations/1.js': up(body) }), engine);
    const { outcome, problem } = await desk.perform('1.js');
    expect([outcome === 'succeeded', problem?.message]).toEqual([false, expect.stringContaining(words)]);
    expect(await desk.session.columns({ schema: null, name: 'u' })).toBeNull();
    expect(await desk.bench.history.read(desk.session)).toEqual([]);
  });

  test('what Sequelize reads from the catalogue', async (context) => {
    const postgres = engineOf('postgres');
    const reason = postgres.missing();
    if (reason !== undefined) skipBecause(context, reason);
    const body = `
      await queryInterface.createTable('t', { id: { type: Sequelize.INTEGER, primaryKey: true }, kind: Sequelize.ENUM('a', 'b'), at: Sequelize.DATE, j: Sequelize.JSONB, owner: { type: Sequelize.INTEGER, references: { model: 't', key: 'id' } } });
      await queryInterface.addIndex('t', ['kind', 'at'], { name: 't_kind' });
      await queryInterface.bulkInsert('t', [{ id: 1, kind: 'b', at: new Date(0), j: JSON.stringify({ x: [1] }) }]);
      const [index] = (await queryInterface.showIndex('t')).filter(({ name }) => name === 't_kind');
      const [row] = await queryInterface.sequelize.query('SELECT * FROM t WHERE kind = :kind', { type: 'SELECT', replacements: { kind: 'b' } });
      const keys = await queryInterface.getForeignKeyReferencesForTable('t');
      const seen = [index.fields.map(({ attribute }) => attribute), row.at.getTime(), row.j.x[0], keys.length, await queryInterface.tableExists('t')];
      if (JSON.stringify(seen) !== JSON.stringify([['kind', 'at'], 0, 1, 1, true])) throw new Error(JSON.stringify(seen));
      await queryInterface.changeColumn('t', 'at', { type: Sequelize.DATE, allowNull: false });
      await queryInterface.removeColumn('t', 'owner');`;
    const desk = await deskFor('umzug', await projectWith({ 'migrations/1.js': up(body) }), postgres);
    expect(await desk.perform('1.js')).toMatchObject({ outcome: 'succeeded', problem: null });
  });
});

test('a table with times keeps them', async () => {
  const desk = await deskFor('umzug', await projectWith({ 'migrations/1.js': up('') }));
  await send(desk.session, [
    'DROP TABLE SequelizeMeta',
    'CREATE TABLE SequelizeMeta (name VARCHAR(255) PRIMARY KEY, createdAt DATETIME NOT NULL, updatedAt DATETIME NOT NULL)',
  ]);
  expect(await desk.bench.history.read(desk.session)).toEqual([]);
  expect(await desk.perform('1.js')).toMatchObject({ outcome: 'succeeded' });
  const [entry] = (await desk.bench.history.read(desk.session)) ?? [];
  expect(entry?.appliedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const columns = (await desk.session.columns(desk.bench.history.table)) ?? [];
  expect(toolFor('umzug').recognises(columns)).toBe(true);
});
