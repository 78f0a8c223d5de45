/** Processes killed at every move of a restore and of its undoing: nothing is lost, and undoing brings all back. */
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { mariadb, postgres15, unavailable } from '../servers/index.ts';
import {
  adHoc,
  type TestBackend,
  type TestDatabase,
  testBackend,
  testDatabase,
  writeFolder,
} from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { change, contentOf, type Engine, engines, fill } from './databases.ts';
import type { Order } from './dyingRestore.ts';
import { backUp, undo } from './support.ts';

const program = fileURLToPath(new URL('./dyingRestore.ts', import.meta.url));

/** More than any restore has. */
const MOST_MOVES = 40;

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

/** True: it died as ordered. */
async function dies(order: Order): Promise<boolean> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [program, JSON.stringify(order)], (error, stdout, stderr) => {
      if (error?.signal === 'SIGKILL') resolve(true);
      else if (error === null && stdout.includes('"succeeded"')) resolve(false);
      else reject(new Error(`${stdout}\n${stderr}`));
    });
  });
}

/** Names of databases that a restore has made beside this one. */
async function beside(engine: Engine, database: TestDatabase): Promise<string[]> {
  if (engine === 'sqlite') {
    const file = database.url.slice('sqlite:'.length);
    return (await readdir(dirname(file))).filter(
      (name) => /_(restored|before)_|\.(restored|before)_/.test(name) && name.startsWith(basename(file)),
    );
  }
  const server = await { postgres15, mariadb }[engine]();
  const name = new URL(database.url).pathname.slice(1);
  const rows =
    engine === 'postgres15'
      ? await server.query('SELECT datname AS name FROM pg_database')
      : await server.query('SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA');
  return rows.map((row) => String(row['name'])).filter((one) => one.startsWith(`${name}_`));
}

async function latestRestore(): Promise<string> {
  const runs = test.backend.context.workspace.runs.list({ environmentId: null, limit: 100 });
  const run = runs.find(({ action }) => action === 'restore');
  if (run === undefined) throw new Error('no run was begun');
  return run.id;
}

async function prepared(engine: Engine, database: TestDatabase) {
  await fill(engine, database);
  const target = adHoc(
    database.url,
    await writeFolder(test.folder, {
      '20260101000001_a.sql': '-- migrate:up\nselect 1;\n-- migrate:down\nselect 1;\n',
    }),
  );
  const backup = await backUp(test.backend.context, target);
  const restored = await contentOf(engine, database);
  await change(database, "INSERT INTO patient (name, ward) VALUES ('later', 1)");
  await change(database, `DROP TRIGGER noted${engine === 'postgres15' ? ' ON patient' : ''}`);
  await change(database, 'CREATE VIEW later AS SELECT name FROM patient');
  const order = { dataDirectory: test.backend.context.workspace.dataDirectory, target, backup: backup.id, undo: null };
  return { target, order, restored, current: await contentOf(engine, database) };
}

describe.each(engines)('on %s', (engine) => {
  beforeEach((context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  it('a restore killed at any move is undone to what was there', { timeout: 600_000 }, async () => {
    await using database = await testDatabase(engine);
    const { target, order, restored, current } = await prepared(engine, database);
    let survived = false;
    for (let dieAt = 1; !survived; dieAt++) {
      expect(dieAt).toBeLessThan(MOST_MOVES);
      survived = !(await dies({ ...order, dieAt }));
      if (survived) expect(await contentOf(engine, database)).toEqual(restored);
      // Where one step makes the change, whoever looks finds the one or the other.
      else if (engine !== 'mariadb') expect([restored, current]).toContainEqual(await contentOf(engine, database));
      // Killed before it began there is nothing to undo.
      const undone = await undo(test.backend.context, { id: await latestRestore() }, target).catch(nothingToUndo);
      expect(undone?.problem ?? null, `killed at move ${dieAt}`).toBeNull();
      expect(await contentOf(engine, database), `killed at move ${dieAt}`).toEqual(current);
      const left = await beside(engine, database);
      if (undone?.restore?.stage === 'undone') expect(left.every((name) => name.includes('restored_'))).toBe(true);
      else expect(left, `killed at move ${dieAt}`).toEqual([]);
      await removeAll(engine, database, left);
    }
  });

  it('a restore killed while loading leaves the live database alone', { timeout: 120_000 }, async () => {
    await using database = await testDatabase(engine);
    const { target, order, current } = await prepared(engine, database);
    expect(await dies({ ...order, dieAt: 'progress' })).toBe(true);
    expect(await contentOf(engine, database)).toEqual(current);
    await undo(test.backend.context, { id: await latestRestore() }, target);
    expect(await contentOf(engine, database)).toEqual(current);
    expect(await beside(engine, database)).toEqual([]);
  });

  it('an undoing killed at any move is done again', { timeout: 600_000 }, async () => {
    await using database = await testDatabase(engine);
    const { target, order, current } = await prepared(engine, database);
    let survived = false;
    for (let dieAt = 1; !survived; dieAt++) {
      expect(dieAt).toBeLessThan(MOST_MOVES);
      expect(await dies({ ...order, dieAt: MOST_MOVES })).toBe(false);
      const run = await latestRestore();
      survived = !(await dies({ ...order, undo: run, dieAt }));
      if (!survived) {
        const again = await undo(test.backend.context, { id: run }, target).catch(nothingToUndo);
        expect(again?.problem ?? null, `killed at move ${dieAt}`).toBeNull();
      }
      expect(await contentOf(engine, database), `killed at move ${dieAt}`).toEqual(current);
      const left = await beside(engine, database);
      expect(left.filter((name) => name.includes('before_'))).toEqual([]);
      expect(left.filter((name) => name.includes('restored_'))).not.toEqual([]);
      await removeAll(engine, database, left);
    }
  });
});

function nothingToUndo(error: unknown): null {
  expect(error).toMatchObject({ problem: { code: 'restore.notUndoable' } });
  return null;
}

async function removeAll(engine: Engine, database: TestDatabase, names: readonly string[]): Promise<void> {
  if (engine === 'sqlite') {
    const { rm } = await import('node:fs/promises');
    for (const name of names) await rm(`${dirname(database.url.slice('sqlite:'.length))}/${name}`);
    return;
  }
  const server = await { postgres15, mariadb }[engine]();
  const quote = engine === 'mariadb' ? '`' : '"';
  for (const name of names) await server.query(`DROP DATABASE ${quote}${name}${quote}`);
}
