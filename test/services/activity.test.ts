/** Who works on a database, who waits for whom, and ending a session. */
import { beforeEach, describe, expect, it } from 'vitest';
import { driverForUrl } from '../../electron/databases/registry.ts';
import { endSession, readActivity } from '../../electron/services/activity.ts';
import type { ActivitySession } from '../../shared/model/activity.ts';
import { ProblemError } from '../../shared/problem.ts';
import { options } from '../conformance/sessionOptions.ts';
import { disposable, expectFault, type OpenSession, run } from '../conformance/sessions.ts';
import { unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { adHoc, type TestDatabase, testBackend, testDatabase } from './backend.ts';

async function open({ url }: TestDatabase): Promise<OpenSession> {
  const driver = driverForUrl(url);
  const { connection, password } = driver.parseUrl(url);
  return disposable(await driver.connect(connection, { ...options, password, lockTimeoutMs: 60_000 }));
}

const pidOf = ({ identity }: OpenSession): number => Number(/\d+/.exec(identity.backend)?.[0]);

const problemOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (thrown: unknown) => (thrown instanceof ProblemError ? thrown.problem : thrown),
  );

const byPid = (sessions: readonly ActivitySession[], session: OpenSession) =>
  sessions.find(({ pid }) => pid === pidOf(session));

describe.each(['postgres15', 'postgres18', 'mariadb'] as const)('on %s', (engine) => {
  beforeEach((context) => {
    const reason = unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  it('tells who waits for whom, and ends who stands in the way only when confirmed and with a reason', async () => {
    await using test = await testBackend();
    await using database = await testDatabase(engine);
    await using blocker = await open(database);
    await using waiter = await open(database);
    const { context } = test.backend;
    const target = adHoc(database.url, test.folder);
    await run(blocker, 'CREATE TABLE patient (id integer)', 'INSERT INTO patient VALUES (1)');
    await run(blocker, 'BEGIN', 'SELECT count(*) FROM patient');
    const waiting = run(waiter, 'ALTER TABLE patient ADD COLUMN name varchar(9)');
    const sessions = async () => (await readActivity(context, target)).sessions;
    await expect
      .poll(async () => byPid(await sessions(), blocker)?.blocks, { timeout: 20_000 })
      .toEqual([pidOf(waiter)]);
    const seen = await sessions();
    expect(byPid(seen, waiter)).toMatchObject({
      waitingFor: expect.stringMatching(
        engine === 'mariadb' ? /table metadata lock/ : /AccessExclusiveLock on patient/,
      ),
      query: expect.stringContaining('ALTER TABLE patient'),
      ageMs: expect.any(Number),
      blocks: [],
    });
    expect(byPid(seen, blocker)).toMatchObject({
      user: expect.any(String),
      waitingFor: null,
      transactionMs: expect.any(Number),
      inferred: engine === 'mariadb',
    });

    const end = { pid: pidOf(blocker), how: 'terminate', confirm: null, reason: null } as const;
    const unconfirmed = await problemOf(endSession(context, target, end));
    expect(unconfirmed).toMatchObject({ code: 'gate.confirmation' });
    const confirm = /--confirm "(.+)"$/.exec((unconfirmed as { hint: string }).hint)?.[1] ?? '';
    expect(await problemOf(endSession(context, target, { ...end, confirm }))).toMatchObject({ code: 'gate.reason' });
    const answers = { ...end, confirm, reason: 'it blocks the migration' };
    expect(await problemOf(endSession(context, target, { ...answers, pid: 999_999_999 }))).toMatchObject({
      code: 'activity.notFound',
    });
    expect(await endSession(context, target, answers)).toMatchObject({ outcome: 'asked', session: { pid: end.pid } });
    await waiting;
    await expectFault(blocker.query('SELECT 1'), 'connectionLost');
    expect(context.workspace.audit.list({ limit: 10 })).toMatchObject([
      { action: 'session ended', detail: { pid: end.pid, reason: 'it blocks the migration' } },
    ]);
  });

  it('ends a statement and leaves its session', async () => {
    await using test = await testBackend();
    await using database = await testDatabase(engine);
    await using busy = await open(database);
    const { context } = test.backend;
    const target = adHoc(database.url, test.folder);
    const long = engine === 'mariadb' ? 'SELECT COUNT(SHA2(seq, 512)) FROM seq_1_to_1000000000' : 'SELECT pg_sleep(60)';
    const working = expectFault(run(busy, long), 'cancelled');
    const find = async () => byPid((await readActivity(context, target)).sessions, busy);
    await expect.poll(async () => (await find())?.query, { timeout: 20_000 }).toBe(long);
    const request = { pid: pidOf(busy), how: 'cancel', confirm: null, reason: 'too slow' } as const;
    const refused = await problemOf(endSession(context, target, request));
    const confirm = /--confirm "(.+)"$/.exec((refused as { hint: string }).hint)?.[1] ?? '';
    await endSession(context, target, { ...request, confirm });
    await working;
    expect(await busy.query('SELECT 5 AS value')).toEqual([{ value: 5 }]);
  });
});

describe('on mariadb', () => {
  beforeEach((context) => {
    const reason = unavailable('mariadb');
    if (reason !== undefined) skipBecause(context, reason);
  });

  it('tells who waits for whose rows, as the server tells it', async () => {
    await using test = await testBackend();
    await using database = await testDatabase('mariadb');
    await using blocker = await open(database);
    await using waiter = await open(database);
    const target = adHoc(database.url, test.folder);
    await run(blocker, 'CREATE TABLE patient (id integer PRIMARY KEY)', 'INSERT INTO patient VALUES (1)');
    await run(blocker, 'BEGIN', 'UPDATE patient SET id = 2');
    const waiting = run(waiter, 'UPDATE patient SET id = 3');
    await expect
      .poll(async () => byPid((await readActivity(test.backend.context, target)).sessions, blocker), {
        timeout: 20_000,
        // InnoDB renews what it tells of transactions only when nobody has asked for 100 ms.
        interval: 250,
      })
      .toMatchObject({ blocks: [pidOf(waiter)], inferred: false });
    await run(blocker, 'COMMIT');
    await waiting;
  });
});

describe('on sqlite', () => {
  it('tells which process holds the file, as far as the system does, and refuses to end it', async (context) => {
    if (process.platform !== 'linux') skipBecause(context, 'only Linux lists who has a file open');
    await using test = await testBackend();
    await using database = await testDatabase('sqlite');
    await using writer = await open(database);
    const target = adHoc(database.url, test.folder);
    await run(writer, 'BEGIN IMMEDIATE', 'CREATE TABLE patient (id integer)');
    const { sessions } = await readActivity(test.backend.context, target);
    expect(sessions).toMatchObject([{ pid: pidOf(writer), state: 'holds a write lock', application: 'node' }]);
    const request = { pid: pidOf(writer), how: 'terminate', confirm: null, reason: 'now' } as const;
    const refused = await problemOf(endSession(test.backend.context, target, request));
    const confirm = /--confirm "(.+)"$/.exec((refused as { hint: string }).hint)?.[1] ?? '';
    expect(await problemOf(endSession(test.backend.context, target, { ...request, confirm }))).toMatchObject({
      code: 'activity.noServer',
    });
  });
});
