import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { classify, tablesOf } from '../../../electron/databases/postgres/classify.ts';
import { postgres15 } from '../../servers/index.ts';

const statements = [
  'CREATE INDEX CONCURRENTLY i ON a (b)',
  'create unique index /* c */ concurrently if not exists i on a (b)',
  'CREATE INDEX i2 ON a (b)',
  'CREATE INDEX "concurrently" ON a (b)',
  'DROP INDEX CONCURRENTLY IF EXISTS nowhere',
  'DROP INDEX IF EXISTS nowhere',
  'REINDEX INDEX CONCURRENTLY a_pkey',
  'REINDEX (VERBOSE, CONCURRENTLY) TABLE a',
  'REINDEX (CONCURRENTLY FALSE) TABLE a',
  'REINDEX TABLE a',
  'REINDEX INDEX a_pkey',
  'REINDEX SCHEMA public',
  'REINDEX DATABASE CONCURRENTLY postgres',
  'REINDEX (VERBOSE) SYSTEM postgres',
  'VACUUM',
  'VACUUM (FULL) a',
  'vacuum analyze a',
  'ANALYZE a',
  'CLUSTER',
  'CLUSTER VERBOSE',
  'CLUSTER a USING a_pkey',
  'CLUSTER (VERBOSE) a USING a_pkey',
  'CREATE DATABASE never',
  'DROP DATABASE IF EXISTS never',
  'ALTER DATABASE postgres SET TABLESPACE pg_default',
  "ALTER DATABASE postgres SET search_path = 'public'",
  "CREATE TABLESPACE never LOCATION '/nowhere'",
  'DROP TABLESPACE IF EXISTS never',
  "ALTER SYSTEM SET work_mem = '4MB'",
  'ALTER SYSTEM RESET work_mem',
  'ALTER TABLE parted DETACH PARTITION part CONCURRENTLY',
  'ALTER TABLE parted DETACH PARTITION part',
  'ALTER TABLE a ADD COLUMN concurrently int',
  "CREATE SUBSCRIPTION s CONNECTION 'host=/nowhere' PUBLICATION p",
  "CREATE SUBSCRIPTION s CONNECTION 'host=/nowhere' PUBLICATION p WITH (connect = false)",
  "CREATE SUBSCRIPTION s CONNECTION 'dbname=x' PUBLICATION p WITH (connect = off, enabled = false)",
  'DISCARD ALL',
  'DISCARD TEMP',
  "COMMIT PREPARED 'x'",
  "ROLLBACK PREPARED 'x'",
  'DO $$ BEGIN COMMIT; END $$',
  'DO $do$ BEGIN IF true THEN ROLLBACK; END IF; END $do$',
  "DO 'BEGIN PERFORM 1; COMMIT; END'",
  "DO LANGUAGE plpgsql $$ BEGIN RAISE NOTICE 'a; COMMIT;'; /* ; COMMIT; */ PERFORM 'ROLLBACK'; END $$",
  'ALTER TYPE kind ADD VALUE IF NOT EXISTS $$b$$',
  'CREATE TABLE c (d int)',
  'TRUNCATE a',
  'REFRESH MATERIALIZED VIEW m',
  'LOCK TABLE a IN SHARE MODE',
  'SAVEPOINT s',
  'SET LOCAL lock_timeout = 1000',
  'CHECKPOINT',
  'NOTIFY x',
  'DECLARE c CURSOR FOR SELECT 1',
];

test('what refuses a transaction is what PostgreSQL refuses there', async () => {
  await using database = await (await postgres15()).createDatabase();
  await database.query(`CREATE TABLE a (id int PRIMARY KEY, b int); CREATE TYPE kind AS ENUM ('a');
    CREATE TABLE parted (x int) PARTITION BY LIST (x); CREATE TABLE part PARTITION OF parted FOR VALUES IN (1);
    CREATE MATERIALIZED VIEW m AS SELECT 1`);
  const client = new pg.Client(database.url);
  await client.connect();
  try {
    const measured: [string, boolean][] = [];
    for (const statement of statements) measured.push([statement, await refusesTransaction(client, statement)]);
    expect(statements.map((statement) => [statement, classify(statement).refusesTransaction])).toEqual(measured);
  } finally {
    await client.end();
  }
});

/** Whether the server refuses it in a transaction block for being in one; whatever else it says does not count. */
async function refusesTransaction(client: pg.Client, statement: string): Promise<boolean> {
  await client.query('BEGIN');
  try {
    await client.query(statement);
    return false;
  } catch (error) {
    return error instanceof pg.DatabaseError && (error.code === '25001' || error.code === '2D000');
  } finally {
    await client.query('ROLLBACK');
  }
}

/** These refuse a transaction depending on what is in the database, or on newer versions; they never need one. */
test.each([
  'DROP SUBSCRIPTION s',
  'ALTER SUBSCRIPTION s REFRESH PUBLICATION',
  'ALTER SUBSCRIPTION s SET PUBLICATION p',
  'ALTER SUBSCRIPTION s SET (failover = true)',
])('%s is taken for one that refuses a transaction', (statement) =>
  expect(classify(statement).refusesTransaction).toBe(true),
);
test('a subscription that changes its publications without a refresh may do so in a transaction', () => {
  expect(classify('ALTER SUBSCRIPTION s ADD PUBLICATION p WITH (refresh = false)').refusesTransaction).toBe(false);
});

describe('a statement has the verb and the kind of', () => {
  test.each([
    ['INSERT INTO a VALUES (1)', 'INSERT', 'data'],
    ['/*+ SeqScan(a) */ SELECT 1', 'SELECT', 'query'],
    ['((SELECT 1))', 'SELECT', 'query'],
    ['SELECT 1 AS a INTO TEMP b FROM c', 'SELECT INTO', 'definition'],
    ['SELECT (SELECT 1) AS "INTO" FROM c', 'SELECT', 'query'],
    ['WITH w AS (SELECT 1) SELECT * FROM w', 'SELECT', 'query'],
    ['WITH w AS (DELETE FROM a RETURNING *) SELECT * FROM w', 'DELETE', 'data'],
    ['WITH w AS (SELECT 1) MERGE INTO a USING w ON true WHEN MATCHED THEN DELETE', 'MERGE', 'data'],
    ['EXPLAIN DELETE FROM a', 'EXPLAIN', 'query'],
    ['EXPLAIN (ANALYZE, BUFFERS) DELETE FROM a', 'EXPLAIN ANALYZE', 'data'],
    ['EXPLAIN ANALYZE WITH w AS (SELECT 1) UPDATE a SET b = 1', 'EXPLAIN ANALYZE', 'data'],
    ['EXPLAIN ANALYZE SELECT 1', 'EXPLAIN', 'query'],
    ['COPY a (b, c) FROM stdin', 'COPY', 'data'],
    ['COPY (SELECT 1 FROM a) TO stdout', 'COPY', 'query'],
    ['CREATE UNIQUE INDEX CONCURRENTLY i ON a (b)', 'CREATE INDEX CONCURRENTLY', 'definition'],
    ['CREATE OR REPLACE FUNCTION f() RETURNS trigger AS $$ $$', 'CREATE FUNCTION', 'definition'],
    ['CREATE CONSTRAINT TRIGGER t AFTER INSERT ON a EXECUTE FUNCTION f()', 'CREATE TRIGGER', 'definition'],
    ['CREATE EVENT TRIGGER t ON ddl_command_end EXECUTE FUNCTION f()', 'CREATE EVENT TRIGGER', 'definition'],
    ['CREATE UNLOGGED TABLE IF NOT EXISTS a ()', 'CREATE TABLE', 'definition'],
    ['DROP MATERIALIZED VIEW m', 'DROP MATERIALIZED VIEW', 'definition'],
    ['CREATE FOREIGN DATA WRAPPER w', 'CREATE FOREIGN DATA WRAPPER', 'definition'],
    ['ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO b', 'ALTER DEFAULT PRIVILEGES', 'definition'],
    ['COMMENT ON TABLE a IS $$b$$', 'COMMENT', 'definition'],
    ['TRUNCATE a', 'TRUNCATE', 'data'],
    ['SET search_path = public', 'SET', 'session'],
    ['BEGIN ISOLATION LEVEL SERIALIZABLE', 'BEGIN', 'transactionControl'],
    ['START TRANSACTION', 'START TRANSACTION', 'transactionControl'],
    ['END', 'END', 'transactionControl'],
    ['COMMIT AND CHAIN', 'COMMIT', 'transactionControl'],
    ['ABORT', 'ABORT', 'transactionControl'],
    ['ROLLBACK', 'ROLLBACK', 'transactionControl'],
    ['rollback work to savepoint a', 'ROLLBACK TO SAVEPOINT', 'transactionControl'],
    ['SAVEPOINT a', 'SAVEPOINT', 'transactionControl'],
    ['RELEASE a', 'RELEASE SAVEPOINT', 'transactionControl'],
    ["PREPARE TRANSACTION 'a'", 'PREPARE TRANSACTION', 'transactionControl'],
    ['PREPARE a AS SELECT 1', 'PREPARE', 'session'],
    ['DO $$ BEGIN END $$', 'DO', 'other'],
    ['CALL p()', 'CALL', 'other'],
  ])('%s', (statement, verb, kind) => expect(classify(statement)).toMatchObject({ verb, kind, implicitCommit: false }));
});

describe('a statement names its tables', () => {
  test.each([
    ['INSERT INTO public."A b" AS x SELECT * FROM ONLY b, LATERAL f(c) d CROSS JOIN e', ['public."A b"', 'b', 'e']],
    ['INSERT INTO a (b) VALUES (1) ON CONFLICT (b) DO UPDATE SET b = 2', ['a']],
    ['UPDATE ONLY a SET b = c.d FROM c WHERE e IS DISTINCT FROM f', ['a', 'c']],
    ['DELETE FROM a USING b, c WHERE d', ['a', 'b', 'c']],
    ['MERGE INTO a USING b ON true WHEN MATCHED THEN UPDATE SET c = 1', ['a', 'b']],
    [
      'WITH w AS (UPDATE a SET b = 1 RETURNING *), v AS MATERIALIZED (SELECT 1) INSERT INTO c SELECT * FROM w, v',
      ['a', 'c'],
    ],
    ['SELECT * INTO a FROM b FOR NO KEY UPDATE', ['a', 'b']],
    ['SELECT extract(year FROM a), substring(b FROM 1 FOR 2), trim(both FROM c) FROM d', ['d']],
    ['SELECT * FROM generate_series(1, 2) g, a', ['a']],
    ['CREATE TABLE IF NOT EXISTS a (b int REFERENCES c.d, e int)', ['a', 'c.d']],
    ['CREATE TABLE a PARTITION OF b FOR VALUES FROM (1) TO (2)', ['a', 'b']],
    ['ALTER TABLE IF EXISTS ONLY a ADD COLUMN b int, DROP COLUMN c, ALTER COLUMN d TYPE text USING e::text', ['a']],
    ['ALTER TABLE a DETACH PARTITION b', ['a', 'b']],
    ['ALTER TABLE a$b ADD CONSTRAINT c FOREIGN KEY (d) REFERENCES e NOT VALID', ['a$b', 'e']],
    ['DROP TABLE a, b.c, "d""e" CASCADE', ['a', 'b.c', '"d""e"']],
    ['TRUNCATE TABLE ONLY a, b RESTART IDENTITY', ['a', 'b']],
    ['CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON ONLY a USING gin (b)', ['a']],
    ['CREATE TRIGGER t BEFORE INSERT OR UPDATE OF b ON a FOR EACH ROW EXECUTE FUNCTION f()', ['a']],
    ['COPY a (b) FROM stdin', ['a']],
    ['COPY (SELECT 1 FROM a) TO stdout', ['a']],
    ['LOCK TABLE a, b IN SHARE MODE', ['a', 'b']],
    ['CREATE FUNCTION f() RETURNS TABLE (a int) LANGUAGE sql BEGIN ATOMIC SELECT * FROM b; END', []],
    ['DO $$ BEGIN DELETE FROM a; END $$', []],
    ['GRANT SELECT ON TABLE a TO b', []],
    ['COMMENT ON TABLE a IS $$FROM b$$', ['a']],
    ['SET a = 1', []],
    ['CREATE VIEW v AS SELECT * FROM a JOIN b USING (c)', ['a', 'b']],
    ['CREATE SUBSCRIPTION s CONNECTION $$x$$ PUBLICATION p', []],
  ])('%s', (statement, tables) => expect(tablesOf(statement)).toEqual(tables));
});
