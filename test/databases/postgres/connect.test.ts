import { expect, test } from 'vitest';
import { expectFault, faultOf, listen, run, scalar, statements } from '../../conformance/sessions.ts';
import { postgres15, startPostgres } from '../../servers/index.ts';
import { openUrl } from './support.ts';

const encrypted = 'SELECT ssl AS value FROM pg_stat_ssl WHERE pid = pg_backend_pid()';

test.each([
  ['disable', false],
  ['prefer', true],
  ['require', true],
] as const)('TLS mode %s: encrypted is %s', async (tls, expected) => {
  await using database = await (await postgres15()).createDatabase();
  await using session = await openUrl(database.url, { connection: { tls } });
  expect(await scalar(session, encrypted)).toBe(expected);
});

test('verifying modes need the authority, and the full one the name as well', async () => {
  const server = await postgres15();
  await using database = await server.createDatabase();
  const tlsAuthorityFile = server.tls.caFile;
  for (const connection of [
    { tls: 'verify-ca', tlsAuthorityFile },
    { tls: 'require', tlsAuthorityFile },
    { tls: 'verify-full', tlsAuthorityFile, host: server.tls.host },
  ] as const) {
    await using session = await openUrl(database.url, { connection });
    expect(await scalar(session, encrypted)).toBe(true);
  }
  const unknown = await faultOf(openUrl(database.url, { connection: { tls: 'verify-ca' } }));
  expect(unknown).toMatchObject({ kind: 'tls', message: expect.stringContaining('not trusted here') });
  const misnamed = await faultOf(openUrl(database.url, { connection: { tls: 'verify-full', tlsAuthorityFile } }));
  expect(misnamed).toMatchObject({ kind: 'tls', message: expect.stringContaining('another host name') });
  await expectFault(
    openUrl(database.url, { connection: { tls: 'verify-ca', tlsAuthorityFile: '/nowhere/ca.crt' } }),
    'tls',
  );
});

test('a statement is cancelled over TLS, too', async () => {
  const server = await postgres15();
  await using database = await server.createDatabase();
  await using session = await openUrl(database.url, {
    connection: { tls: 'verify-full', tlsAuthorityFile: server.tls.caFile, host: server.tls.host },
  });
  let cancelled: Promise<void> = Promise.resolve();
  const observer = listen(() => {
    cancelled = session.cancel();
  });
  await expectFault(session.send(statements('SELECT 1', 'SELECT pg_sleep(60)'), observer), 'cancelled');
  await cancelled;
});

test('a server that accepts nobody more, or is going away, is told as such', async () => {
  await using server = await startPostgres({ version: 15 });
  const clerk = await server.createUser();
  await server.query(`ALTER ROLE ${clerk.user} CONNECTION LIMIT 1`);
  await using session = await openUrl(server.url(undefined, clerk));
  await expectFault(openUrl(server.url(undefined, clerk)), 'tooManyConnections');
  await server.query('CREATE DATABASE closed ALLOW_CONNECTIONS false');
  const fault = await faultOf(openUrl(server.url('closed')));
  expect(fault.message).toContain('not currently accepting connections');
  await server.kill('SIGQUIT');
  await expectFault(session.query('SELECT 1'), 'connectionLost');
  await expectFault(openUrl(server.url()), 'unreachable');
});

test('without the right to read the server’s identifier, a restart-bound one is used', async () => {
  await using server = await startPostgres({ version: 15 });
  await server.query('REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC');
  const clerk = await server.createUser();
  await using first = await openUrl(server.url(undefined, clerk));
  await using second = await openUrl(server.url(undefined, clerk), { connection: { host: server.socket } });
  expect(first.identity.id).toMatch(/^postgres:[\d.]+:\d+\/\d+$/);
  expect(second.identity.id).toBe(first.identity.id);
  await using owner = await openUrl(server.url());
  expect(owner.identity.id).not.toBe(first.identity.id);
});

test('a database that refuses writes by default says so', async () => {
  await using database = await (await postgres15()).createDatabase();
  await database.query(`ALTER DATABASE ${database.name} SET default_transaction_read_only = on`);
  await using session = await openUrl(database.url);
  expect(session.identity.readOnly).toBe(true);
  await expectFault(run(session, 'CREATE TABLE patient (id integer)'), 'readOnly');
});

test('a read-only session of a writable database does not call it read-only', async () => {
  await using database = await (await postgres15()).createDatabase();
  await using session = await openUrl(database.url, { readOnly: true });
  expect(session.identity.readOnly).toBe(false);
});

test('settings of the connection hold: search path with hostile names, timeouts, application name, the server’s time zone', async () => {
  await using database = await (await postgres15()).createDatabase();
  const searchPath = '"Ward\\ one", public';
  await database.query('CREATE SCHEMA "Ward\\ one"; CREATE TABLE "Ward\\ one".patient (id integer)');
  await database.query(`ALTER DATABASE ${database.name} SET TimeZone = 'Asia/Kolkata'`);
  await using session = await openUrl(database.url, {
    connection: { searchPath },
    applicationName: 'lockkeeper me@here#1',
    lockTimeoutMs: 1234,
  });
  expect(await session.columns({ schema: null, name: 'patient' })).toEqual(['id']);
  const names = ['application_name', 'lock_timeout', 'TimeZone', 'client_connection_check_interval', 'client_encoding'];
  const settings = names.map((name) => `current_setting('${name}') AS "${name}"`).join(', ');
  expect(await session.query(`SELECT ${settings}`)).toEqual([
    {
      application_name: 'lockkeeper me@here#1',
      lock_timeout: '1234ms',
      TimeZone: 'Asia/Kolkata',
      client_connection_check_interval: '1s',
      client_encoding: 'UTF8',
    },
  ]);
});

test('times are ISO 8601 in UTC, a local one as of the session’s zone, also around a change of the clocks', async () => {
  await using database = await (await postgres15()).createDatabase();
  await using session = await openUrl(database.url);
  const ask = async (zone: string) => {
    await run(session, `SET TimeZone = '${zone}'`);
    const rows = await session.query(
      `SELECT moment, moment AT TIME ZONE current_setting('TimeZone') AS local FROM generate_series(timestamptz '2026-03-28T20:15:30.123456Z', '2026-03-29T06:15:30.123Z', '1 hour') moment`,
    );
    for (const { moment, local } of rows) expect(local).toBe(moment);
    expect(rows[0]?.['moment']).toBe('2026-03-28T20:15:30.123Z');
  };
  for (const zone of ['UTC', 'Europe/Paris', 'America/St_Johns', 'Asia/Kolkata', 'Pacific/Chatham']) await ask(zone);
  expect(
    await session.query(
      "SELECT timestamptz 'infinity' AS a, timestamp '0044-03-15 BC' AS b, date '2026-11-20' AS c, true AS d, 1.50::numeric AS e, '{1,2}'::int[] AS f, '\\x00ff'::bytea AS g",
    ),
  ).toEqual([
    { a: 'infinity', b: '0044-03-15 00:00:00 BC', c: '2026-11-20', d: true, e: '1.50', f: '{1,2}', g: '\\x00ff' },
  ]);
});

test('a statement that runs out of time and one that somebody else cancelled are told apart', async () => {
  await using database = await (await postgres15()).createDatabase();
  await using session = await openUrl(database.url);
  await run(session, "SET statement_timeout = '50ms'");
  await expectFault(run(session, 'SELECT pg_sleep(60)'), 'timeout');
  await run(session, 'SET statement_timeout = 0');
  const pid = Number(session.identity.backend.split(' ')[0]);
  const sleeping = expectFault(run(session, 'SELECT pg_sleep(60)'), 'cancelled');
  await expect
    .poll(() =>
      database.query(
        `SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE pid = ${pid} AND query LIKE '%pg_sleep(60)' AND state = 'active'`,
      ),
    )
    .toHaveLength(1);
  await sleeping;
});

test('rights and a full message tell what is missing', async () => {
  const server = await postgres15();
  await using database = await server.createDatabase();
  await database.query('CREATE TABLE patient (id integer)');
  const clerk = await server.createUser();
  await using session = await openUrl(server.url(database.name, clerk));
  await expectFault(session.query('SELECT * FROM patient'), 'rights');
  const fault = await faultOf(session.query("SELECT 'x'::integer"));
  expect(fault).toMatchObject({
    kind: 'statement',
    code: '22P02',
    message: 'invalid input syntax for type integer: "x"',
  });
});

test('the holder of a lock is known to a user who may see nothing else of that session', async () => {
  const server = await postgres15();
  await using database = await server.createDatabase();
  const clerk = await server.createUser();
  await using owner = await openUrl(database.url, { applicationName: 'lockkeeper ann@desk#7' });
  await using session = await openUrl(server.url(database.name, clerk));
  const ann = { person: 'ann', host: 'desk', process: '7', since: null, alive: true };
  await owner.tryLock('shop', ann);
  expect(await session.lockInfo('shop')).toMatchObject({ held: true, holder: ann });
  await run(owner, 'SELECT pg_advisory_unlock_all()');
  await expectFault(owner.unlock('shop'), 'lockLost');
});
