/** What waited too long for a lock is tried again, a few times, without doing anything twice. */
import { beforeEach, describe, expect, it } from 'vitest';
import { driverForUrl } from '../../electron/databases/registry.ts';
import { saveSettings } from '../../electron/services/settings.ts';
import { startRun } from '../../electron/services/startRun.ts';
import type { RunRecord } from '../../shared/model/run.ts';
import { options } from '../conformance/sessionOptions.ts';
import { disposable, type OpenSession, run as runSql } from '../conformance/sessions.ts';
import { unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { adHoc, engines, run, type TestBackend, testBackend, testDatabase, writeFolder } from './backend.ts';

async function open(url: string): Promise<OpenSession> {
  const driver = driverForUrl(url);
  const { connection, password } = driver.parseUrl(url);
  return disposable(await driver.connect(connection, { ...options, password }));
}

async function impatient(lockAttempts: number): Promise<TestBackend> {
  const test = await testBackend();
  const values = { lockTimeoutMs: 1_000, lockAttempts };
  await saveSettings(test.backend.context, { layer: { scope: { kind: 'workspace' }, values } });
  return test;
}

/** A run, with `blocker` ended when it is to be tried again for the first time. */
async function runAgainst(test: TestBackend, url: string, sql: string, blocker: OpenSession) {
  const source = await writeFolder(test.folder, { '1_a.sql': sql });
  const { context } = test.backend;
  const started = await startRun(context, {
    target: adHoc(url, source),
    wanted: { direction: 'up' },
    fingerprint: null,
    backup: false,
    confirm: null,
    reason: null,
    accept: [],
    continueOnError: false,
  });
  const retries: RunRecord[] = [];
  for await (const record of context.runs.watch(started.id, 0, new AbortController().signal)) {
    if (record.type !== 'lockRetry') continue;
    retries.push(record);
    if (retries.length === 1) await runSql(blocker, 'ROLLBACK');
  }
  return { run: await started.finished, retries };
}

/** Two tables: one that a run changes first, and one that `hold` keeps it from changing. */
async function tables(session: OpenSession): Promise<void> {
  await runSql(session, 'CREATE TABLE patient (id integer)');
  await runSql(session, 'CREATE TABLE ward (id integer)');
  await runSql(session, 'INSERT INTO ward VALUES (1)');
}

describe.each(engines)('on %s', (engine) => {
  beforeEach((context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  it('a step goes on when the lock is free, and has done everything once', async () => {
    await using test = await impatient(5);
    await using database = await testDatabase(engine);
    await using blocker = await open(database.url);
    await tables(blocker);
    await runSql(blocker, engine === 'sqlite' ? 'BEGIN IMMEDIATE' : 'BEGIN', 'UPDATE ward SET id = 2');
    const sql = `-- migrate:up\nINSERT INTO patient VALUES (1);\nALTER TABLE ward ADD COLUMN name varchar(9);\nINSERT INTO patient VALUES (2);\n-- migrate:down\n`;
    const { run, retries } = await runAgainst(test, database.url, sql, blocker);
    expect(run).toMatchObject({ outcome: 'succeeded', lockRetry: null, steps: [{ outcome: 'succeeded', done: 3 }] });
    // The journal of a SQLite file waits for the same lock.
    expect(retries[0]).toMatchObject({
      step: engine === 'sqlite' ? null : 0,
      attempt: 2,
      attempts: 5,
      waitMs: expect.any(Number),
    });
    expect(await database.query('SELECT id FROM patient ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
    expect(await database.query('SELECT version FROM schema_migrations')).toHaveLength(1);
  });

  it('it fails when all tries are used up, and was told so once', async () => {
    await using test = await impatient(2);
    await using database = await testDatabase(engine);
    await using blocker = await open(database.url);
    await tables(blocker);
    await runSql(blocker, engine === 'sqlite' ? 'BEGIN IMMEDIATE' : 'BEGIN', 'UPDATE ward SET id = 2');
    const source = await writeFolder(test.folder, {
      '1_a.sql': '-- migrate:up\nALTER TABLE ward ADD COLUMN name varchar(9);\n-- migrate:down\n',
    });
    const { run: ended, records } = await run(test.backend, adHoc(database.url, source));
    expect(ended).toMatchObject({ outcome: 'failed', problem: { code: 'database.lockTimeout' } });
    expect(records.filter(({ type }) => type === 'lockRetry')).toHaveLength(1);
  });
});

describe('rows that another session keeps locked', () => {
  it('are waited for again within a transaction of MariaDB, which keeps what came before', async (context) => {
    const reason = unavailable('mariadb');
    if (reason !== undefined) skipBecause(context, reason);
    await using test = await impatient(5);
    await using database = await testDatabase('mariadb');
    await using blocker = await open(database.url);
    await tables(blocker);
    await runSql(blocker, 'BEGIN', 'UPDATE ward SET id = 2');
    const sql =
      '-- migrate:up\nINSERT INTO patient VALUES (1);\nUPDATE ward SET id = id + 10;\nINSERT INTO patient VALUES (2);\n-- migrate:down\n';
    const { run, retries } = await runAgainst(test, database.url, sql, blocker);
    expect(run).toMatchObject({ outcome: 'succeeded' });
    expect(retries).not.toEqual([]);
    expect(await database.query('SELECT id FROM patient ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
    expect(await database.query('SELECT id FROM ward')).toEqual([{ id: 11 }]);
  });

  it('are waited for again by each statement of a PostgreSQL step that is no transaction', async (context) => {
    const reason = unavailable('postgres15');
    if (reason !== undefined) skipBecause(context, reason);
    await using test = await impatient(5);
    await using database = await testDatabase('postgres15');
    await using blocker = await open(database.url);
    await tables(blocker);
    await runSql(blocker, 'BEGIN', 'UPDATE ward SET id = 2');
    const sql =
      '-- migrate:up transaction:false\nINSERT INTO patient VALUES (1);\nALTER TABLE ward ADD COLUMN name varchar(9);\nINSERT INTO patient VALUES (2);\n-- migrate:down\n';
    const { run, retries } = await runAgainst(test, database.url, sql, blocker);
    expect(run).toMatchObject({ outcome: 'succeeded', steps: [{ done: 3 }] });
    expect(retries).not.toEqual([]);
    expect(await database.query('SELECT id FROM patient ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
  });
});
