/** The session that executes is looked after: who is in its way, how far it is, and whether anybody is there. */
import { beforeEach, describe, expect, it } from 'vitest';
import { driverForUrl } from '../../electron/databases/registry.ts';
import { startRun } from '../../electron/services/startRun.ts';
import { resolveTarget, watch } from '../../electron/services/target.ts';
import type { RunEvent, RunRecord } from '../../shared/model/run.ts';
import { holder, options } from '../conformance/sessionOptions.ts';
import { disposable, expectFault, type OpenSession, run as runSql } from '../conformance/sessions.ts';
import { startCutProxy } from '../servers/cutProxy.ts';
import { mariadb, postgres15, postgres18, unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { adHoc, run, type TestBackend, testBackend, testDatabase, writeFolder } from './backend.ts';

const servers = { postgres15, postgres18, mariadb } as const;
const engines = ['postgres15', 'postgres18', 'mariadb'] as const;

const dbmate = (sql: string) => ({ '1_a.sql': `-- migrate:up\n${sql}\n-- migrate:down\n` });

async function open(url: string): Promise<OpenSession> {
  const driver = driverForUrl(url);
  const { connection, password } = driver.parseUrl(url);
  return disposable(await driver.connect(connection, { ...options, password }));
}

const pidOf = ({ identity }: OpenSession): number => Number(/\d+/.exec(identity.backend)?.[0]);

/** Starts a run, and calls back for each of its records. */
async function start({ backend }: TestBackend, url: string, source: string, see: (record: RunRecord) => void) {
  const started = await startRun(backend.context, {
    target: adHoc(url, source),
    wanted: { direction: 'up' },
    fingerprint: null,
    backup: false,
    confirm: null,
    reason: null,
    accept: [],
    continueOnError: false,
  });
  for await (const record of backend.context.runs.watch(started.id, 0, new AbortController().signal)) see(record);
  return started.finished;
}

describe.each(engines)('on %s', (engine) => {
  beforeEach((context) => {
    const reason = unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  it('a cut network is noticed within seconds, means unknown, and is settled when it is back', async () => {
    await using test = await testBackend();
    const server = await servers[engine]();
    await using database = await server.createDatabase();
    await using proxy = await startCutProxy(server);
    const url = new URL(database.url);
    url.port = String(proxy.port);
    // One transaction on PostgreSQL; of two statements in autocommit on MariaDB.
    const sleep = engine === 'mariadb' ? 'SELECT SLEEP(300);' : 'SELECT pg_sleep(300);';
    const source = await writeFolder(test.folder, dbmate(`CREATE TABLE patient (id integer);\n${sleep}`));
    let cutAt = 0;
    let noticedAt = 0;
    const outcomes: string[] = [];
    const sessions = () =>
      server.query(
        engine === 'mariadb'
          ? "SELECT ID AS pid FROM information_schema.PROCESSLIST WHERE INFO LIKE '%SLEEP(300)%' AND ID <> CONNECTION_ID()"
          : "SELECT pid FROM pg_stat_activity WHERE query LIKE '%pg_sleep(300)%' AND state = 'active' AND pid <> pg_backend_pid()",
      );
    const seen = start(test, url.href, source, (record) => {
      if (record.type !== 'stepFinished') return;
      noticedAt ||= performance.now();
      outcomes.push(record.outcome);
    });
    await expect.poll(async () => (await sessions()).length, { timeout: 20_000 }).toBe(1);
    cutAt = performance.now();
    proxy.cut();
    await expect.poll(() => noticedAt, { timeout: 60_000 }).toBeGreaterThan(0);
    process.stdout.write(`${engine}: a black hole was noticed after ${Math.round(noticedAt - cutAt)} ms\n`);
    expect(noticedAt - cutAt).toBeLessThan(30_000);
    // The server's own keepalives would do the same a little later.
    for (const session of await sessions())
      await server.query(
        engine === 'mariadb' ? `KILL ${session['pid']}` : `SELECT pg_terminate_backend(${session['pid']})`,
      );
    proxy.heal();
    const ended = await seen;
    expect(ended).toMatchObject({ outcome: 'interrupted', problem: { code: 'connect.lost' } });
    // Of MariaDB's step the table is there.
    expect(outcomes).toEqual(['unknown', engine === 'mariadb' ? 'failed' : 'rolledBack']);
  });

  it('who stands in the way is told while it does', async () => {
    await using test = await testBackend();
    await using database = await testDatabase(engine);
    await using blocker = await open(database.url);
    await runSql(blocker, 'CREATE TABLE patient (id integer)');
    await runSql(blocker, 'BEGIN', 'SELECT count(*) FROM patient');
    const source = await writeFolder(test.folder, dbmate('ALTER TABLE patient ADD COLUMN name varchar(9);'));
    const told: RunRecord[] = [];
    const ended = await start(test, database.url, source, (record) => {
      if (record.type !== 'blocked') return;
      told.push(record);
      if (record.blockers.length > 0) void runSql(blocker, 'ROLLBACK');
    });
    expect(ended).toMatchObject({ outcome: 'succeeded', blockers: [], serverProgress: null });
    expect(told[0]).toMatchObject({ blockers: [{ pid: pidOf(blocker), user: expect.any(String) }] });
  });

  it('a quick migration opens no second connection and tells nothing of the server', async () => {
    await using test = await testBackend();
    await using database = await testDatabase(engine);
    const source = await writeFolder(test.folder, dbmate('CREATE TABLE patient (id integer);'));
    const { records } = await run(test.backend, adHoc(database.url, source));
    expect(records.filter(({ type }) => type === 'blocked' || type === 'serverProgress')).toEqual([]);
  });
});

describe('how far the server is with a long statement', () => {
  it.each(['postgres15', 'postgres18'] as const)('is told by phases on %s', async (engine) => {
    await using test = await testBackend();
    await using database = await testDatabase(engine);
    await using writer = await open(database.url);
    await runSql(writer, 'CREATE TABLE patient (id integer)');
    await runSql(writer, 'BEGIN', 'INSERT INTO patient VALUES (1)');
    const index = 'CREATE INDEX CONCURRENTLY patient_id ON patient (id);';
    const source = await writeFolder(test.folder, {
      '1_a.sql': `-- migrate:up transaction:false\n${index}\n-- migrate:down\n`,
    });
    const told: RunRecord[] = [];
    const ended = await start(test, database.url, source, (record) => {
      if (record.type !== 'serverProgress' || record.progress === null) return;
      told.push(record);
      // The build waits for it.
      if (told.length === 1) void runSql(writer, 'COMMIT');
    });
    expect(ended).toMatchObject({ outcome: 'succeeded', problem: null, serverProgress: null });
    expect(told[0]).toMatchObject({
      progress: {
        operation: 'CREATE INDEX CONCURRENTLY',
        phase: 'waiting for writers before build',
        phaseNumber: 2,
        phases: 8,
        percent: 0,
        estimated: false,
      },
    });
  });

  it('is told as the estimate it is on MariaDB', async (context) => {
    const reason = unavailable('mariadb');
    if (reason !== undefined) skipBecause(context, reason);
    await using test = await testBackend();
    await using database = await testDatabase('mariadb');
    await database.query("CREATE TABLE patient AS SELECT seq AS id, REPEAT('x', 100) AS name FROM seq_1_to_100000");
    // Work for the server's processor, so that no machine is done with it before it is asked.
    const source = await writeFolder(
      test.folder,
      dbmate('ALTER TABLE patient ADD COLUMN digest varchar(128) AS (SHA2(REPEAT(name, 400), 512)) STORED;'),
    );
    const told: RunRecord[] = [];
    const ended = await start(test, database.url, source, (record) => {
      if (record.type === 'serverProgress' && record.progress !== null) told.push(record);
    });
    expect(ended).toMatchObject({ outcome: 'succeeded', serverProgress: null });
    expect(told[0]).toMatchObject({ progress: { estimated: true, phases: expect.any(Number) } });
    for (const record of told) {
      const percent = record.type === 'serverProgress' ? (record.progress?.percent ?? 0) : 0;
      expect(percent).toBeGreaterThanOrEqual(0);
      expect(percent).toBeLessThanOrEqual(100);
    }
  });
});

describe('an idle session', () => {
  it('keeps its lock beyond the server’s limit for idle sessions, as one that nobody asks does not', async (context) => {
    const reason = unavailable('mariadb');
    if (reason !== undefined) skipBecause(context, reason);
    await using test = await testBackend();
    await using database = await testDatabase('mariadb');
    await using watched = await open(database.url);
    await using alone = await open(database.url);
    await using looking = await open(database.url);
    const target = await resolveTarget(test.backend.context, adHoc(database.url, test.folder));
    await using _watching = watch(test.backend.context, target, watched, () => undefined);
    for (const [session, name] of [
      [watched, 'watched'],
      [alone, 'alone'],
    ] as const) {
      await session.query('SET SESSION wait_timeout = 3');
      expect(await session.tryLock(name, holder(name))).toBeNull();
    }
    await expect.poll(() => looking.lockInfo('alone'), { timeout: 20_000 }).toMatchObject({ held: false });
    expect(await looking.lockInfo('watched')).toMatchObject({ held: true });
    await watched.confirmLocks(true);
  });

  it('of PostgreSQL is not ended by the server’s limit either', async (context) => {
    const reason = unavailable('postgres15');
    if (reason !== undefined) skipBecause(context, reason);
    await using database = await testDatabase('postgres15');
    await database.query(`ALTER DATABASE ${new URL(database.url).pathname.slice(1)} SET idle_session_timeout = '1s'`);
    await using ours = await open(database.url);
    expect(await ours.query("SELECT current_setting('idle_session_timeout') AS value")).toEqual([{ value: '0' }]);
  });
});

describe('a computer that slept', () => {
  it.each(['postgres15', 'mariadb'] as const)(
    'looks at once whether its session on %s is still there',
    async (engine) => {
      await using test = await testBackend();
      await using database = await testDatabase(engine);
      await using session = await open(database.url);
      await using other = await open(database.url);
      let slept = 0;
      const clock = { now: () => Date.now() + slept, elapsed: () => performance.now() };
      const context = { ...test.backend.context, clock };
      const target = await resolveTarget(context, adHoc(database.url, test.folder));
      const told: RunEvent[] = [];
      await using watching = watch(context, target, session, (event) => told.push(event));
      expect(await watching.session.tryLock('lock', holder('ada'))).toBeNull();
      slept += 3_600_000;
      await expect
        .poll(() => told, { timeout: 10_000 })
        .toMatchObject([{ type: 'warning', message: expect.stringMatching(/stood still for 36\d\d s/) }]);
      expect(await watching.session.query('SELECT 1 AS value')).toEqual([{ value: 1 }]);
      // What the server did while we slept.
      await other.query(
        engine === 'mariadb' ? `KILL ${pidOf(session)}` : `SELECT pg_terminate_backend(${pidOf(session)})`,
      );
      slept += 3_600_000;
      await expectFault(watching.session.query('SELECT 1 AS value'), 'connectionLost');
    },
  );
});
