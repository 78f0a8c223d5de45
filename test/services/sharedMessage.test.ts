/** Small migrations that travel together: each is still committed by itself, and told as such whatever happens. */
import { beforeEach, describe, expect, it } from 'vitest';
import { saveSettings } from '../../electron/services/settings.ts';
import { startRun } from '../../electron/services/startRun.ts';
import type { Run } from '../../shared/model/run.ts';
import { startProxy, type WireProxy } from '../crash/proxy.ts';
import { postgres15, unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { adHoc, run, type TestBackend, type TestDatabase, testBackend, testDatabase, writeFolder } from './backend.ts';

const postgresMissing = unavailable('postgres15');
const engines = ['postgres15', 'mariadb', 'sqlite'] as const;
type Engine = (typeof engines)[number];

/** `t1`, `t2` … each made by a migration of its own; some with something else after that. */
const migrations = (count: number, further: Readonly<Record<number, string>> = {}): Record<string, string> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => {
      const number = index + 1;
      const more = further[number] === undefined ? '' : `\n${further[number]};`;
      const text = `-- migrate:up\nCREATE TABLE t${number} (id integer);${more}\n-- migrate:down\nDROP TABLE t${number};\n`;
      return [`${String(number).padStart(3, '0')}_t.sql`, text];
    }),
  );

const questions: Readonly<Record<Engine, string>> = {
  sqlite: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 't[0-9]*'",
  postgres15: "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relname ~ '^t[0-9]+$'",
  mariadb:
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name REGEXP '^t[0-9]+$'",
};

const journals: Readonly<Record<Engine, string>> = {
  sqlite: 'lockkeeper_step',
  postgres15: 'lockkeeper.step',
  mariadb: 'lockkeeper.step s JOIN lockkeeper.run r ON r.id = s.run_id AND r.database_name = DATABASE()',
};

async function tablesOf(database: TestDatabase, engine: Engine): Promise<string[]> {
  const rows = await database.query(questions[engine]);
  return rows.map(({ name }) => String(name)).sort();
}

const plainly = {
  wanted: { direction: 'up' },
  ...{ fingerprint: null, backup: false, confirm: null, reason: null, accept: [], continueOnError: false },
} as const;

const threeDone = ['succeeded', 'succeeded', 'succeeded'];

const outcomesOf = (steps: readonly { readonly outcome: string | null }[]) => steps.map(({ outcome }) => outcome);

describe.each(engines)('on %s', (engine) => {
  beforeEach((context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });
  /** Of the third, whose second statement fails: where DDL is no part of a transaction its first remains. */
  const [third, left] = engine === 'mariadb' ? ['failed', ['t3']] : ['rolledBack', []];

  it('a failure leaves those before it complete and those after it unrun, with its exact place', async () => {
    await using test = await testBackend();
    await using database = await testDatabase(engine);
    const source = await writeFolder(test.folder, migrations(5, { 3: 'INSERT INTO missing VALUES (1)' }));
    const { run: ended } = await run(test.backend, adHoc(database.url, source));
    expect(ended).toMatchObject({ outcome: 'failed', problem: { code: 'database.statementFailed', line: 3 } });
    expect(outcomesOf(ended.steps)).toEqual(['succeeded', 'succeeded', third, 'notExecuted', 'notExecuted']);
    expect(await tablesOf(database, engine)).toEqual(['t1', 't2', ...left]);
    expect(await database.query('SELECT version FROM schema_migrations')).toHaveLength(2);
  });

  it('those after a failure are run where that is asked for', async () => {
    await using test = await testBackend();
    await using database = await testDatabase(engine);
    const source = await writeFolder(test.folder, migrations(5, { 3: 'INSERT INTO missing VALUES (1)' }));
    const { run: ended } = await run(test.backend, adHoc(database.url, source), { continueOnError: true });
    expect(outcomesOf(ended.steps)).toEqual(['succeeded', 'succeeded', third, 'succeeded', 'succeeded']);
    expect(await tablesOf(database, engine)).toEqual(['t1', 't2', ...left, 't4', 't5']);
  });

  it('each has its events in order, and its row in history and journal', async () => {
    await using test = await testBackend();
    await using database = await testDatabase(engine);
    const source = await writeFolder(test.folder, migrations(250));
    const { run: ended, records } = await run(test.backend, adHoc(database.url, source));
    expect(ended.outcome).toBe('succeeded');
    const told = records.flatMap((record) =>
      record.type === 'stepStarted' || record.type === 'stepFinished' ? [`${record.type} ${record.step}`] : [],
    );
    expect(told).toEqual(
      Array.from({ length: 250 }, (_, step) => [`stepStarted ${step}`, `stepFinished ${step}`]).flat(),
    );
    expect(await database.query(`SELECT step FROM ${journals[engine]} WHERE state = 'done'`)).toHaveLength(250);
    expect(await database.query('SELECT version FROM schema_migrations')).toHaveLength(250);
  });
});

/** Through a proxy that sees every message. */
async function proxied(database: TestDatabase): Promise<{ readonly url: string; readonly proxy: WireProxy }> {
  const { host, port } = await postgres15();
  const proxy = await startProxy('postgres', { host, port });
  const url = new URL(database.url);
  url.port = String(proxy.port);
  url.searchParams.set('sslmode', 'disable');
  return { url: url.href, proxy };
}

/** A run that is cancelled as soon as a step has begun. */
async function cancelledInStep({ backend }: TestBackend, url: string, source: string, step: number): Promise<Run> {
  const { context } = backend;
  const started = await startRun(context, { ...plainly, target: adHoc(url, source) });
  for await (const record of context.runs.watch(started.id, 0, new AbortController().signal))
    if (record.type === 'stepStarted' && record.step === step) context.runs.cancel(started.id);
  return await started.finished;
}

it('a cancel on MariaDB stops the one that runs, and with it those after it', async (context) => {
  const reason = unavailable('mariadb');
  if (reason !== undefined) skipBecause(context, reason);
  await using test = await testBackend();
  await using database = await testDatabase('mariadb');
  // Unlike SLEEP it ends with an error when it is told to.
  const long = 'SELECT COUNT(*) FROM seq_1_to_1000000 a, seq_1_to_1000000 b WHERE a.seq % 7 = b.seq % 5';
  const source = await writeFolder(test.folder, migrations(6, { 4: long }));
  const ended = await cancelledInStep(test, database.url, source, 3);
  expect(ended.outcome).toBe('cancelled');
  expect(outcomesOf(ended.steps)).toEqual([...threeDone, 'failed', 'notExecuted', 'notExecuted']);
  expect(await tablesOf(database, 'mariadb')).toEqual(['t1', 't2', 't3', 't4']);
});

describe('over a network', () => {
  it('many take fewer round trips than migrations', async (context) => {
    if (postgresMissing !== undefined) skipBecause(context, postgresMissing);
    await using test = await testBackend();
    await using database = await testDatabase('postgres15');
    const { url, proxy } = await proxied(database);
    await using _ = proxy;
    const source = await writeFolder(test.folder, migrations(90));
    let waits = 0;
    proxy.begin(({ from, text }) => {
      // Sync: the client has said all, and waits.
      if (from === 'client' && text.startsWith('S')) waits += 1;
      return 'forward';
    });
    const { run: ended } = await run(test.backend, adHoc(url, source));
    expect(ended.outcome).toBe('succeeded');
    expect(waits).toBeLessThan(60);
  });

  it('all that were committed behind a lost connection are found to be', async (context) => {
    if (postgresMissing !== undefined) skipBecause(context, postgresMissing);
    await using test = await testBackend();
    await using database = await testDatabase('postgres15');
    const { url, proxy } = await proxied(database);
    await using _ = proxy;
    const source = await writeFolder(test.folder, migrations(12));
    let isSent = false;
    let isCut = false;
    proxy.begin(({ from, text }) => {
      isSent ||= from === 'client' && text.includes('CREATE TABLE t12');
      if (from === 'client' || !isSent || isCut) return 'forward';
      // The server goes on with all of them; nothing of its answers arrives.
      isCut = true;
      setImmediate(() => proxy.reset());
      return 'drop';
    });
    const { run: ended } = await run(test.backend, adHoc(url, source));
    expect(isCut).toBe(true);
    const made = await tablesOf(database, 'postgres15');
    const succeeded = ended.steps.filter(({ outcome }) => outcome === 'succeeded');
    expect(succeeded).toHaveLength(made.length);
    expect(await database.query('SELECT version FROM schema_migrations')).toHaveLength(made.length);
    expect(ended.outcome).toBe(made.length === 12 ? 'succeeded' : 'interrupted');
    expect(outcomesOf(ended.steps)).not.toContain('unknown');
    // And the rest can be done at once.
    const { run: rest } = await run(test.backend, adHoc(url, source)).catch(() => ({ run: null }));
    expect(rest?.outcome ?? 'nothing to do').toBe(made.length === 12 ? 'nothing to do' : 'succeeded');
    expect(await tablesOf(database, 'postgres15')).toHaveLength(12);
  });

  it('a session that is ended in the middle leaves the ones before it, and tells so of each', async (context) => {
    if (postgresMissing !== undefined) skipBecause(context, postgresMissing);
    await using test = await testBackend();
    await using database = await testDatabase('postgres15');
    const source = await writeFolder(
      test.folder,
      migrations(6, { 4: 'SELECT pg_terminate_backend(pg_backend_pid())' }),
    );
    const { run: ended } = await run(test.backend, adHoc(database.url, source));
    expect(ended).toMatchObject({ outcome: 'interrupted', problem: { code: 'connect.lost' } });
    expect(outcomesOf(ended.steps)).toEqual([...threeDone, 'rolledBack', 'notExecuted', 'notExecuted']);
    expect(await tablesOf(database, 'postgres15')).toEqual(['t1', 't2', 't3']);
  });

  it('a cancel stops the one that runs, and with it those after it', async (context) => {
    if (postgresMissing !== undefined) skipBecause(context, postgresMissing);
    await using test = await testBackend();
    await using database = await testDatabase('postgres15');
    const source = await writeFolder(test.folder, migrations(6, { 4: 'SELECT pg_sleep(600)' }));
    const ended = await cancelledInStep(test, database.url, source, 3);
    expect(ended.outcome).toBe('cancelled');
    expect(outcomesOf(ended.steps)).toEqual([...threeDone, 'rolledBack', 'notExecuted', 'notExecuted']);
    expect(await tablesOf(database, 'postgres15')).toEqual(['t1', 't2', 't3']);
  });

  it('one that waits too long for a lock is tried again, and the others follow it', async (context) => {
    if (postgresMissing !== undefined) skipBecause(context, postgresMissing);
    await using test = await testBackend();
    await using database = await testDatabase('postgres15');
    const values = { lockTimeoutMs: 500, lockAttempts: 2 };
    await saveSettings(test.backend.context, { layer: { scope: { kind: 'workspace' }, values } });
    await database.query('CREATE TABLE held (id integer)');
    const { Client } = (await import('pg')).default;
    const blocker = new Client({ connectionString: database.url, ssl: false });
    await blocker.connect();
    await blocker.query('BEGIN');
    await blocker.query('LOCK TABLE held');
    const source = await writeFolder(test.folder, migrations(5, { 3: 'ALTER TABLE held ADD COLUMN name text' }));
    const { context: backend } = test.backend;
    const started = await startRun(backend, { ...plainly, target: adHoc(database.url, source) });
    const retries = [];
    for await (const record of backend.runs.watch(started.id, 0, new AbortController().signal)) {
      if (record.type !== 'lockRetry') continue;
      retries.push({ step: record.step, attempt: record.attempt });
      await blocker.query('ROLLBACK');
    }
    await blocker.end();
    expect((await started.finished).outcome).toBe('succeeded');
    expect(retries).toEqual([{ step: 2, attempt: 2 }]);
    expect(await tablesOf(database, 'postgres15')).toEqual(['t1', 't2', 't3', 't4', 't5']);
  });

  it('one that frees the lock is not sent with others, and none follows it', async (context) => {
    if (postgresMissing !== undefined) skipBecause(context, postgresMissing);
    await using test = await testBackend();
    await using database = await testDatabase('postgres15');
    const source = await writeFolder(test.folder, migrations(5, { 3: 'SELECT pg_advisory_unlock_all()' }));
    const { run: ended } = await run(test.backend, adHoc(database.url, source));
    expect(ended.problem?.code).toBe('lock.lost');
    expect(outcomesOf(ended.steps)).toEqual(['succeeded', 'succeeded', 'succeeded', 'rolledBack', 'notExecuted']);
    expect(await tablesOf(database, 'postgres15')).toEqual(['t1', 't2', 't3']);
  });
});
