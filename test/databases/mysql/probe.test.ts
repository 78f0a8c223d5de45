// Fingerprints of what definitions change, before and after each on a real server.
import { describe, expect, test } from 'vitest';
import { probe } from '../../../electron/databases/mysql/probe.ts';
import type { MysqlSession } from '../../../electron/databases/mysql/session.ts';
import { mariadb } from '../../servers/index.ts';
import { controls, open, recorder } from './support.ts';

async function state(session: MysqlSession, statement: string): Promise<unknown> {
  const expression = probe(statement)?.state ?? null;
  if (expression === null) throw new Error(`no probe for ${statement}`);
  const [row] = await session.query(`SELECT ${expression} AS state`);
  return row?.state;
}

const setup = [
  'CREATE TABLE t (a INT PRIMARY KEY, b VARCHAR(20), KEY kb (b))',
  'CREATE TABLE u (a INT PRIMARY KEY)',
  'CREATE TABLE `odd ``name` (a INT)',
  'CREATE VIEW v AS SELECT a FROM t',
  'CREATE PROCEDURE p(x INT) BEGIN SELECT 1; SELECT 2; END',
  'CREATE FUNCTION f(x INT) RETURNS INT RETURN x',
  'CREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1',
  'CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1',
];

const changes = [
  'CREATE TABLE n (a INT)',
  '/* why */ create table if not exists `n` (a INT) -- because',
  'ALTER TABLE t ADD COLUMN c INT DEFAULT 5',
  'ALTER TABLE t MODIFY b VARCHAR(30)',
  "ALTER TABLE t ALTER b SET DEFAULT 'x'",
  'ALTER TABLE t DROP COLUMN b',
  "ALTER TABLE t COMMENT = 'it''s renamed'",
  'ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES u (a)',
  'ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0)',
  'ALTER TABLE t CONVERT TO CHARACTER SET latin1',
  'ALTER TABLE t PARTITION BY KEY (a) PARTITIONS 2',
  'ALTER TABLE t RENAME TO t2',
  'ALTER TABLE t RENAME COLUMN b TO c',
  'ALTER TABLE t RENAME INDEX kb TO kc',
  'ALTER TABLE `odd ``name` ADD b INT',
  'CREATE UNIQUE INDEX i ON t (b)',
  'DROP INDEX kb ON t',
  'RENAME TABLE t TO t2, u TO t',
  'DROP TABLE u',
  'DROP TABLE IF EXISTS nowhere, u',
  'CREATE OR REPLACE VIEW v AS SELECT b FROM t',
  'ALTER VIEW v AS SELECT b FROM t',
  'DROP VIEW v',
  'CREATE OR REPLACE PROCEDURE p(x INT) BEGIN SELECT 1; SELECT 3; END',
  'CREATE OR REPLACE PROCEDURE p(y BIGINT) BEGIN SELECT 1; SELECT 2; END',
  'DROP PROCEDURE IF EXISTS p',
  'DROP FUNCTION f',
  'CREATE DEFINER = CURRENT_USER FUNCTION g() RETURNS INT RETURN 1',
  'CREATE TRIGGER s AFTER DELETE ON t FOR EACH ROW SET @x = 1',
  'DROP TRIGGER r',
  'ALTER EVENT e ON SCHEDULE EVERY 2 DAY',
  'DROP EVENT e',
  'CREATE SEQUENCE q',
  '/*!50003 CREATE*/ /*!50003 TRIGGER w BEFORE DELETE ON t FOR EACH ROW SET @x = 1 */',
];

describe('a change', () => {
  test.each(changes)('%s', async (statement) => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    const { session } = opened;
    await session.send(controls(...setup), recorder());
    const before = await state(session, statement);
    expect(await state(session, statement)).toBe(before);
    await session.send(controls(statement), recorder());
    const after = await state(session, statement);
    expect(after).not.toBe(before);
    expect(after).toMatch(/^[\w ]+$/);
  });

  test('of a schema', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    expect(await state(opened.session, `DROP DATABASE ${database.name}`)).toMatch(/^[0-9a-f]{32}$/);
    expect(await state(opened.session, 'CREATE DATABASE IF NOT EXISTS nowhere')).toBe('absent');
  });

  test('is told of the schema that the statement names', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await database.query('CREATE TABLE t (a INT)');
    await using opened = await open({ server, database: 'mysql' });
    expect(await state(opened.session, `DROP TABLE ${database.name} . t`)).not.toBe('absent');
    expect(await state(opened.session, 'DROP TABLE t')).toBe('absent');
  });

  test('is not seen where only rows change', async () => {
    const server = await mariadb();
    await using database = await server.createDatabase();
    await using opened = await open({ server, database: database.name });
    await opened.session.send(controls('CREATE TABLE t (a INT AUTO_INCREMENT PRIMARY KEY)'), recorder());
    const before = await state(opened.session, 'ALTER TABLE t ADD b INT');
    await opened.session.send(controls('INSERT INTO t VALUES (DEFAULT), (DEFAULT)'), recorder());
    expect(await state(opened.session, 'ALTER TABLE t ADD b INT')).toBe(before);
  });
});

test.each([
  'INSERT INTO t VALUES (1)',
  'SET @a = 1',
  'CREATE TEMPORARY TABLE t (a INT)',
  'DROP TEMPORARY TABLE t',
  "CREATE FUNCTION f RETURNS STRING SONAME 'f.so'",
  'ALTER TABLE t EXCHANGE PARTITION p WITH TABLE u',
  'ALTER SEQUENCE q RESTART',
  '-- nothing',
])('there is none for %s', (statement) => expect(probe(statement)).toBeNull());
