import { closeSync, openSync, writeSync } from 'node:fs';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { sqliteDriver } from '../../../electron/databases/sqlite/index.ts';
import type { UnitResult } from '../../../electron/engine/ports.ts';
import { control, emptyDatabase, failedSend, faultOf, Observed, openSession, send, statement } from './support.ts';

test('units run in order and each is told once', async () => {
  const session = await openSession(await emptyDatabase());
  const inserts = Array.from({ length: 20_000 }, (_, index) => statement(`INSERT INTO t VALUES (${String(index)})`));
  const observed = await send(
    session,
    control('BEGIN IMMEDIATE'),
    statement('CREATE TABLE t (a)'),
    ...inserts,
    control('COMMIT'),
  );
  expect(observed.units).toEqual(Array.from({ length: 20_003 }, (_, index) => index));
  expect(observed.results[5]).toEqual({ affectedRows: 1, resultSet: null } satisfies UnitResult);
  expect(await session.query('SELECT count(*) AS n FROM t')).toEqual([{ n: 20_000 }]);
});

test('what was done is told while a long statement runs', async () => {
  const session = await openSession(await emptyDatabase());
  const { promise: created, resolve } = Promise.withResolvers<void>();
  const sending = session.send(
    [
      control('BEGIN IMMEDIATE'),
      statement('CREATE TABLE t (a)'),
      statement('WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c'),
    ],
    { completed: (unit) => void (unit === 1 && resolve()), notice: () => undefined },
  );
  const ended = expect(sending).rejects.toMatchObject({ unit: 2, fault: { kind: 'cancelled' } });
  await created;
  await session.cancel();
  await ended;
});

test('rows changed, rows returned and values of every type', async () => {
  const session = await openSession(await emptyDatabase());
  const observed = await send(
    session,
    statement('CREATE TABLE t (a, b)'),
    statement("INSERT INTO t VALUES (1, 'x'), (2, NULL), (9007199254740993, x'00ff')"),
    statement("UPDATE t SET b = 'y' WHERE a < 3"),
    statement('SELECT a, b FROM t ORDER BY a'),
    statement('DELETE FROM t WHERE a = 1 RETURNING a'),
    statement('-- nothing but a comment'),
    statement('WITH n (x) AS (SELECT 5) INSERT INTO t SELECT x, x FROM n'),
  );
  expect(observed.results.map((result) => result.affectedRows)).toEqual([null, 3, 2, null, 1, null, 1]);
  expect(observed.results[3]?.resultSet).toEqual({
    columns: ['a', 'b'],
    rows: [
      ['1', 'y'],
      ['2', 'y'],
      ['9007199254740993', "x'00ff'"],
    ],
    rowCount: 3,
  });
  expect(observed.results[4]?.resultSet?.rows).toEqual([['1']]);
});

test('a large result set is shortened and counted', async () => {
  const session = await openSession(await emptyDatabase());
  const { results } = await send(
    session,
    statement('WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 5000) SELECT x FROM c'),
  );
  expect(results[0]?.resultSet?.rowCount).toBe(5000);
  expect(results[0]?.resultSet?.rows.length).toBeLessThan(5000);
});

test('stops at the first error and names the unit and the place', async () => {
  const session = await openSession(await emptyDatabase());
  const observed = new Observed();
  const failing = session.send(
    [
      statement('CREATE TABLE t (a)'),
      statement('INSERT INTO t VALUES (1)'),
      statement('INSERT INTO tt VALUES (2)'),
      statement('INSERT INTO t VALUES (3)'),
    ],
    observed,
  );
  await expect(failing).rejects.toMatchObject({
    unit: 2,
    fault: { kind: 'noSuchTable', code: 'SQLITE_ERROR', position: 12 },
  });
  expect(observed.units).toEqual([0, 1]);
  expect(await session.query('SELECT a FROM t')).toEqual([{ a: 1 }]);
});

test.each([
  ['SELECT 1 +, 2', 10],
  ['CREATE TABLE t (a INTEGER, b TEXT,, c)', 34],
  // The same word before the failing one, in a comment, in a string and as a good token.
  ['SELECT 1 /* table */ AS [table], \'table\' AS "table", 2 table table', 55],
  ['SELECT missing FROM (SELECT 1)', 7],
  ['SELECT 1 WHERE missing = missing', null],
  ["SELECT 'open", 7],
  ['SELECT (1', 9],
  ['SELECT nofunction(1)', 7],
  ['SELECT “typographic” x y', 23],
])('finds the place of the error in %j', async (sql, position) => {
  const session = await openSession(await emptyDatabase());
  expect((await failedSend(session, statement(sql))).fault).toMatchObject({ kind: 'statement', position });
});

test('a NUL character, behind which SQLite would read nothing, is refused', async () => {
  const session = await openSession(await emptyDatabase());
  const { fault } = await failedSend(session, statement('CREATE TABLE t (a)\0; this is lost'));
  expect(fault.position).toBe(18);
  expect(await session.columns({ schema: null, name: 't' })).toBeNull();
});

test('a transaction that SQLite itself rolled back is told, and ROLLBACK is no error afterwards', async () => {
  const session = await openSession(await emptyDatabase());
  await send(session, statement('CREATE TABLE t (a INTEGER PRIMARY KEY)'), statement('INSERT INTO t VALUES (1)'));
  const { fault } = await failedSend(
    session,
    control('BEGIN IMMEDIATE'),
    statement('INSERT INTO t VALUES (2)'),
    statement('INSERT OR ROLLBACK INTO t VALUES (1)'),
  );
  expect(fault).toMatchObject({ kind: 'statement', code: 'SQLITE_CONSTRAINT_PRIMARYKEY' });
  expect(fault.detail).toContain('rolled the whole transaction back');
  await send(session, control('ROLLBACK'));
  expect(await session.query('SELECT a FROM t')).toEqual([{ a: 1 }]);
});

test('a full disk is told, and nothing of the transaction remains', async () => {
  const file = await emptyDatabase();
  const session = await openSession(file);
  await send(session, statement('CREATE TABLE t (a)'), statement('PRAGMA max_page_count = 20'));
  const { unit, fault } = await failedSend(
    session,
    control('BEGIN IMMEDIATE'),
    statement('CREATE TABLE u (a)'),
    statement(
      'INSERT INTO t SELECT randomblob(4000) FROM (WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 100) SELECT x FROM c)',
    ),
  );
  expect({ unit, kind: fault.kind }).toEqual({ unit: 2, kind: 'diskFull' });
  await send(session, control('ROLLBACK'));
  expect(await session.columns({ schema: null, name: 'u' })).toBeNull();
});

test('waits for another writer only as long as it was told', async () => {
  const file = await emptyDatabase();
  const session = await openSession(file, { lockTimeoutMs: 50 });
  const other = new Database(file);
  other.exec('BEGIN IMMEDIATE');
  expect((await failedSend(session, control('BEGIN IMMEDIATE'))).fault.kind).toBe('lockTimeout');
  other.exec('COMMIT');
  await send(session, control('BEGIN IMMEDIATE'), control('COMMIT'));
  other.close();
});

test('a damaged page is an error of the statement that reads it', async () => {
  const file = await emptyDatabase();
  const session = await openSession(file);
  await send(session, statement('CREATE TABLE t (a)'), statement("INSERT INTO t VALUES ('x')"));
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(4096, 0x5a), 0, 4096, 4096);
  closeSync(handle);
  const again = await openSession(file);
  expect((await failedSend(again, statement('SELECT * FROM t'))).fault).toMatchObject({
    kind: 'statement',
    code: 'SQLITE_CORRUPT',
  });
});

test('after a reset nothing of a script is left in the session', async () => {
  const session = await openSession(await emptyDatabase());
  await send(
    session,
    statement('PRAGMA foreign_keys = ON'),
    statement('PRAGMA recursive_triggers = ON'),
    statement('PRAGMA legacy_alter_table = ON'),
    statement('CREATE TEMP TABLE leftover (a)'),
    statement("ATTACH ':memory:' AS other"),
  );
  const settings =
    'SELECT f.foreign_keys AS f, r.recursive_triggers AS r, l.legacy_alter_table AS l FROM pragma_foreign_keys f, pragma_recursive_triggers r, pragma_legacy_alter_table l';
  expect(await session.query(settings)).toEqual([{ f: 1, r: 1, l: 1 }]);
  await send(session, ...sqliteDriver.control.resetSession.map(control));
  expect(await session.query(settings)).toEqual([{ f: 0, r: 0, l: 0 }]);
  expect((await faultOf(session.query('SELECT * FROM leftover'))).kind).toBe('noSuchTable');
  expect(await session.query('SELECT name FROM pragma_database_list')).toEqual([{ name: 'main' }]);
});

test('a pragma that does nothing in a transaction is noticed', async () => {
  const session = await openSession(await emptyDatabase());
  const observed = await send(
    session,
    control('BEGIN IMMEDIATE'),
    statement('PRAGMA foreign_keys = ON'),
    control('ROLLBACK'),
  );
  expect(observed.notices).toHaveLength(1);
  expect((await send(session, statement('PRAGMA foreign_keys = ON'))).notices).toEqual([]);
});

test('the timer counts whole milliseconds', async () => {
  const session = await openSession(await emptyDatabase());
  const { startTimer, elapsedMs } = sqliteDriver.dialect;
  await send(
    session,
    control('CREATE TABLE t (ms)'),
    control(startTimer),
    control(`INSERT INTO t VALUES (${elapsedMs})`),
  );
  expect(await session.query('SELECT typeof(ms) AS type, ms >= 0 AS sane FROM t')).toEqual([
    { type: 'integer', sane: 1 },
  ]);
});

test('parameters are numbered and may repeat', async () => {
  const session = await openSession(await emptyDatabase());
  expect(await session.query('SELECT $2 AS b, $1 AS a, $2 AS again, $3 AS n', ["it's", 7, null])).toEqual([
    { b: 7, a: "it's", again: 7, n: null },
  ]);
});

test('columns of tables and views, generated ones too; null without such a table', async () => {
  const session = await openSession(await emptyDatabase());
  await send(session, statement('CREATE TABLE "a table" (one, "Two", three AS (one + 1))'));
  expect(await session.columns({ schema: null, name: 'a table' })).toEqual(['one', 'Two', 'three']);
  expect(await session.columns({ schema: null, name: 'none' })).toBeNull();
});

test('nothing of a transaction that SQLite ended by itself is run outside of it', async () => {
  const session = await openSession(await emptyDatabase());
  await send(session, statement('CREATE TABLE t (a INTEGER PRIMARY KEY)'), statement('INSERT INTO t VALUES (1)'));
  await failedSend(session, control('BEGIN IMMEDIATE'), statement('INSERT OR ROLLBACK INTO t VALUES (1)'));
  const { fault } = await failedSend(session, statement('INSERT INTO t VALUES (2)'));
  expect(fault.message).toContain('outside of one');
  await expect(session.query('INSERT INTO t VALUES (3)')).rejects.toThrow(/outside of one/);
  expect(await session.query('SELECT count(*) AS rows FROM t')).toEqual([{ rows: 1 }]);
  await send(session, control('ROLLBACK'), control('BEGIN IMMEDIATE'), statement('INSERT INTO t VALUES (4)'));
  await send(session, control('COMMIT'));
  expect(await session.query('SELECT a FROM t')).toEqual([{ a: 1 }, { a: 4 }]);
});
