import { expect, test } from 'vitest';
import { probe } from '../../../electron/databases/postgres/probe.ts';
import { control, expectFault, listen, run, scalar, statements } from '../../conformance/sessions.ts';
import { postgres15 } from '../../servers/index.ts';
import { openUrl } from './support.ts';

const timeouts =
  "SELECT concat_ws(' ', current_setting('lock_timeout'), current_setting('client_connection_check_interval')) AS value";

test('a concurrent build waits for older snapshots, however short our own lock timeout is', async () => {
  await using database = await (await postgres15()).createDatabase();
  await using session = await openUrl(database.url, { lockTimeoutMs: 100 });
  await using reader = await openUrl(database.url);
  await run(session, 'CREATE TABLE patient (id integer)');
  await reader.send(control('BEGIN ISOLATION LEVEL REPEATABLE READ', 'SELECT count(*) FROM patient'), listen());
  const building = run(session, '-- quickly\nCREATE INDEX CONCURRENTLY patient_id ON patient (id)');
  const pid = Number(session.identity.backend.split(' ')[0]);
  const waiting = `SELECT count(*)::integer AS value FROM pg_locks WHERE NOT granted AND pid = ${pid}`;
  await using observer = await openUrl(database.url);
  await expect.poll(() => scalar(observer, waiting), { timeout: 20_000 }).toBe(1);
  // Three times our timeout, counted by the server.
  await run(observer, 'SELECT pg_sleep(0.3)');
  await reader.send(control('COMMIT'), listen());
  await building;
  expect(
    await scalar(session, `SELECT ${probe('CREATE INDEX CONCURRENTLY patient_id ON patient (id)')?.state} AS value`),
  ).toBe('valid');
  expect(await scalar(session, timeouts)).toBe('100ms 1s');
});

test('a timeout that the script set itself stays', async () => {
  await using database = await (await postgres15()).createDatabase();
  await using session = await openUrl(database.url);
  await using blocker = await openUrl(database.url);
  await run(session, 'CREATE TABLE patient (id integer)', "SET lock_timeout = '150ms'");
  await blocker.send(control('BEGIN', 'LOCK TABLE patient IN SHARE UPDATE EXCLUSIVE MODE'), listen());
  await expectFault(run(session, 'CREATE INDEX CONCURRENTLY patient_id ON patient (id)'), 'lockTimeout');
  await blocker.send(control('ROLLBACK'), listen());
  expect(await scalar(session, timeouts)).toBe('150ms 1s');
});

test('after a failed build our timeouts are back', async () => {
  await using database = await (await postgres15()).createDatabase();
  await using session = await openUrl(database.url);
  await run(session, 'CREATE TABLE patient (id integer)', 'INSERT INTO patient VALUES (1), (1)');
  await expectFault(run(session, 'CREATE UNIQUE INDEX CONCURRENTLY patient_id ON patient (id)'), 'statement');
  expect(await scalar(session, timeouts)).toBe('10s 1s');
});

test('an index is seen as absent, invalid and valid, also under a name that needs quotes', async () => {
  await using database = await (await postgres15()).createDatabase();
  await using session = await openUrl(database.url);
  const create = 'CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "Patient""s id" ON ward.patient (id)';
  const drop = 'DROP INDEX CONCURRENTLY ward."Patient""s id"';
  const state = (statement: string) => scalar(session, `SELECT ${probe(statement)?.state} AS value`);
  expect(await state(create)).toBe('absent');
  await run(
    session,
    'CREATE SCHEMA ward',
    'CREATE TABLE ward.patient (id integer)',
    'INSERT INTO ward.patient VALUES (1), (1)',
  );
  expect(await state(create)).toBe('absent');
  await expectFault(run(session, create), 'statement');
  expect([await state(create), await state(drop)]).toEqual(['invalid', 'invalid']);
  await run(session, drop);
  await run(session, 'DELETE FROM ward.patient');
  await session.send(statements(create), listen());
  expect([await state(create), await state(drop)]).toEqual(['valid', 'valid']);
});

test.each([
  'CREATE INDEX patient_id ON patient (id)',
  'DROP INDEX CONCURRENTLY one, two',
  'DO $$ BEGIN COMMIT; END $$',
  'CALL work()',
  'ALTER TABLE patient DETACH PARTITION one',
])('%s has no probe', (statement) => {
  expect(probe(statement)).toBeNull();
});
