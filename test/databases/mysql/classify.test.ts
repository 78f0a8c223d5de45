import mysql, { type RowDataPacket } from 'mysql2/promise';
import { describe, expect, test } from 'vitest';
import { classify, tablesOf } from '../../../electron/databases/mysql/classify.ts';
import { mariadb } from '../../servers/index.ts';

/** Statements that a server can run after the ones before them; only some commit. */
const statements = [
  'CREATE TABLE a (i INT, j INT) ENGINE=InnoDB',
  'ALTER TABLE a ADD k INT',
  'CREATE INDEX x ON a (i)',
  'CREATE OR REPLACE ALGORITHM=MERGE DEFINER=CURRENT_USER SQL SECURITY INVOKER VIEW v AS SELECT 1',
  'ALTER VIEW v AS SELECT 2',
  'CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET @a = 1',
  'CREATE DEFINER = CURRENT_USER PROCEDURE p() SELECT 1',
  'ALTER PROCEDURE p COMMENT "x"',
  'CREATE FUNCTION f() RETURNS INT RETURN 1',
  'CREATE EVENT e ON SCHEDULE EVERY 1 DAY DISABLE DO SET @a = 1',
  'ALTER EVENT e COMMENT "x"',
  'CREATE SEQUENCE s',
  'CREATE TABLE b AS SELECT 1',
  'RENAME TABLE b TO c',
  'TRUNCATE TABLE c',
  'TRUNCATE c',
  'DROP TABLE IF EXISTS nowhere',
  'CREATE TEMPORARY TABLE temporary (i INT)',
  'CREATE OR REPLACE TEMPORARY TABLE temporary (i INT)',
  'DROP TEMPORARY TABLE IF EXISTS temporary',
  'ANALYZE TABLE a',
  'ANALYZE SELECT * FROM a',
  'ANALYZE FORMAT=JSON SELECT * FROM a',
  'CHECK TABLE a',
  'OPTIMIZE TABLE a',
  'REPAIR TABLE a',
  'CHECKSUM TABLE a',
  'FLUSH TABLES a',
  'FLUSH STATUS',
  'RESET QUERY CACHE',
  'LOCK TABLES a WRITE, probe WRITE',
  'BEGIN',
  'BEGIN WORK',
  'START TRANSACTION',
  'BEGIN NOT ATOMIC SET @a = 1; END',
  'IF FALSE THEN SET @a = 1; END IF',
  'SET autocommit=0',
  'SET @OLD_AUTOCOMMIT=@@AUTOCOMMIT',
  'SET NAMES utf8mb4',
  'SET SESSION foreign_key_checks = 0',
  'SET @a = (SELECT 1)',
  'USE information_schema',
  'SAVEPOINT s',
  'INSERT INTO a (i) VALUES (1)',
  'REPLACE INTO a (i) SELECT 2',
  'UPDATE a SET i = 3',
  'DELETE FROM a',
  'WITH w AS (SELECT 1) SELECT * FROM w',
  'SELECT GET_LOCK("lockkeeper_test", 0)',
  'SHOW TABLES',
  'EXPLAIN SELECT 1',
  'DO 1',
  'CALL p()',
  'HANDLER a OPEN',
  "PREPARE x FROM 'SELECT 1'",
  'SHOW WARNINGS',
  'DROP TRIGGER t',
  'DROP PROCEDURE p',
  'DROP FUNCTION f',
  'DROP EVENT e',
  'DROP VIEW v',
  'DROP SEQUENCE s',
  'DROP INDEX x ON a',
  'DROP TABLE a, c',
  "CREATE USER 'lockkeeper-test'@'%'",
  "GRANT SELECT ON *.* TO 'lockkeeper-test'@'%'",
  "REVOKE SELECT ON *.* FROM 'lockkeeper-test'@'%'",
  "SET PASSWORD FOR 'lockkeeper-test'@'%' = ''",
  "ALTER USER 'lockkeeper-test'@'%' ACCOUNT LOCK",
  "DROP USER 'lockkeeper-test'@'%'",
  "CREATE ROLE 'lockkeeper-test'",
  "DROP ROLE 'lockkeeper-test'",
];

test('what commits a transaction is what commits it in MariaDB', async () => {
  await using database = await (await mariadb()).createDatabase();
  await database.query('CREATE TABLE probe (i INT) ENGINE=InnoDB');
  const measured: [string, boolean][] = [];
  for (const statement of statements) measured.push([statement, await commits(database.url, statement)]);
  expect(statements.map((statement) => [statement, classify(statement).implicitCommit])).toEqual(measured);
});

const switchingOn = [
  'SET autocommit=1',
  'SET @@session.autocommit := ON',
  'SET @a = 1, AUTOCOMMIT = 1',
  '/*!40101 SET autocommit=1 */',
  'SET @@autocommit = DEFAULT',
];

test.each(switchingOn)('%s commits what was begun without autocommit', async (statement) => {
  await using database = await (await mariadb()).createDatabase();
  await database.query('CREATE TABLE probe (i INT) ENGINE=InnoDB');
  expect(classify(statement)).toMatchObject({
    implicitCommit: true,
    kind: 'transactionControl',
    verb: 'SET AUTOCOMMIT',
  });
  expect(await commits(database.url, statement, 'SET autocommit = 0')).toBe(true);
});

/** Only MySQL's manual says that they do; MariaDB does not. */
test.each([
  'CACHE INDEX a IN hot',
  'LOAD INDEX INTO CACHE a',
  'IMPORT TABLE FROM "/x.sdi"',
  'RESET BINARY LOGS AND GTIDS',
  'START REPLICA',
])('%s is taken for one that commits', (statement) => expect(classify(statement).implicitCommit).toBe(true));

describe('a statement has the verb and the kind of', () => {
  test.each([
    ['INSERT INTO a VALUES (1)', 'INSERT', 'data'],
    ['/*!40000 ALTER TABLE `a` DISABLE KEYS */', 'ALTER TABLE', 'definition'],
    [
      '/*!50003 CREATE*/ /*!50017 DEFINER=`trigger`@`event`*/ /*!50003 TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN END */',
      'CREATE TRIGGER',
      'definition',
    ],
    ['CREATE UNIQUE INDEX i ON a (b)', 'CREATE INDEX', 'definition'],
    ['create or replace temporary table a (b int)', 'CREATE TEMPORARY TABLE', 'definition'],
    ['TRUNCATE a', 'TRUNCATE', 'data'],
    ["LOAD DATA INFILE 'x' INTO TABLE a", 'LOAD', 'data'],
    ['WITH w AS (SELECT 1) DELETE FROM a', 'DELETE', 'data'],
    ['WITH w AS (SELECT 1) SELECT * FROM w', 'SELECT', 'query'],
    ['(SELECT 1) UNION (SELECT 2)', 'SELECT', 'query'],
    ['ANALYZE UPDATE a SET b = 1', 'ANALYZE', 'data'],
    ['SET NAMES utf8mb4', 'SET', 'session'],
    ['SET GLOBAL autocommit = 1', 'SET', 'session'],
    ['LOCK TABLES a READ', 'LOCK TABLES', 'session'],
    ['UNLOCK TABLES', 'UNLOCK TABLES', 'session'],
    ['BEGIN', 'BEGIN', 'transactionControl'],
    ['BEGIN NOT ATOMIC SELECT 1; END', 'BEGIN NOT ATOMIC', 'other'],
    ['START TRANSACTION READ ONLY', 'START TRANSACTION', 'transactionControl'],
    ['START SLAVE', 'START', 'other'],
    ['COMMIT AND CHAIN', 'COMMIT', 'transactionControl'],
    ['ROLLBACK WORK TO SAVEPOINT a', 'ROLLBACK TO SAVEPOINT', 'transactionControl'],
    ['ROLLBACK', 'ROLLBACK', 'transactionControl'],
    ['SAVEPOINT a', 'SAVEPOINT', 'transactionControl'],
    ['RELEASE SAVEPOINT a', 'RELEASE SAVEPOINT', 'transactionControl'],
    ["XA START 'a'", 'XA START', 'transactionControl'],
    ['CALL p()', 'CALL', 'other'],
  ])('%s', (statement, verb, kind) =>
    expect(classify(statement)).toMatchObject({ verb, kind, refusesTransaction: false }),
  );
});

describe('a statement names its tables', () => {
  test.each([
    ['INSERT IGNORE INTO `a b`.c (d) SELECT e FROM f, g AS h JOIN i USING (j) WHERE k', ['`a b`.c', 'f', 'g', 'i']],
    ['INSERT INTO a VALUES (1, "FROM b")', ['a']],
    ['UPDATE LOW_PRIORITY a, b SET a.c = b.d, e = 1', ['a', 'b']],
    ['INSERT INTO a SELECT 1 ON DUPLICATE KEY UPDATE b = 2', ['a']],
    ['DROP TABLE IF EXISTS a, `b``c`, d.e CASCADE', ['a', '`b``c`', 'd.e']],
    ['RENAME TABLE a TO b, c TO d', ['a', 'c']],
    ['ALTER TABLE a ADD COLUMN b INT, ADD KEY (b), ADD FOREIGN KEY (b) REFERENCES c (d)', ['a', 'c']],
    ['CREATE TABLE a LIKE b', ['a']],
    ['CREATE TABLE a AS SELECT * FROM b', ['a', 'b']],
    ['CREATE INDEX i ON a (b)', ['a']],
    ['DROP INDEX i ON a', ['a']],
    ['CREATE TRIGGER t BEFORE UPDATE ON a FOR EACH ROW BEGIN DELETE FROM b; END', ['a']],
    ['CREATE PROCEDURE p() BEGIN DELETE FROM b; END', []],
    ['LOCK TABLES a WRITE, b READ', ['a', 'b']],
    ['TRUNCATE a', ['a']],
    ['OPTIMIZE TABLE a, b', ['a', 'b']],
    ['SELECT count(*) INTO x FROM a WHERE b FOR UPDATE', ['a']],
    ['SELECT TRIM(LEADING b FROM c), EXTRACT(YEAR FROM d), @e := 1 FROM a', ['a']],
    ['WITH w AS (SELECT * FROM a), v (b) AS (SELECT 1) SELECT * FROM w JOIN v', ['a']],
    ['/*!40000 ALTER TABLE `a` DISABLE KEYS */', ['`a`']],
    ["LOAD DATA INFILE 'x' INTO TABLE a", ['a']],
    ['SHOW TABLES FROM mysql', []],
    ['SELECT 1 FROM DUAL', []],
    ['GRANT SELECT ON a TO b', []],
    ['SET @a = 1', []],
  ])('%s', (statement, tables) => expect(tablesOf(statement)).toEqual(tables));
});

/** Whether a row of an open transaction survives the statement and a rollback. */
async function commits(uri: string, statement: string, before = 'START TRANSACTION'): Promise<boolean> {
  const connection = await mysql.createConnection({ uri });
  const database = new URL(uri).pathname.slice(1);
  try {
    await connection.query(before);
    await connection.query('INSERT INTO probe VALUES (1)');
    await connection.query(statement);
    await connection.query('ROLLBACK');
    await connection.query('UNLOCK TABLES');
    await connection.query('SET autocommit = 1');
    const [rows] = await connection.query<RowDataPacket[]>(`SELECT count(*) AS found FROM ${database}.probe`);
    await connection.query(`DELETE FROM ${database}.probe`);
    return Number(rows[0]?.['found']) > 0;
  } finally {
    await connection.end();
  }
}
