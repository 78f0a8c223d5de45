/** Runs killed in the middle on PostgreSQL: found out from another process, and gone on with exactly once. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listRuns } from '../../electron/services/listRuns.ts';
import { reconcileRun } from '../../electron/services/reconcileRun.ts';
import { unavailable } from '../servers/index.ts';
import {
  adHoc,
  run,
  type TestBackend,
  type TestDatabase,
  testBackend,
  testDatabase,
  writeFolder,
} from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { firstOf, migrating, numberOf, resume, until } from './support.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());
beforeEach((context) => {
  const reason = unavailable('postgres15');
  if (reason !== undefined) skipBecause(context, reason);
});

const script = (up: string): Record<string, string> => ({
  '20260101000001_a.sql': `-- migrate:up transaction:false\n${up}\n-- migrate:down\nDROP TABLE patient;\n`,
  '20260101000002_b.sql': '-- migrate:up\nCREATE TABLE ward (id int);\n-- migrate:down\nDROP TABLE ward;\n',
});

async function prepared(database: TestDatabase, up: string) {
  const target = adHoc(database.url, await writeFolder(test.folder, script(up)));
  return { target, order: { dataDirectory: test.backend.context.workspace.dataDirectory, target } };
}

const lastRun = async (): Promise<string> => {
  const [newest] = await listRuns(test.backend.context, { environment: null, adHoc: null, limit: 1 });
  if (newest === undefined) throw new Error('no run was begun');
  return newest.id;
};

const ask = (id: string, target: ReturnType<typeof adHoc>, orphan: 'tell' | 'wait' | 'cancel' = 'wait') =>
  reconcileRun(test.backend.context, { run: id, target, orphan, answer: null, reason: null });

const agree = async (database: TestDatabase): Promise<void> => {
  expect(await database.query('SELECT version FROM schema_migrations ORDER BY version')).toEqual([
    { version: '20260101000001' },
    { version: '20260101000002' },
  ]);
  const { run: again } = await run(test.backend, adHoc(database.url, '')).catch(() => ({ run: null }));
  expect(again).toBeNull();
};

describe('a step without a transaction', () => {
  it('is gone on with at the right statement, each done exactly once', { timeout: 60_000 }, async () => {
    await using database = await testDatabase('postgres15');
    const { target, order } = await prepared(
      database,
      `CREATE TABLE patient (id int);
INSERT INTO patient VALUES (1);
INSERT INTO patient SELECT 2 FROM pg_sleep(2);
INSERT INTO patient VALUES (3);`,
    );
    const dying = migrating(order);
    await until(async () => (await firstOf(database, 'SELECT statement FROM lockkeeper.step')) === 2);
    await dying.kill();
    const id = await lastRun();
    const [summary] = await listRuns(test.backend.context, { environment: null, adHoc: null, limit: 1 });
    expect(summary?.outcome).toBe('interrupted');

    const view = await ask(id, target);
    expect(view.problem).toBeNull();
    expect(view.steps[0]?.verdict).toMatchObject({ kind: 'partly' });
    expect(view.steps[1]?.verdict).toEqual({ kind: 'notDone' });
    await expect(run(test.backend, target)).rejects.toMatchObject({ problem: { code: 'run.unknown' } });

    const resumed = await resume(test.backend.context, id, target);
    expect(resumed.problem).toBeNull();
    expect(resumed.outcome).toBe('succeeded');
    expect(await database.query('SELECT id FROM patient ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
    await agree(database);
  });

  it('whose concurrent index was left invalid builds it again', { timeout: 60_000 }, async () => {
    await using database = await testDatabase('postgres15');
    const { target, order } = await prepared(
      database,
      `CREATE TABLE patient (id int);
INSERT INTO patient SELECT generate_series(1, 1000);
CREATE INDEX CONCURRENTLY patient_id ON patient (id);
INSERT INTO patient VALUES (0);`,
    );
    await using blocker = await holdSnapshot(database);
    const dying = migrating(order);
    await until(async () => (await numberOf(database, 'SELECT count(*) FROM pg_index WHERE NOT indisvalid')) === 1);
    await dying.kill();
    const id = await lastRun();
    const told = await ask(id, target, 'tell');
    expect(told.problem?.code).toBe('run.unknown');
    expect(told.orphan?.statement).toContain('CREATE INDEX');
    expect(told.steps[0]?.verdict.kind).toBe('stillRunning');
    const view = await ask(id, target, 'cancel');
    expect(view.steps[0]?.verdict).toMatchObject({ kind: 'partly', at: { statement: 2 } });
    await blocker.end();
    expect((await resume(test.backend.context, id, target)).outcome).toBe('succeeded');
    expect(await database.query('SELECT indisvalid FROM pg_index WHERE indrelid = $$patient$$::regclass')).toEqual([
      { indisvalid: true },
    ]);
    expect(await numberOf(database, 'SELECT count(*) FROM patient')).toBe(1001);
    await agree(database);
  });

  it('whose concurrent index the server finished after the kill is not built again', { timeout: 60_000 }, async () => {
    await using database = await testDatabase('postgres15');
    const { target, order } = await prepared(
      database,
      `CREATE TABLE patient (id int);
CREATE INDEX CONCURRENTLY patient_id ON patient (id);`,
    );
    const blocker = await holdSnapshot(database);
    const dying = migrating(order);
    await until(async () => (await numberOf(database, 'SELECT count(*) FROM pg_index WHERE NOT indisvalid')) === 1);
    await dying.kill();
    await blocker[Symbol.asyncDispose]();
    const id = await lastRun();
    const view = await ask(id, target, 'wait');

    // Its last statement: with it all is done, and the history row is written.
    expect(view.problem).toBeNull();
    expect(view.steps.map(({ verdict }) => verdict.kind)).toEqual(['done', 'notDone']);
    expect((await resume(test.backend.context, id, target)).outcome).toBe('succeeded');
    await agree(database);
  });
});

/** A transaction whose snapshot a concurrent build has to wait for. */
async function holdSnapshot(database: TestDatabase) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  await client.query('SELECT 1');
  let ended = false;
  const end = async () => {
    if (!ended) await client.end();
    ended = true;
  };
  return { end, [Symbol.asyncDispose]: end };
}
