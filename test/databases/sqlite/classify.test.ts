import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { classify, tablesOf } from '../../../electron/databases/sqlite/classify.ts';

describe('a statement has the verb and the kind of', () => {
  test.each([
    ['INSERT OR IGNORE INTO a VALUES (1)', 'INSERT', 'data'],
    ['WITH RECURSIVE w(n) AS (SELECT 1) UPDATE a SET b = 1', 'UPDATE', 'data'],
    ['WITH w AS (SELECT 1) SELECT * FROM w', 'SELECT', 'query'],
    ['explain query plan delete from a', 'EXPLAIN', 'query'],
    ['CREATE UNIQUE INDEX IF NOT EXISTS i ON a (b)', 'CREATE INDEX', 'definition'],
    ['CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END', 'CREATE TRIGGER', 'definition'],
    ['CREATE VIRTUAL TABLE a USING fts5(b)', 'CREATE VIRTUAL TABLE', 'definition'],
    ['ALTER TABLE a RENAME TO b', 'ALTER TABLE', 'definition'],
    ['BEGIN IMMEDIATE', 'BEGIN', 'transactionControl'],
    ['END', 'END', 'transactionControl'],
    ['COMMIT', 'COMMIT', 'transactionControl'],
    ['ROLLBACK', 'ROLLBACK', 'transactionControl'],
    ['ROLLBACK TRANSACTION TO a', 'ROLLBACK TO SAVEPOINT', 'transactionControl'],
    ['SAVEPOINT a', 'SAVEPOINT', 'transactionControl'],
    ['RELEASE a', 'RELEASE SAVEPOINT', 'transactionControl'],
    ['PRAGMA foreign_keys = OFF', 'PRAGMA FOREIGN_KEYS', 'session'],
    ['PRAGMA main.foreign_keys(0)', 'PRAGMA FOREIGN_KEYS', 'session'],
    ['PRAGMA foreign_keys', 'PRAGMA FOREIGN_KEYS', 'query'],
    ['PRAGMA foreign_key_check(a)', 'PRAGMA FOREIGN_KEY_CHECK', 'query'],
    ['PRAGMA table_xinfo(a)', 'PRAGMA TABLE_XINFO', 'query'],
    ['PRAGMA user_version = 3', 'PRAGMA USER_VERSION', 'data'],
    ['PRAGMA optimize', 'PRAGMA OPTIMIZE', 'other'],
    ["ATTACH 'x.db' AS x", 'ATTACH', 'session'],
    ['REINDEX', 'REINDEX', 'other'],
    ['-- c\nSELECT 1', 'SELECT', 'query'],
  ])('%s', (statement, verb, kind) => expect(classify(statement)).toMatchObject({ verb, kind, implicitCommit: false }));
});

describe('what a transaction refuses is what SQLite refuses there', () => {
  test.each([
    'VACUUM',
    "VACUUM INTO 'nowhere'",
    'PRAGMA synchronous = OFF',
    'DETACH attached',
    'PRAGMA user_version = 1',
    'PRAGMA foreign_keys = ON',
    'PRAGMA journal_mode',
    'PRAGMA integrity_check',
    'REINDEX',
    'ANALYZE',
    "ATTACH ':memory:' AS another",
    'CREATE TABLE b (c)',
  ])('%s', (statement) => {
    const database = new Database(':memory:');
    try {
      database.exec(
        "CREATE TABLE a (b); ATTACH ':memory:' AS attached; CREATE TABLE attached.c (d); BEGIN; INSERT INTO a VALUES (1)",
      );
      database.exec('INSERT INTO attached.c VALUES (1)');
      const refused = (() => {
        try {
          database.exec(statement);
          return false;
        } catch (error) {
          expect(String(error)).toMatch(/transaction|locked/);
          return true;
        }
      })();
      expect(classify(statement).refusesTransaction).toBe(refused);
    } finally {
      database.close();
    }
  });
});

/** In a transaction SQLite refuses it or, after a write, silently does nothing. */
test.each(['PRAGMA journal_mode = WAL', 'PRAGMA main.journal_mode(delete)'])(
  '%s is taken for one that refuses a transaction',
  (statement) => {
    expect(classify(statement)).toMatchObject({ refusesTransaction: true, kind: 'session' });
  },
);

describe('a statement names its tables', () => {
  test.each([
    [
      'INSERT OR REPLACE INTO main."a b" SELECT * FROM [c], `d` AS e LEFT JOIN f ON g = h',
      ['main."a b"', '[c]', '`d`', 'f'],
    ],
    ['UPDATE OR IGNORE a SET b = (SELECT c FROM d)', ['a', 'd']],
    ['REPLACE INTO a VALUES (1)', ['a']],
    ['DELETE FROM a WHERE b IN (SELECT c FROM d)', ['a', 'd']],
    ['CREATE TABLE IF NOT EXISTS a (b INTEGER REFERENCES c (d))', ['a', 'c']],
    ['CREATE INDEX i ON a (b)', ['a']],
    ['CREATE TRIGGER t AFTER UPDATE OF b ON a BEGIN DELETE FROM c; END', ['a']],
    ['SELECT * FROM json_each(?), a WHERE b IS NOT DISTINCT FROM c', ['a']],
    ['WITH RECURSIVE w(n) AS (SELECT 1 UNION SELECT n + 1 FROM w, a) SELECT * FROM w', ['a']],
    ['DROP TABLE IF EXISTS a', ['a']],
    ['ALTER TABLE a ADD COLUMN b', ['a']],
    ['PRAGMA table_info(a)', []],
    ["SELECT 'FROM a'", []],
  ])('%s', (statement, tables) => expect(tablesOf(statement)).toEqual(tables));
});
