/** Runs killed in the middle on MariaDB, whose DDL commits by itself and goes on without its client. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listRuns } from '../../electron/services/listRuns.ts';
import type { ReconcileRequest } from '../../electron/services/reconcileRequest.ts';
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
  const reason = unavailable('mariadb');
  if (reason !== undefined) skipBecause(context, reason);
});

async function prepared(database: TestDatabase, up: string) {
  const target = adHoc(
    database.url,
    await writeFolder(test.folder, {
      '20260101000001_a.sql': `-- migrate:up\n${up}\n-- migrate:down\nDROP TABLE patient;\n`,
      // After what ends table locks nothing is sent together with it: the server has this one only when the first is done.
      '20260101000002_b.sql':
        '-- migrate:up\nUNLOCK TABLES;\nCREATE TABLE ward (id int);\n-- migrate:down\nDROP TABLE ward;\n',
    }),
  );
  return { target, order: { dataDirectory: test.backend.context.workspace.dataDirectory, target } };
}

async function lastRun(): Promise<string> {
  const [newest] = await listRuns(test.backend.context, { environment: null, adHoc: null, limit: 1 });
  if (newest === undefined) throw new Error('no run was begun');
  return newest.id;
}

const ask = (id: string, target: ReturnType<typeof adHoc>, more: Partial<ReconcileRequest> = {}) =>
  reconcileRun(test.backend.context, { run: id, target, orphan: 'wait', answer: null, reason: null, ...more });

/** Number of the statement that the journal announced last. */
const announced = (database: TestDatabase) =>
  firstOf(
    database,
    'SELECT s.statement FROM lockkeeper.step s JOIN lockkeeper.run r ON r.id = s.run_id WHERE r.database_name = DATABASE() ORDER BY r.epoch DESC, s.step DESC LIMIT 1',
  );

const processes = (database: TestDatabase, like: string) =>
  numberOf(
    database,
    `SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND INFO LIKE '${like}%'`,
  );

async function agree(database: TestDatabase): Promise<void> {
  expect(await database.query('SELECT version FROM schema_migrations ORDER BY version')).toEqual([
    { version: '20260101000001' },
    { version: '20260101000002' },
  ]);
  const states = await database.query(
    'SELECT s.version, s.state FROM lockkeeper.step s JOIN lockkeeper.run r ON r.id = s.run_id WHERE r.database_name = DATABASE() ORDER BY r.epoch, s.step',
  );
  const latest = new Map(states.map(({ version, state }) => [version, state]));
  expect([...latest.values()].every((state) => state === 'done' || state === 'reconciled')).toBe(true);
}

const slow = (rows: number) => `INSERT INTO patient (name) SELECT CONCAT('name ', seq) FROM seq_1_to_${rows};`;

describe('a run killed', () => {
  it('in an ALTER that the server goes on with is not altered twice', { timeout: 60_000 }, async () => {
    await using database = await testDatabase('mariadb');
    const { target, order } = await prepared(
      database,
      `CREATE TABLE patient (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(40));
${slow(500_000)}
ALTER TABLE patient ADD COLUMN ward INT, ALGORITHM=COPY;
INSERT INTO patient (name) VALUES ('last');`,
    );
    const dying = migrating(order);
    await until(async () => (await processes(database, 'ALTER TABLE patient')) === 1);
    await dying.kill();
    const id = await lastRun();
    const told = await ask(id, target, { orphan: 'tell' });
    if (told.orphan !== null) {
      expect(told.problem?.code).toBe('run.unknown');
      expect(told.steps[0]?.verdict.kind).toBe('stillRunning');
    }
    const view = await ask(id, target);
    expect(view.problem).toBeNull();
    // The server had the rest of the script, too, and did it.
    expect(view.steps.map(({ verdict }) => verdict.kind)).toEqual(['done', 'notDone']);
    expect((await resume(test.backend.context, id, target)).outcome).toBe('succeeded');
    expect(await numberOf(database, 'SELECT COUNT(*) FROM patient')).toBe(500_001);
    await agree(database);
  });

  it('in an ALTER that is ended on the server begins it again', { timeout: 60_000 }, async () => {
    await using database = await testDatabase('mariadb');
    const { target, order } = await prepared(
      database,
      `CREATE TABLE patient (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(40));
${slow(1_000_000)}
ALTER TABLE patient ADD COLUMN ward INT, ALGORITHM=COPY;`,
    );
    const dying = migrating(order);
    await until(async () => (await processes(database, 'ALTER TABLE patient')) === 1);
    await dying.kill();
    const id = await lastRun();
    const view = await ask(id, target, { orphan: 'cancel' });
    expect(view.problem).toBeNull();
    const ended = await resume(test.backend.context, id, target);
    expect(ended.problem).toBeNull();
    expect(await numberOf(database, 'SELECT COUNT(*) FROM patient')).toBe(1_000_000);
    await agree(database);
  });

  it('between rows of InnoDB has none of them, and writes them once', { timeout: 60_000 }, async () => {
    await using database = await testDatabase('mariadb');
    const { target, order } = await prepared(
      database,
      `CREATE TABLE patient (id INT) ENGINE=InnoDB;
INSERT INTO patient VALUES (1);
INSERT INTO patient SELECT 2 + SLEEP(3);
INSERT INTO patient VALUES (3);
CREATE TABLE after_rows (id INT);`,
    );
    const dying = migrating(order);
    await until(
      async () => (await announced(database)) === 1 && (await processes(database, 'INSERT INTO patient SELECT')) === 1,
    );
    await dying.kill();
    const id = await lastRun();
    const view = await ask(id, target);
    expect(view.problem).toBeNull();
    const ended = await resume(test.backend.context, id, target);
    expect(ended.problem).toBeNull();
    expect(await database.query('SELECT id FROM patient ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
    await agree(database);
  });

  it('between rows of a table without transactions is asked about', { timeout: 60_000 }, async () => {
    await using database = await testDatabase('mariadb');
    const { target, order } = await prepared(
      database,
      `CREATE TABLE patient (id INT) ENGINE=MyISAM;
INSERT INTO patient VALUES (1);
DO SLEEP(4);
INSERT INTO patient VALUES (2);`,
    );
    const dying = migrating(order);
    await until(async () => (await processes(database, 'DO SLEEP')) === 1);
    await dying.kill();
    const id = await lastRun();
    const view = await ask(id, target, { orphan: 'cancel' });
    expect(view.steps[0]?.verdict).toMatchObject({ kind: 'unknown' });
    expect(view.problem).toMatchObject({ code: 'run.unknown' });
    await expect(resume(test.backend.context, id, target)).rejects.toMatchObject({ problem: { code: 'run.unknown' } });
    await expect(ask(id, target, { answer: 'done' })).rejects.toMatchObject({ problem: { code: 'gate.reason' } });
    const answered = await ask(id, target, { answer: 'notDone', reason: 'DO SLEEP does nothing' });
    expect(answered.problem).toBeNull();
    expect((await resume(test.backend.context, id, target)).outcome).toBe('succeeded');
    expect(await database.query('SELECT id FROM patient ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }]);
    await agree(database);
  });
});

describe('a statement that drops several tables', () => {
  it('drops each by itself, and goes on with those that are left', { timeout: 60_000 }, async () => {
    await using database = await testDatabase('mariadb');
    for (const name of ['d1', 'd2', 'd3']) await database.query(`CREATE TABLE ${name} (id INT)`);
    const { target, order } = await prepared(database, 'CREATE TABLE patient (id INT);\nDROP TABLE d1, d2, d3;');
    await using blocker = await holdTable(database, 'd2');
    const dying = migrating(order);
    await until(async () => (await processes(database, 'DROP TABLE d2')) === 1);
    await dying.kill();
    const id = await lastRun();
    const view = await ask(id, target, { orphan: 'cancel' });
    expect(view.steps[0]?.verdict).toMatchObject({ kind: 'partly', at: { statement: 1, part: 1 } });
    await blocker.end();
    expect((await resume(test.backend.context, id, target)).outcome).toBe('succeeded');
    expect(await database.query("SHOW TABLES LIKE 'd_'")).toEqual([]);
    await agree(database);
  });
});

it('goes on with nothing while an interrupted run is not settled', { timeout: 60_000 }, async () => {
  await using database = await testDatabase('mariadb');
  const { target, order } = await prepared(database, 'CREATE TABLE patient (id INT);\nDO SLEEP(30);');
  const dying = migrating(order);
  await until(async () => (await processes(database, 'DO SLEEP')) === 1);
  await dying.kill();
  const id = await lastRun();
  await ask(id, target, { orphan: 'cancel' });
  await expect(run(test.backend, target)).rejects.toMatchObject({ problem: { code: 'run.unknown' } });
});

/** A transaction that has read the table: its definition cannot be changed until that ends. */
async function holdTable(database: TestDatabase, table: string) {
  const { createConnection } = await import('mysql2/promise');
  const url = new URL(database.url);
  const connection = await createConnection({
    host: url.hostname,
    port: Number(url.port),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: url.pathname.slice(1),
  });
  await connection.query('START TRANSACTION');
  await connection.query(`SELECT * FROM ${table}`);
  let ended = false;
  const end = async () => {
    if (!ended) await connection.end();
    ended = true;
  };
  return { end, [Symbol.asyncDispose]: end };
}

describe('a script that fails while it holds locks on tables', () => {
  const locking = `CREATE TABLE patient (id INT);
LOCK TABLES patient WRITE;
INSERT INTO patient VALUES (1);
INSERT INTO patient VALUES ('none');
UNLOCK TABLES;
INSERT INTO patient VALUES (2);`;

  it.each([
    ['done', [{ id: 1 }, { id: 2 }]],
    ['notDone', [{ id: 1 }, { id: 1 }, { id: 2 }]],
  ] as const)('asks what is there, and takes %s for all of it', async (answer, rows) => {
    await using database = await testDatabase('mariadb');
    const { target } = await prepared(database, locking);
    const { run: first } = await run(test.backend, target);
    await expect(resume(test.backend.context, first.id, target)).rejects.toMatchObject({
      problem: { code: 'run.unknown', message: expect.stringContaining('while it held locks on tables') },
    });
    await database.query('ALTER TABLE patient MODIFY id VARCHAR(5)');
    await ask(first.id, target, { answer, reason: 'looked' });
    expect((await resume(test.backend.context, first.id, target)).problem).toBeNull();
    const ids = await database.query("SELECT CAST(id AS INT) AS id FROM patient WHERE id <> 'none' ORDER BY id");
    expect(ids).toEqual(rows);
  });
});
