import Database from 'better-sqlite3';
import { expect, test, vi } from 'vitest';
import {
  control,
  emptyDatabase,
  endlessSelect,
  failedSend,
  failureOf,
  faultOf,
  holder,
  Observed,
  openSession,
  send,
  statement,
} from './support.ts';

const endlessInsert = 'INSERT INTO t WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c';

test('stops inside a statement; the session goes on, rolled back and with its lock', async () => {
  const file = await emptyDatabase();
  const session = await openSession(file);
  await session.tryLock('history', holder('anna'));
  await send(session, statement('CREATE TABLE t (a)'));
  const { promise: begun, resolve } = Promise.withResolvers<void>();
  const failing = session.send(
    [control('BEGIN IMMEDIATE'), statement('CREATE TABLE u (a)'), statement(endlessInsert)],
    {
      completed: (unit) => void (unit === 1 && resolve()),
      notice: () => undefined,
    },
  );
  const ended = expect(failing).rejects.toMatchObject({ unit: 2, fault: { kind: 'cancelled' } });
  await begun;
  await session.cancel();
  await ended;
  await send(session, control('ROLLBACK'));
  expect(await session.columns({ schema: null, name: 'u' })).toBeNull();
  expect(await session.query('SELECT count(*) AS n FROM t')).toEqual([{ n: 0 }]);
  expect(await (await openSession(file)).tryLock('history', holder('bert'))).toMatchObject({
    held: true,
    holder: { person: 'anna' },
  });
});

test('stops between statements without losing the connection or its transaction', async () => {
  const session = await openSession(await emptyDatabase());
  const before = session.identity.backend;
  let completed = 0;
  const inserts = Array.from({ length: 400_000 }, () => statement('INSERT INTO t VALUES (1)'));
  const failing = session.send([control('BEGIN IMMEDIATE'), statement('CREATE TABLE t (a)'), ...inserts], {
    completed: () => {
      if (++completed === 10) void session.cancel();
    },
    notice: () => undefined,
  });
  const fault = await failing.then(
    () => null,
    (error: unknown) => error,
  );
  expect(fault).toMatchObject({ unit: completed, fault: { kind: 'cancelled' } });
  expect(session.identity.backend).toBe(before);
  expect(await session.query('SELECT count(*) AS n FROM t')).toEqual([{ n: completed - 2 }]);
  await send(session, control('ROLLBACK'));
  expect(await session.columns({ schema: null, name: 't' })).toBeNull();
});

test('of transactions in one message those that were committed are told, though nothing was said before the kill', async () => {
  const file = await emptyDatabase();
  const session = await openSession(file);
  const rows = Array.from({ length: 2000 }, () => '(1)').join();
  await send(
    session,
    statement('CREATE TABLE t (a)'),
    statement('CREATE TABLE slow (a)'),
    statement(`INSERT INTO slow VALUES ${rows}`),
    statement(
      'CREATE TRIGGER slowly AFTER INSERT ON slow BEGIN INSERT INTO t SELECT count(*) FROM slow, slow b, slow c, slow d, slow e; END',
    ),
  );
  const observed = new Observed();
  const transaction = (table: string) => [
    control('BEGIN IMMEDIATE'),
    statement(`INSERT INTO ${table} VALUES (7)`),
    control('COMMIT'),
  ];
  const failing = failureOf(session.send([...transaction('t'), ...transaction('t'), ...transaction('slow')], observed));
  await vi.waitFor(() => expect(isLockedWith(file, 2)).toBe(true), { timeout: 20_000, interval: 20 });
  await session.cancel();
  const { unit, fault } = await failing;
  expect(fault.kind).toBe('cancelled');
  // The last BEGIN is told where the process heard of the cancel just after it.
  expect([6, 7]).toContain(unit);
  expect(observed.units).toEqual(Array.from({ length: unit }, (_, index) => index));
  await send(session, control('ROLLBACK'));
  expect(await session.query('SELECT a FROM t')).toEqual([{ a: 7 }, { a: 7 }]);
});

/** So many rows of `t` are committed, and somebody writes to the file. */
function isLockedWith(file: string, rows: number): boolean {
  const database = new Database(file, { timeout: 20_000 });
  try {
    if (database.prepare('SELECT count(*) FROM t').pluck().get() !== rows) return false;
    database.pragma('busy_timeout = 0');
    database.exec('BEGIN IMMEDIATE; ROLLBACK');
    return false;
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code === 'SQLITE_BUSY') return true;
    throw error;
  } finally {
    database.close();
  }
}

test('what a statement outside a transaction did is unknown when it was killed', async () => {
  const session = await openSession(await emptyDatabase());
  await send(session, statement('CREATE TABLE t (a)'));
  const { promise: begun, resolve } = Promise.withResolvers<void>();
  const told = { completed: () => resolve(), notice: () => undefined };
  const failing = failureOf(session.send([statement('SELECT 1'), statement(endlessInsert)], told));
  await begun;
  await session.cancel();
  expect((await failing).fault.kind).toBe('connectionLost');
  expect((await faultOf(session.query('SELECT 1'))).kind).toBe('connectionLost');
});

test('a query is cancelled, too; cancelling nothing harms nothing', async () => {
  const session = await openSession(await emptyDatabase(), { readOnly: true });
  await session.cancel();
  expect(await session.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  const failing = faultOf(session.query(endlessSelect));
  await session.cancel();
  expect((await failing).kind).toBe('cancelled');
  expect(await session.query('SELECT 2 AS two')).toEqual([{ two: 2 }]);
});

test('a killed process is a lost connection, not a cancelled statement', async () => {
  const session = await openSession(await emptyDatabase());
  const failing = failedSend(session, control('BEGIN IMMEDIATE'), statement(endlessSelect));
  process.kill(Number(session.identity.backend.replace('process ', '')), 'SIGKILL');
  expect((await failing).fault.kind).toBe('connectionLost');
});
