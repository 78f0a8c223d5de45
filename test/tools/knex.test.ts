// knex's folders and knexfiles, its lock, and what its migrations do through the lent session.
import { stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { LentSession } from '../../electron/engine/ports.ts';
import { readStatus } from '../../electron/services/readStatus.ts';
import { trustPrograms } from '../../electron/services/trust.ts';
import { createProgramRunner } from '../../electron/tools/programs/programRunner.ts';
import { toolFor } from '../../electron/tools/registry.ts';
import { adHoc, run, testBackend, testDatabase } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { folderOf } from './folder.ts';
import { deskFor, engineOf, projectWith, sqlite } from './project.ts';
import { places, read } from './reading.ts';
import { send } from './running.ts';

const empty = 'exports.up = async () => {}; exports.down = async () => {};';
const up = (body: string): string => `exports.up = async (knex) => { ${body} }; exports.down = async () => {};`;
const keysOf = async (root: string): Promise<string[]> =>
  (await read('knex', root, 'sqlite')).source.migrations.map(({ historyKey }) => historyKey);

describe('files', () => {
  test('in order of their names, whatever they are written in', async () => {
    const root = await projectWith({
      'migrations/10_b.js': empty,
      'migrations/9_a.cjs': empty,
      'migrations/20_größe.ts': 'export const up = async () => {};\nexport const down = async () => {};',
      'migrations/B.js': empty,
      'migrations/a.js': empty,
      'migrations/types.d.ts': '',
    });
    expect(await keysOf(root)).toEqual(['10_b.js', '20_größe.ts', '9_a.cjs', 'B.js', 'a.js']);
  });

  test('without a way back, or with a computed config: a Problem of that file', async () => {
    const root = await projectWith({
      'migrations/1_a.js': 'exports.up = async () => {};',
      'migrations/2_b.js': `${empty}\nconst transaction = process.env.TX;\nexports.config = { transaction };`,
      'migrations/3_c.js': 'exports.config = { transaction: false };',
    });
    const { problems, source } = await read('knex', root, 'sqlite');
    expect(places(problems)).toEqual([
      'source.invalidSections 1_a.js',
      'source.invalidMetadata 2_b.js',
      'source.invalidSections 3_c.js',
      'source.invalidSections 3_c.js',
    ]);
    expect(source.migrations[0]?.down).toBeNull();
  });

  test('an extension that is not loaded is passed over and told', async () => {
    const root = await projectWith({ 'migrations/1_a.mjs': 'export const up = 1, down = 1;' });
    expect((await read('knex', root)).notices).toMatchObject([{ code: 'source.unknownName', path: '1_a.mjs' }]);
    await writeFile(
      join(dirname(root), 'knexfile.js'),
      "module.exports = { migrations: { loadExtensions: ['.mjs'] } };",
    );
    expect(await keysOf(root)).toEqual(['1_a.mjs']);
  });

  test.each([
    ["require('node:child_process');", 'node:child_process'],
    ["require('net');", 'net'],
    ["require('./absent');", './absent'],
    ["require('not-installed-anywhere');", 'not-installed-anywhere'],
  ])('an import of what no migration needs: %s', async (text, named) => {
    const root = await projectWith({ 'migrations/1_a.js': `\n${text}\n${empty}` });
    expect((await read('knex', root)).problems).toMatchObject([
      { code: 'script.import', path: '1_a.js', line: 2, message: expect.stringContaining(named) },
    ]);
  });

  test('a project without its packages is listed, and not run', async () => {
    const folder = await folderOf({ 'package.json': '{}', 'migrations/1_a.js': empty });
    onTestFinished(() => folder[Symbol.asyncDispose]());
    const { source, problems } = await read('knex', join(folder.path, 'migrations'));
    expect([source.migrations[0]?.notRunnable, problems]).toEqual([expect.stringContaining('npm ci'), []]);
  });
});

describe('knexfile', () => {
  const withKnexfile = async (text: string) =>
    read('knex', await projectWith({ 'knexfile.ts': text, 'migrations/1_a.js': empty }), 'sqlite');

  test('names the history table', async () => {
    const file =
      "export default { dev: { migrations: { tableName: 'done', schemaName: 'meta', disableTransactions: true } } };";
    const { historyTable, source } = await withKnexfile(file);
    expect(historyTable).toEqual({ schema: 'meta', name: 'done' });
    expect(source.migrations[0]?.transaction).toEqual({ up: false, down: false });
  });

  test.each([
    'module.exports = { migrations: { tableName: process.env.TABLE } };',
    "module.exports = { a: { migrations: { tableName: 'x' } }, b: { migrations: { tableName: 'y' } } };",
  ])('what is computed or not clear is told, never run: %s', async (text) => {
    const { historyTable, notices } = await withKnexfile(text);
    expect(historyTable).toBeUndefined();
    expect(notices).toMatchObject([{ code: 'source.order', hint: expect.stringContaining('--history-table') }]);
  });

  test.each(['module.exports = { wrapIdentifier: (name) => name };', "module.exports = { searchPath: ['other'] };"])(
    'what changes every statement by code keeps all of them from being run: %s',
    async (text) => {
      expect((await withKnexfile(text)).source.migrations[0]?.notRunnable).toMatch(/wrapIdentifier|searchPath/);
    },
  );
});

describe('running', () => {
  test('imports of JSON and SQL, ES modules and CommonJS together', async () => {
    const root = await projectWith({
      'migrations/1_a.js': `import { readFile } from 'node:fs/promises';
import rows from '../rows.json' with { type: 'json' };
import { table } from '../name.cjs';
export const up = async (knex) => {
  await knex.raw(await readFile(new URL('./a.sql', import.meta.url), 'utf8'));
  await knex(table).insert(rows);
};
export const down = (knex) => knex.schema.dropTable(table);`,
      'migrations/a.sql': 'CREATE TABLE größen (id integer, wort text);',
      'name.cjs': "exports.table = 'größen';",
      'rows.json': '[{"id":1,"wort":"grün"},{"id":2,"wort":"it\'s \\\\ blue?"}]',
    });
    const desk = await deskFor('knex', root);
    expect(desk.source.problems).toEqual([]);
    expect(await desk.perform('1_a.js')).toMatchObject({ outcome: 'succeeded', problem: null });
    expect(await desk.session.query('SELECT wort FROM größen ORDER BY id')).toEqual([
      { wort: 'grün' },
      { wort: "it's \\ blue?" },
    ]);
    expect(await desk.perform('1_a.js', 'revert')).toMatchObject({ outcome: 'succeeded' });
    expect(await desk.bench.history.read(desk.session)).toEqual([]);
  });

  test.each([
    ['throws', "await knex.schema.createTable('t', (t) => t.increments());\nthrow new Error('no \\u{1F4A5}');", 'no'],
    [
      'fails at the server',
      "await knex.schema.createTable('t', (t) => t.increments());\nawait knex('nowhere').select();",
      'nowhere',
    ],
    [
      'ends its process',
      "await knex.schema.createTable('t', (t) => t.increments()); process.exit(0);",
      'ended without a word',
    ],
    ['asks another server', "await fetch('http://127.0.0.1:1');", 'nothing but its database'],
    [
      'begins what it does not own',
      "await knex.raw('COMMIT; CREATE TABLE t (a integer)');",
      'transactions are Lockkeeper',
    ],
    [
      'goes on after a failure',
      "await knex('nowhere').catch(() => {}); await knex.schema.createTable('t', () => {});",
      'nowhere',
    ],
  ])('one that %s leaves nothing behind', async (_, body, words) => {
    const desk = await deskFor('knex', await projectWith({ 'migrations/1_a.js': up(body) }));
    const { outcome, problem } = await desk.perform('1_a.js');
    expect([outcome, `${problem?.message} ${problem?.serverMessage ?? ''}`]).toEqual([
      'failed',
      expect.stringContaining(words),
    ]);
    expect(problem?.path).toBe('1_a.js');
    expect(await desk.session.columns({ schema: null, name: 't' })).toBeNull();
    expect(await desk.bench.history.read(desk.session)).toEqual([]);
  });

  test('transactions of its own: savepoints in one, real ones without', async () => {
    const body = `await knex.schema.createTable('t', (t) => t.integer('a'));
      await knex.transaction(async (inner) => inner('t').insert({ a: 1 }));
      await knex.transaction(async (inner) => { await inner('t').insert({ a: 2 }); throw new Error('undo'); }).catch(() => {});`;
    const root = await projectWith({
      'migrations/1_a.js': up(body),
      'migrations/2_b.js': `${up(body.replaceAll("'t'", "'u'"))}\nexports.config = { transaction: false };`,
    });
    const desk = await deskFor('knex', root);
    for (const [key, table] of [
      ['1_a.js', 't'],
      ['2_b.js', 'u'],
    ] as const) {
      expect(await desk.perform(key)).toMatchObject({ outcome: 'succeeded', problem: null });
      expect(await desk.session.query(`SELECT a FROM ${table}`)).toEqual([{ a: 1 }]);
    }
  });

  test('all of a run is one batch, the next run another', async () => {
    const root = await projectWith({ 'migrations/1_a.js': empty, 'migrations/2_b.js': empty });
    const desk = await deskFor('knex', root);
    await send(desk.session, ["INSERT INTO knex_migrations (name, batch) VALUES ('0_gone.js', 7)"]);
    await desk.perform('1_a.js');
    await desk.perform('2_b.js');
    expect((await desk.bench.history.read(desk.session))?.map(({ batch }) => batch)).toEqual([7, 8, 8]);
  });
});

describe('values', () => {
  test('as the driver of PostgreSQL gives and takes them', async (context) => {
    const postgres = engineOf('postgres');
    const reason = postgres.missing();
    if (reason !== undefined) skipBecause(context, reason);
    const body = `
      await knex.schema.createTable('t', (t) => { t.increments(); t.jsonb('j'); t.timestamp('at'); t.specificType('tags', 'text[]'); t.binary('b'); t.boolean('ok'); t.bigInteger('big'); });
      const at = new Date('2026-01-31T23:59:59.123Z');
      const [{ id }] = await knex('t').insert({ j: JSON.stringify({ a: ["it's \\\\ ?"] }), at, tags: ['a"b', 'c,d', null], b: Buffer.from([0, 255]), ok: false, big: '9007199254740993' }, ['id']);
      const row = await knex('t').where({ id, ok: false }).first();
      const seen = [row.j.a[0], row.at.getTime() === at.getTime(), row.tags, [...row.b], row.ok, row.big, await knex('t').update({ ok: true })];
      if (JSON.stringify(seen) !== JSON.stringify(["it's \\\\ ?", true, ['a"b', 'c,d', null], [0, 255], false, '9007199254740993', 1])) throw new Error(JSON.stringify(seen));`;
    const desk = await deskFor('knex', await projectWith({ 'migrations/1_a.js': up(body) }), postgres);
    expect(await desk.perform('1_a.js')).toMatchObject({ outcome: 'succeeded', problem: null });
  });

  test('as the driver of MySQL gives and takes them', async (context) => {
    const mariadb = engineOf('mysql');
    const reason = mariadb.missing();
    if (reason !== undefined) skipBecause(context, reason);
    const body = `
      await knex.schema.createTable('t', (t) => { t.increments(); t.string('word'); t.datetime('at'); t.boolean('ok'); });
      const at = new Date('2026-01-31T23:59:59Z');
      const ids = [await knex('t').insert({ word: 'it\\'s \\\\ ?\\n', at, ok: true }), await knex('t').insert({ word: 'b' })];
      const row = await knex('t').where({ id: 1 }).first();
      const seen = [ids, row.word, row.at.getTime() === at.getTime(), row.ok, await knex('t').where({ id: 2 }).del()];
      if (JSON.stringify(seen) !== JSON.stringify([[[1], [2]], 'it\\'s \\\\ ?\\n', true, 1, 1])) throw new Error(JSON.stringify(seen));`;
    const desk = await deskFor('knex', await projectWith({ 'migrations/1_a.js': up(body) }), mariadb);
    expect(await desk.perform('1_a.js')).toMatchObject({ outcome: 'succeeded', problem: null });
  });
});

test('its lock: taken by knex it is held; left by a run of ours that died, it is taken over', async () => {
  const desk = await deskFor('knex', await projectWith({ 'migrations/1_a.js': empty }));
  const { session, bench } = desk;
  const again = toolFor('knex').history('sqlite', sqlite.driver.dialect, null);
  const state = async () => (await session.query('SELECT is_locked > 0 AS held FROM knex_migrations_lock'))[0]?.held;
  await send(session, ['UPDATE knex_migrations_lock SET is_locked = 1']);
  expect(await bench.history.tryToolLock?.(session)).toMatchObject({ held: true });
  await send(session, ['UPDATE knex_migrations_lock SET is_locked = 0']);
  expect(await bench.history.tryToolLock?.(session)).toBeNull();
  expect(await state()).toBe(1);
  expect(await again.tryToolLock?.(session)).toBeNull();
  await again.releaseToolLock?.(session);
  expect(await state()).toBe(0);
});

describe('ended', () => {
  const runUntil = async (body: string, signal: AbortSignal, asked: () => void) => {
    const root = await projectWith({ 'migrations/1_a.js': up(body) });
    const { session, source } = await deskFor('knex', root);
    const script = source.source.migrations[0]?.up;
    if (script?.kind !== 'program') throw new Error('no program');
    const lent: LentSession = {
      inTransaction: false,
      wantsTransaction: false,
      database: '',
      product: '',
      async query(sql) {
        asked();
        return { rows: await session.query(sql), affectedRows: null, columnTypes: {} };
      },
      say: () => undefined,
      progress: () => undefined,
    };
    return createProgramRunner(root, { previewMs: 30_000, idleMs: 3000 }).run(script, lent, signal);
  };

  test('when it asks nothing for too long', async () => {
    const run = runUntil(
      "await knex.raw('SELECT 1'); await new Promise(() => {});",
      new AbortController().signal,
      () => {},
    );
    await expect(run).rejects.toMatchObject({
      problem: { code: 'script.program', message: expect.stringContaining('for too long') },
    });
  });

  test('when it is cancelled', async () => {
    const controller = new AbortController();
    const run = runUntil("for (;;) await knex.raw('SELECT 1');", controller.signal, () => controller.abort());
    await expect(run).rejects.toMatchObject({ problem: { code: 'run.cancelled' } });
  });
});

test('trusted, run and failed as a person would: both locks are free again', async () => {
  const root = await projectWith({ 'migrations/1_a.js': up("throw new Error('no');"), 'knexfile.js': '' });
  await using database = await testDatabase('sqlite');
  await using desk = await testBackend();
  const target = adHoc(database.url, root);
  const untrusted = await run(desk.backend, target).catch((error: unknown) => error);
  expect(untrusted).toMatchObject({ problem: { code: 'gate.trust' } });
  const { trust } = await readStatus(desk.backend.context, target);
  const digests = trust?.programs.map(({ digest }) => digest) ?? [];
  expect(trust?.programs[0]?.packages.map(({ name }) => name)).toContain('knex');
  await trustPrograms(desk.backend.context, target, digests);
  const { run: done } = await run(desk.backend, target);
  expect(done).toMatchObject({ outcome: 'failed', problem: { code: 'script.program', path: '1_a.js', line: 1 } });
  expect(await database.query('SELECT is_locked FROM knex_migrations_lock')).toMatchObject([{ is_locked: 0 }]);
  expect((await readStatus(desk.backend.context, target)).migrations.map(({ status }) => status)).toEqual(['pending']);
});

test('a library that changed is no longer what was trusted, also with its old size and time', async () => {
  const knex = 'node_modules/knex/';
  const folder = await folderOf({
    'package.json': '{}',
    'migrations/1_a.js': empty,
    [`${knex}package.json`]: '{"version":"3.3.0"}',
    [`${knex}knex.js`]: 'a',
  });
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const digest = async () => {
    const [migration] = (await read('knex', join(folder.path, 'migrations'))).source.migrations;
    return migration?.up.sha256;
  };
  const before = await digest();
  expect(await digest()).toBe(before);
  const file = join(folder.path, knex, 'knex.js');
  const { atime, mtime } = await stat(file);
  await writeFile(file, 'b');
  await utimes(file, atime, mtime);
  expect(await digest()).not.toBe(before);
});
