// Every rule against what SQLite itself does: rows lost, pages written, root pages, and what it refuses.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sqliteDriver } from '../../electron/databases/sqlite/index.ts';
import type { Hazard } from '../../shared/model/plan.ts';
import type { Statement } from '../../shared/model/statement.ts';
import { openSession, temporaryFolder } from '../databases/sqlite/support.ts';

const schema = `
PRAGMA journal_mode = WAL;
CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parent (id) ON DELETE CASCADE, x INTEGER);
CREATE TABLE big (id INTEGER PRIMARY KEY, a INTEGER, b TEXT, c TEXT);
WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 10) INSERT INTO parent SELECT i, 'p' FROM s;
WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 20) INSERT INTO child SELECT i, 1 + i % 10, i FROM s;
WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 5000) INSERT INTO big SELECT i, i, printf('%100d', i), 'c' FROM s;`;

interface Seen {
  readonly error: string | null;
  readonly rows: Readonly<Record<string, number>>;
  readonly roots: Readonly<Record<string, number>>;
  /** As many as the write-ahead log holds. */
  readonly pagesWritten: number;
  readonly pages: number;
}

function look(database: Database.Database): Pick<Seen, 'rows' | 'roots'> {
  const tables = database
    .prepare<[], { name: string; rootpage: number }>("SELECT name, rootpage FROM sqlite_schema WHERE type = 'table'")
    .all();
  const rows = tables.map(({ name }) => [
    name,
    Number(database.prepare<[], number>(`SELECT count(*) FROM "${name}"`).pluck().get()),
  ]);
  return {
    rows: Object.fromEntries(rows),
    roots: Object.fromEntries(tables.map(({ name, rootpage }) => [name, rootpage])),
  };
}

/** A database of its own, the script run on it by SQLite itself, and what the rules said of it before. */
async function tried(script: string, { foreignKeys = false, transactional = false } = {}) {
  const file = join(temporaryFolder(), 'app.db');
  const database = new Database(file);
  onTestFinished(() => {
    database.close();
  });
  database.exec(schema);
  database.pragma('wal_checkpoint(TRUNCATE)');
  const before = look(database);
  const hazards = await hazardsOf(foreignKeys ? `PRAGMA foreign_keys = ON;${script}` : script, file, transactional);
  database.pragma(`foreign_keys = ${foreignKeys ? 'ON' : 'OFF'}`);
  database.pragma('wal_checkpoint(TRUNCATE)');
  let error: string | null = null;
  try {
    database.exec(transactional ? `BEGIN; ${script}; COMMIT` : script);
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.message : String(thrown);
  }
  if (database.inTransaction) database.exec('ROLLBACK');
  const log = existsSync(`${file}-wal`) ? statSync(`${file}-wal`).size : 0;
  const size = Number(database.pragma('page_size', { simple: true }));
  const after: Seen = {
    ...look(database),
    error,
    pagesWritten: Math.round(log / (size + 24)),
    pages: Number(database.pragma('page_count', { simple: true })),
  };
  return { database, file, before, after, hazards, codes: hazards.map(({ code }) => code) };
}

async function hazardsOf(script: string, file: string, transactional: boolean): Promise<Hazard[]> {
  const session = await openSession(file, { readOnly: true });
  const facts = await sqliteDriver.readFacts(session, 'all');
  // Another session would keep the script from leaving WAL.
  await session.close();
  const rules = await sqliteDriver.hazardLook(facts, 'all');
  rules.begin({ transactional });
  const splitter = sqliteDriver.sql.createSplitter({});
  const pieces = [...splitter.push(script), ...splitter.finish()];
  const statements = pieces.flatMap((piece): Statement[] => (piece.kind === 'statement' ? [piece.statement] : []));
  return statements.flatMap((one) => rules.look(one, sqliteDriver.sql.classify(one.text)));
}

const rebuild = `CREATE TABLE parent2 (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
INSERT INTO parent2 SELECT * FROM parent;
DROP TABLE parent;
ALTER TABLE parent2 RENAME TO parent;`;

describe('a table rebuilt', () => {
  test.each(['', 'PRAGMA defer_foreign_keys = ON;'])(
    'with foreign keys ON loses its children’s rows %s',
    async (first) => {
      const { before, after, hazards } = await tried(first + rebuild, { foreignKeys: true, transactional: true });
      expect(after.error).toBeNull();
      expect([before.rows['child'], after.rows['child'], after.rows['parent']]).toEqual([20, 0, 10]);
      expect(hazards).toContainEqual(
        expect.objectContaining({
          code: 'rowsLost',
          severity: 'danger',
          message: expect.stringContaining('child (ON DELETE CASCADE)'),
        }),
      );
    },
  );

  test('with foreign keys OFF keeps them, and the rules say nothing', async () => {
    const { before, after, codes } = await tried(rebuild, { transactional: true });
    expect(after.rows).toEqual(before.rows);
    expect(after.roots['parent']).not.toBe(before.roots['parent']);
    expect(codes).toEqual([]);
  });

  test('with the pragma inside of the transaction, which does nothing, loses them too', async () => {
    const { after, codes } = await tried(`SELECT 1; PRAGMA foreign_keys = OFF; ${rebuild}`, {
      foreignKeys: true,
      transactional: true,
    });
    expect(after.rows['child']).toBe(0);
    expect(codes).toEqual(expect.arrayContaining(['foreignKeysIgnored', 'rowsLost']));
  });

  test('in the wrong order leaves the references behind', async () => {
    const script =
      'ALTER TABLE parent RENAME TO old; CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO parent SELECT * FROM old; DROP TABLE old';
    const { database, codes } = await tried(script);
    const text = database.prepare<[], string>("SELECT sql FROM sqlite_schema WHERE name = 'child'").pluck().get();
    expect(text).toContain('REFERENCES "old"');
    expect(codes).toContain('rebuildOrder');
  });
});

test('REPLACE deletes what refers to the row', async () => {
  const { after, codes } = await tried("REPLACE INTO parent VALUES (1, 'new')", { foreignKeys: true });
  expect(after.rows).toMatchObject({ parent: 10, child: 18 });
  expect(codes).toContain('rowsLost');
  expect((await tried("REPLACE INTO parent VALUES (1, 'new')")).codes).toEqual([]);
});

describe('lost', () => {
  test.each([
    ['DROP TABLE big', undefined],
    ['DELETE FROM big', 0],
    ['DELETE FROM big WHERE 1 = 1', 0],
  ])('%s', async (sql, left) => {
    const { after, codes } = await tried(sql);
    expect(after.rows['big']).toBe(left);
    expect(codes).toContain('dataLoss');
  });

  test('UPDATE without WHERE', async () => {
    const { database, codes } = await tried("UPDATE big SET c = 'x'");
    expect(database.prepare("SELECT count(*) FROM big WHERE c = 'x'").pluck().get()).toBe(5000);
    expect(codes).toEqual(['dataLoss']);
  });

  test('a rebuild that copies a part only', async () => {
    const { after, codes } = await tried(rebuild.replace('FROM parent;', 'FROM parent WHERE id < 3;'));
    expect(after.rows['parent']).toBe(2);
    expect(codes).toContain('dataLoss');
  });
});

/** `all`: as many pages as the table has; `some`: its index; `none`: the definition alone. */
describe('pages written', () => {
  test.each([
    ['ALTER TABLE big DROP COLUMN c', 'all', ['rewritesTable', 'dataLoss', 'dropsUsed']],
    ['VACUUM', 'all', ['rewritesFile']],
    ["UPDATE big SET c = 'd'", 'all', ['dataLoss']],
    ['CREATE INDEX by_b ON big (b)', 'all', ['buildsIndex']],
    ['ALTER TABLE big ADD COLUMN d TEXT', 'none', []],
    ["ALTER TABLE big ADD COLUMN d TEXT NOT NULL DEFAULT 'x'", 'none', []],
    ['ALTER TABLE big ADD COLUMN d INT AS (a + 1) VIRTUAL', 'none', []],
    ['ALTER TABLE big RENAME COLUMN c TO cc', 'none', ['renamesUsed']],
    ['ALTER TABLE big RENAME TO bigger', 'none', ['renamesUsed']],
    [
      'CREATE TABLE made (id INTEGER); CREATE INDEX by_id ON made (id); ALTER TABLE made ADD COLUMN b; ALTER TABLE made DROP COLUMN b; DROP TABLE made',
      'none',
      [],
    ],
  ] as const)('%s: %s', async (sql, written, expected) => {
    const { after, codes } = await tried(sql);
    expect(after.error).toBeNull();
    if (written === 'all') expect(after.pagesWritten).toBeGreaterThan(100);
    else expect(after.pagesWritten).toBeLessThan(10);
    expect([...codes].sort()).toEqual([...expected].sort());
  });
});

describe('refused', () => {
  test.each([
    ['ALTER TABLE big ADD COLUMN d TEXT NOT NULL', 'addColumnRefused', /NOT NULL/],
    ['ALTER TABLE big ADD COLUMN d TEXT UNIQUE', 'addColumnRefused', /UNIQUE/],
    ['ALTER TABLE big ADD COLUMN d TEXT DEFAULT CURRENT_TIMESTAMP', 'addColumnRefused', /non-constant/],
    ['ALTER TABLE big ADD COLUMN d TEXT DEFAULT (random())', 'addColumnRefused', /non-constant/],
    ['ALTER TABLE big ADD COLUMN d INT AS (a + 1) STORED', 'addColumnRefused', /STORED/],
    ['ALTER TABLE big ADD COLUMN d INT DEFAULT 0 CHECK (d > 0)', 'addColumnRefused', /CHECK/],
    ['CREATE UNIQUE INDEX once ON big (c)', 'buildsIndex', /UNIQUE/],
    ["SELECT load_extension('x')", 'loadsLibrary', /not authorized/],
    [
      "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'x' WHERE name = 'big'",
      'writableSchema',
      /may not be modified/,
    ],
  ])('%s', async (sql, code, message) => {
    const { after, codes, before } = await tried(sql);
    expect(after.error).toMatch(message);
    expect(codes).toContain(code);
    expect(after.rows).toEqual(before.rows);
  });

  test('a reference with a default, while foreign keys are ON', async () => {
    const { after, codes } = await tried('ALTER TABLE big ADD COLUMN d INT DEFAULT 1 REFERENCES parent (id)', {
      foreignKeys: true,
    });
    expect(after.error).toMatch(/REFERENCES/);
    expect(codes).toContain('addColumnRefused');
  });

  test.each([
    ['SELECT 1; VACUUM', /VACUUM/],
    ['SELECT 1; PRAGMA journal_mode = DELETE', /within a transaction/],
    ['SELECT 1; PRAGMA synchronous = OFF', /inside a transaction/],
  ])('in a transaction: %s', async (sql, message) => {
    const { after, codes } = await tried(sql, { transactional: true });
    expect(after.error).toMatch(message);
    expect(codes).toContain('refusesTransaction');
  });
});

describe('settings', () => {
  test('foreign_keys in a transaction keeps its value in silence', async () => {
    const { after, codes, database } = await tried('SELECT 1; PRAGMA foreign_keys = ON', { transactional: true });
    expect(after.error).toBeNull();
    expect(database.pragma('foreign_keys', { simple: true })).toBe(0);
    expect(codes).toEqual(['foreignKeysIgnored']);
    // Before everything else it is sent before the transaction.
    expect((await tried('PRAGMA foreign_keys = ON; SELECT 1', { transactional: true })).codes).toEqual([]);
  });

  test('legacy_alter_table is not rolled back', async () => {
    const { codes, database } = await tried('BEGIN; PRAGMA legacy_alter_table = ON; ROLLBACK');
    expect(database.pragma('legacy_alter_table', { simple: true })).toBe(1);
    expect(codes).toEqual(['sessionSetting']);
  });

  test('journal_mode stays in the file', async () => {
    const { codes, database, file } = await tried('PRAGMA journal_mode = DELETE');
    database.close();
    const again = new Database(file, { readonly: true });
    expect(again.pragma('journal_mode', { simple: true })).toBe('delete');
    again.close();
    expect(codes).toContain('journalMode');
  });

  test('ATTACH makes a file', async () => {
    const other = join(temporaryFolder(), 'other.db');
    const { codes } = await tried(`ATTACH '${other}' AS other; CREATE TABLE other.made (id INTEGER)`);
    expect(existsSync(other)).toBe(true);
    expect(codes).toEqual(['attaches']);
  });

  test('VACUUM INTO makes a file', async () => {
    const other = join(temporaryFolder(), 'other.db');
    const { hazards } = await tried(`VACUUM INTO '${other}'`);
    expect(existsSync(other)).toBe(true);
    expect(hazards).toContainEqual(expect.objectContaining({ code: 'rewritesFile', category: 'externalEffect' }));
  });
});

test.each([
  "INSERT INTO parent (name) VALUES ('DROP TABLE x; load_extension(1)')",
  "UPDATE big SET c = 'no where' WHERE id = 1",
  'SELECT name FROM sqlite_schema',
  'PRAGMA foreign_key_check',
  'PRAGMA user_version = 5',
  'CREATE VIEW seen AS SELECT id FROM big',
])('nothing is said of %s', async (sql) => {
  const { after, codes } = await tried(sql);
  expect([after.error, ...codes]).toEqual([null]);
});
