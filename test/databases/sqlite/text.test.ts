import { join, resolve } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { sqliteDriver } from '../../../electron/databases/sqlite/index.ts';
import { pragmasThatNeedNoTransaction } from '../../../electron/databases/sqlite/pragmas.ts';
import { temporaryFolder } from './support.ts';

const { dialect, control, parseUrl, formatUrl } = sqliteDriver;

describe('literals', () => {
  test.each([
    "it's",
    '',
    'nul \0 inside',
    '\0',
    'line\nbreak',
    '€ 😀',
    "'; DROP TABLE t; --",
    1.5,
    -7,
    1e21,
    true,
    false,
    null,
  ])('%j survives', (value) => {
    const database = new Database(':memory:');
    const expected = typeof value === 'boolean' ? Number(value) : value;
    expect(
      database
        .prepare(`SELECT ${dialect.quoteLiteral(value)}`)
        .pluck()
        .get(),
    ).toBe(expected);
  });

  test('infinite numbers and no number, as SQLite keeps them', () => {
    const database = new Database(':memory:');
    const read = (value: number): unknown =>
      database
        .prepare(`SELECT ${dialect.quoteLiteral(value)}`)
        .pluck()
        .get();
    expect([read(Infinity), read(-Infinity), read(Number.NaN)]).toEqual([Infinity, -Infinity, null]);
  });

  test('names hold everything but NUL', () => {
    const database = new Database(':memory:');
    const name = 'a "quoted" [name] `with` everything';
    database.exec(`CREATE TABLE ${dialect.quoteTable({ schema: 'main', name })} (${dialect.quoteIdentifier('x"y')})`);
    expect(database.prepare('SELECT name FROM sqlite_schema').pluck().get()).toBe(name);
    expect(() => dialect.quoteIdentifier('a\0b')).toThrow(RangeError);
  });
});

describe('URLs', () => {
  test.each([
    ['sqlite:/var/lib/app.db', '/var/lib/app.db'],
    ['sqlite3:/var/lib/app.db', '/var/lib/app.db'],
    ['sqlite:///var/lib/app.db', '/var/lib/app.db'],
    ['sqlite://data/app.db', resolve('data/app.db')],
    ['sqlite:data/app.db', resolve('data/app.db')],
    ['file:///var/lib/my%20app.db', '/var/lib/my app.db'],
    ['file:app.db', resolve('app.db')],
    ['jdbc:sqlite:C.db', resolve('C.db')],
    ['SQLITE:/a?b#c%20d.db', '/a?b#c%20d.db'],
  ])('%s', (url, file) => {
    expect(parseUrl(url)).toEqual({ connection: { engine: 'sqlite', file }, password: null });
    expect(parseUrl(formatUrl({ engine: 'sqlite', file })).connection.file).toBe(file);
  });

  test.each([
    'sqlite::memory:',
    'file::memory:',
    'sqlite:',
    'sqlite://',
    'sqlite:///a.db?mode=memory',
    'file:///a%zz',
    'postgres://h/d',
    'app.db',
  ])('%s is refused', (url) => {
    expect(() => parseUrl(url)).toThrowError(
      expect.objectContaining({ problem: expect.objectContaining({ code: 'environment.invalidUrl' }) }),
    );
  });
});

describe('pragmas in a transaction', () => {
  const inTransaction = (sql: string): { error: string | null; kept: boolean } => {
    const database = new Database(join(temporaryFolder(), 'p.db'));
    database.exec('PRAGMA foreign_keys = OFF; CREATE TABLE t (a)');
    const read = (): unknown =>
      database
        .prepare(sql.replace(/\s*=.*/, ''))
        .pluck()
        .get();
    database.exec('BEGIN IMMEDIATE; INSERT INTO t VALUES (1)');
    try {
      const before = read();
      database.exec(sql);
      return { error: null, kept: read() === before };
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error), kept: true };
    } finally {
      database.exec('ROLLBACK');
      database.close();
    }
  };

  test.each([
    'PRAGMA foreign_keys = 1',
    'PRAGMA main.foreign_keys = 1',
    ' -- why\n pragma FOREIGN_KEYS(1)',
    'PRAGMA journal_mode = WAL',
    'PRAGMA synchronous = 1',
    'PRAGMA wal_checkpoint',
  ])('%s has to run before it', (sql) => {
    expect(pragmasThatNeedNoTransaction(sql)).toBe(true);
    const { error, kept } = inTransaction(sql.replace(/\((\d)\)/, ' = $1').replace(/^.*\n/, ''));
    expect(error !== null || kept).toBe(true);
  });

  test.each([
    'PRAGMA user_version = 5',
    'PRAGMA application_id = 7',
    'PRAGMA temp_store = 2',
    'PRAGMA recursive_triggers = 1',
    'PRAGMA legacy_alter_table = 1',
    'PRAGMA defer_foreign_keys = 1',
  ])('%s takes effect in it', (sql) => {
    expect(pragmasThatNeedNoTransaction(sql)).toBe(false);
    expect(inTransaction(sql)).toEqual({ error: null, kept: false });
  });

  test.each([
    'PRAGMA foreign_keys',
    'PRAGMA foreign_key_check',
    'PRAGMA foreign_key_list(t)',
    "SELECT 'PRAGMA foreign_keys = 1'",
  ])('%s only reads', (sql) => {
    expect(pragmasThatNeedNoTransaction(sql)).toBe(false);
  });
});

describe('probes', () => {
  test.each([
    'CREATE TABLE other (a)',
    'create index if not exists i on t (a)',
    '/* why */ ALTER TABLE t ADD COLUMN b',
    'ALTER TABLE "t" RENAME TO "new name"',
    'DROP TABLE [t]',
    'CREATE UNIQUE INDEX main.u ON t (a)',
    'CREATE VIEW v AS SELECT * FROM t',
    'CREATE TEMPORARY TABLE x (a)',
    'CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT 1; END',
    'PRAGMA user_version = 9',
    'PRAGMA journal_mode = WAL',
  ])('%s is seen', (sql) => {
    const database = new Database(join(temporaryFolder(), 'p.db'));
    database.exec('CREATE TABLE t (a)');
    const expression = control.probe(sql)?.state ?? 'no probe';
    const before = database.prepare(`SELECT ${expression}`).pluck().get();
    database.exec(sql);
    const temporary = /TEMPORARY/.test(sql);
    expect(database.prepare(`SELECT ${expression}`).pluck().get() === before).toBe(temporary);
    database.close();
  });

  test('rows have none', () => {
    expect([
      control.probe('INSERT INTO t VALUES (1)'),
      control.probe('SELECT 1'),
      control.probe("VACUUM INTO 'copy'"),
    ]).toEqual([null, null, null]);
  });
});
