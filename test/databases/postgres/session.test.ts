import { expect, test } from 'vitest';
import { control as steps } from '../../../electron/databases/postgres/control.ts';
import { dialect } from '../../../electron/databases/postgres/dialect.ts';
import { MessageFault } from '../../../electron/engine/ports.ts';
import { control, expectFault, listen, run, scalar, statements } from '../../conformance/sessions.ts';
import { postgres15 } from '../../servers/index.ts';
import { openUrl } from './support.ts';

const shopDatabase = async () => (await postgres15()).createDatabase();

test('a step begins so that its script may still choose its isolation level, and knows how long it takes', async () => {
  await using database = await shopDatabase();
  await using session = await openUrl(database.url);
  const heard = listen();
  const begin = control(...steps.resetSession, ...steps.begin, dialect.startTimer);
  const script = statements(
    'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE',
    'SELECT pg_sleep(0.2)',
    `SELECT ${dialect.elapsedMs}`,
  );
  await session.send([...begin, ...script, ...control(steps.commit)], heard);
  expect(heard.units).toEqual([...begin, ...script, 0].map((_, index) => index));
  expect(Number(heard.results.at(-2)?.resultSet?.rows[0]?.[0])).toBeGreaterThanOrEqual(200);
});

test('outside a transaction the time counts from the timer, over several messages', async () => {
  await using database = await shopDatabase();
  await using session = await openUrl(database.url);
  await session.send(control(dialect.startTimer), listen());
  await run(session, 'SELECT pg_sleep(0.2)');
  expect(Number(await scalar(session, `SELECT ${dialect.elapsedMs} AS value`))).toBeGreaterThanOrEqual(200);
});

test('thousands of quick inserts are told in between, and before the slow statement after them', async () => {
  await using database = await shopDatabase();
  await using session = await openUrl(database.url);
  await run(session, 'CREATE TABLE patient (id integer)');
  const inserts = Array.from({ length: 1000 }, (_, id) => `INSERT INTO patient (id) VALUES (${id})`);
  let cancelled: Promise<void> = Promise.resolve();
  const heard = listen((unit) => {
    if (unit === 999) cancelled = session.cancel();
  });
  const thrown: unknown = await session
    .send(statements(...inserts, 'SELECT pg_sleep(60)'), heard)
    .catch((error: unknown) => error);
  await cancelled;
  expect(thrown).toMatchObject({ unit: 1000, fault: { kind: 'cancelled' } });
  expect(heard.units).toHaveLength(1000);
});

test('rows that an insert returns are a result set like any other', async () => {
  await using database = await shopDatabase();
  await using session = await openUrl(database.url);
  await run(session, 'CREATE TABLE patient (id integer)');
  const heard = listen();
  await session.send(
    statements('INSERT INTO patient (id) VALUES (7)\n returning id AS given', 'INSERT INTO patient (id) VALUES (8)'),
    heard,
  );
  expect(heard.results).toEqual([
    { affectedRows: 1, resultSet: { columns: ['given'], rows: [['7']], rowCount: 1 } },
    { affectedRows: 1, resultSet: null },
  ]);
});

test('a syntax error far behind does not prevent what is before it', async () => {
  await using database = await shopDatabase();
  await using session = await openUrl(database.url);
  const heard = listen();
  const thrown: unknown = await session
    .send(statements('SELECT 1', 'SELECT 2', 'SELEC 3'), heard)
    .catch((error: unknown) => error);
  expect(heard.units).toEqual([0, 1]);
  expect(thrown).toMatchObject({ unit: 2, fault: { code: '42601', position: 0 } });
});

test('a setting that changes how text is read holds from the next statement on', async () => {
  await using database = await shopDatabase();
  await using session = await openUrl(database.url);
  const heard = listen();
  await session.send(
    statements(
      'SET standard_conforming_strings = off',
      "SELECT 'a\\'b'",
      'SET standard_conforming_strings = on',
      "SELECT 'a\\'",
    ),
    heard,
  );
  expect(heard.results.map((result) => result.resultSet?.rows[0]?.[0])).toEqual([undefined, "a'b", undefined, 'a\\']);
});

test('literals mean the same under every setting of backslashes', async () => {
  await using database = await shopDatabase();
  await using session = await openUrl(database.url);
  for (const conforming of ['on', 'off']) {
    await run(session, `SET standard_conforming_strings = ${conforming}`);
    const text = "'; DROP TABLE patient; -- \\' \\";
    expect(await scalar(session, `SELECT ${dialect.quoteLiteral(text)} AS value`)).toBe(text);
  }
});

test('a commit that the server turned into a rollback is a fault', async () => {
  await using database = await shopDatabase();
  await using session = await openUrl(database.url);
  await session.send(control('BEGIN'), listen());
  await expectFault(run(session, 'SELECT nonsense'), 'statement');
  const thrown: unknown = await session.send(control('COMMIT'), listen()).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(MessageFault);
  expect(thrown).toMatchObject({ unit: 0, fault: { message: expect.stringContaining('rolled it back') } });
});

test('a COPY without its data is refused before anything is sent', async () => {
  await using database = await shopDatabase();
  await using session = await openUrl(database.url);
  await run(session, 'CREATE TABLE patient (id integer)');
  const [insert, copy] = statements('INSERT INTO patient VALUES (1)', 'COPY patient FROM stdin');
  if (insert === undefined || copy?.kind !== 'statement') throw new Error('two statements were made');
  const units = [insert, { ...copy, statement: { ...copy.statement, copiesData: true } }];
  await expect(session.send(units, listen())).rejects.toMatchObject({ unit: 1, fault: { kind: 'statement' } });
  expect(await session.query('SELECT id FROM patient')).toEqual([]);
});

test('a COPY that nobody noticed ends the connection instead of taking the script for its data', async () => {
  await using database = await shopDatabase();
  await using session = await openUrl(database.url);
  await run(session, 'CREATE TABLE note (body text)');
  await expectFault(run(session, 'COPY note FROM stdin', 'SELECT 1'), 'connectionLost');
  expect(await database.query('SELECT body FROM note')).toEqual([]);
});

test('a NUL is refused where it is, and nothing is sent', async () => {
  await using database = await shopDatabase();
  await using session = await openUrl(database.url);
  await expect(session.send(statements('SELECT 1', "SELECT 'a\0b'"), listen())).rejects.toMatchObject({
    unit: 1,
    fault: { position: 9 },
  });
  expect(await scalar(session, 'SELECT 1 AS value')).toBe(1);
});

test('what a script leaves behind is gone after a reset, but for the lock', async () => {
  await using database = await shopDatabase();
  await using session = await openUrl(database.url);
  await run(session, 'CREATE ROLE conformance_role_x', 'SET ROLE conformance_role_x').catch((error: unknown) => {
    // The role is the server's and may be there from a run that was interrupted.
    if (!(error instanceof MessageFault && error.fault.code === '42710')) throw error;
  });
  await run(
    session,
    'SET ROLE NONE',
    'CREATE TEMP TABLE scratch (id integer)',
    'PREPARE later AS SELECT 1',
    "SET search_path = ''",
    'SET lock_timeout = 0',
  );
  await run(session, 'SET ROLE conformance_role_x');
  await session.send(control(...steps.resetSession), listen());
  expect(await scalar(session, 'SELECT current_user::text AS value')).toBe(session.identity.user);
  expect(await session.columns({ schema: null, name: 'scratch' })).toBeNull();
  expect(await scalar(session, 'SELECT count(*)::integer AS value FROM pg_prepared_statements')).toBe(0);
  expect(await scalar(session, "SELECT current_setting('lock_timeout') AS value")).toBe('10s');
  expect(await scalar(session, "SELECT current_setting('search_path') AS value")).toContain('public');
  await run(session, 'DROP ROLE conformance_role_x');
});

test('positions are right in a database that counts bytes', async () => {
  const server = await postgres15();
  await server.query("CREATE DATABASE counting_bytes ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
  try {
    await using session = await openUrl(server.url('counting_bytes'));
    const sql = "SELECT '😀 é', nonsense";
    await expect(run(session, sql)).rejects.toMatchObject({ fault: { position: sql.indexOf('nonsense') } });
  } finally {
    await server.query('DROP DATABASE counting_bytes WITH (FORCE)');
  }
});
