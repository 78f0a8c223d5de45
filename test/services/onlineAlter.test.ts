/** Big tables changed by the installed pt-online-schema-change, on a real MariaDB, while others write, and when it dies. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createConnection } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { planMigration } from '../../electron/services/planMigration.ts';
import { readStatus } from '../../electron/services/readStatus.ts';
import { reconcileRun } from '../../electron/services/reconcileRun.ts';
import { saveSettings } from '../../electron/services/settings.ts';
import type { OnlineAlterSettings } from '../../shared/model/settings.ts';
import { firstOf, migrating, resume, until } from '../reconcile/support.ts';
import { unavailable } from '../servers/index.ts';
import { findProgram } from '../servers/programs.ts';
import { skipBecause } from '../setup/skip.ts';
import { adHoc, run, type TestBackend, type TestDatabase, testBackend, testDatabase, writeFolder } from './backend.ts';

let test: TestBackend;
let database: TestDatabase;
const rows = 20_000;
/** INT to BIGINT: the server would write every row anew while writers wait. */
const widen = '-- migrate:up\nALTER TABLE orders MODIFY amount BIGINT NOT NULL;\n-- migrate:down\n';

beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());
beforeEach(async (context) => {
  const reason =
    unavailable('mariadb') ??
    (findProgram('pt-online-schema-change') === undefined ? 'pt-online-schema-change is not installed' : undefined);
  if (reason !== undefined) skipBecause(context, reason);
  database = await testDatabase('mariadb');
  await database.query(
    'CREATE TABLE orders (id integer PRIMARY KEY AUTO_INCREMENT, amount integer NOT NULL, note varchar(100) NOT NULL)',
  );
  await database.query(
    `INSERT INTO orders (amount, note) SELECT seq, REPEAT(CHAR(97 + seq % 26), 60) FROM seq_1_to_${rows}`,
  );
  await database.query('ANALYZE TABLE orders');
  await choose({});
});
afterEach(async () => {
  await database?.[Symbol.asyncDispose]();
});

const choose = (changes: Partial<OnlineAlterSettings>) =>
  saveSettings(test.backend.context, {
    layer: {
      scope: { kind: 'workspace' },
      values: {
        onlineAlter: { program: 'pt-osc', fromMegabytes: 0, pauseAbove: 10_000, stopAbove: 20_000, ...changes },
      },
    },
  });

const sourceOf = (text: string) => writeFolder(test.folder, { '1_widen.sql': text });

const typeOf = (column: string) =>
  firstOf(
    database,
    `SELECT DATA_TYPE FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'orders' AND COLUMN_NAME = '${column}'`,
  );

const leftBehind = async () => [
  ...(await database.query(
    "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME LIKE '\\_orders%'",
  )),
  ...(await database.query(
    'SELECT TRIGGER_NAME AS name FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()',
  )),
];

const copied = async (): Promise<boolean> =>
  Number(await firstOf(database, 'SELECT COUNT(*) FROM `_orders_lockkeeper`')) > 0;

/** Keeps the program waiting in the middle of its copy, for as long as it is open. */
async function busyServer() {
  const sleepers = await Promise.all([0, 1, 2].map(() => createConnection({ uri: database.url })));
  const ids = await Promise.all(
    sleepers.map(async (sleeper) => {
      const [found] = await sleeper.query('SELECT CONNECTION_ID() AS id');
      return (found as { id: number }[])[0]?.id;
    }),
  );
  for (const sleeper of sleepers) sleeper.query('SELECT SLEEP(3600)').catch(() => undefined);
  await choose({ pauseAbove: 2, portionMs: 10 });
  return {
    [Symbol.asyncDispose]: async () => {
      for (const id of ids) await database.query(`KILL ${id}`).catch(() => undefined);
      for (const sleeper of sleepers) sleeper.destroy();
    },
  };
}

/** Inserts, changes and deletes until it is told to end; what the server has said was done is what must be there. */
async function writer(isOver: () => boolean): Promise<Map<number, number>> {
  const connection = await createConnection({ uri: database.url });
  const there = new Map<number, number>();
  /** The copy and a writer can meet in a deadlock, of which the server undoes one. */
  const write = async (sql: string, values: readonly number[]) => {
    for (;;) {
      try {
        return (await connection.query(sql, [...values]))[0];
      } catch (error) {
        if ((error as { errno?: number }).errno !== 1213) throw error;
      }
    }
  };
  for (let id = 1; !isOver(); id = (id % rows) + 1) {
    const amount = 1_000_000 + id;
    await write('UPDATE orders SET amount = ? WHERE id = ?', [amount, id]);
    there.set(id, amount);
    const inserted = await write("INSERT INTO orders (amount, note) VALUES (?, 'written meanwhile')", [id]);
    const { insertId } = inserted as { insertId: number };
    if (id % 3 === 0) await write('DELETE FROM orders WHERE id = ?', [insertId]);
    else there.set(insertId, id);
  }
  await connection.end();
  return there;
}

describe('a table beyond the limit', () => {
  it('is named in the plan, changed by the program while others write, and no row is lost', async () => {
    const target = adHoc(database.url, await sourceOf(widen));
    const { plan } = await planMigration(test.backend.context, target, { direction: 'up' });
    expect(plan.steps[0]?.handedOver).toEqual([0]);
    expect(plan.steps[0]?.hazards.find(({ code }) => code === 'handedOver')?.message).toContain(
      'pt-online-schema-change changes orders',
    );
    let over = false;
    const writing = writer(() => over);
    const { run: up, records } = await run(test.backend, target);
    over = true;
    const expected = await writing;
    expect(up).toMatchObject({ outcome: 'succeeded', problem: null });
    expect(await typeOf('amount')).toBe('bigint');
    const found = await database.query('SELECT id, amount, note FROM orders');
    const amounts = new Map(found.map((row) => [Number(row['id']), Number(row['amount'])]));
    for (const [id, amount] of expected) expect(amounts.get(id)).toBe(amount);
    const added = [...expected.keys()].filter((id) => id > rows).length;
    expect(amounts.size).toBe(rows + added);
    expect(await leftBehind()).toEqual([]);
    expect(records.some((record) => record.type === 'serverProgress')).toBe(true);
    expect(await readStatus(test.backend.context, target)).toMatchObject({ counts: { applied: 1, pending: 0 } });
  });

  it('gives no password to whoever looks at the processes or at the files', async () => {
    await using _busy = await busyServer();
    const password = new URL(database.url).password;
    const going = run(test.backend, adHoc(database.url, await sourceOf(widen)));
    await until(copied);
    const words = readFileSync(`/proc/${programOf()}/cmdline`, 'utf8');
    expect(words).toContain('--execute');
    expect(words).not.toContain(password);
    expect(readFileSync(`/proc/${programOf()}/environ`, 'utf8')).not.toContain(password);
    const folders = ['/dev/shm', process.env['XDG_RUNTIME_DIR'] ?? '/dev/shm', process.env['TMPDIR'] ?? '/tmp'].flatMap(
      (parent) =>
        readdirSync(parent)
          .filter((name) => name.startsWith('lockkeeper-secret-'))
          .map((name) => path.join(parent, name)),
    );
    const modes = folders.flatMap((folder) =>
      execFileSync('find', [folder, '-type', 'f', '-printf', '%m '], { encoding: 'utf8' }).trim().split(' '),
    );
    expect(new Set(modes)).toEqual(new Set(['600']));
    for (const { id } of test.backend.context.runs.active()) await test.backend.context.runs.cancel(id);
    expect((await going).run.outcome).toBe('cancelled');
  });
});

describe('what is not so is found before anything is changed', () => {
  it.each([
    ['a table without a key', ['ALTER TABLE orders MODIFY id integer NOT NULL, DROP PRIMARY KEY'], 'primary key'],
    ['a table with triggers', ['CREATE TRIGGER kept AFTER INSERT ON orders FOR EACH ROW SET @x = 1'], 'triggers'],
    [
      'a table that others refer to',
      ['CREATE TABLE order_lines (order_id integer, FOREIGN KEY (order_id) REFERENCES orders (id))'],
      'refer to',
    ],
    ['a copy that a killed program left', ['CREATE TABLE `_orders_lockkeeper` (id integer)'], 'left'],
  ])('%s', async (_, before, words) => {
    for (const sql of before) await database.query(sql);
    const { run: up } = await run(test.backend, adHoc(database.url, await sourceOf(widen)));
    expect(up.problem).toMatchObject({ code: 'alter.refused', message: expect.stringContaining(words) });
    expect(await typeOf('amount')).toBe('int');
  });

  it('tables that refer to it keep their foreign keys where that was chosen', async () => {
    await database.query('CREATE TABLE order_lines (order_id integer, FOREIGN KEY (order_id) REFERENCES orders (id))');
    await database.query('INSERT INTO order_lines VALUES (1), (2)');
    await choose({ foreignKeys: 'rebuild' });
    const { run: up } = await run(test.backend, adHoc(database.url, await sourceOf(widen)));
    expect(up).toMatchObject({ outcome: 'succeeded', problem: null });
    await expect(database.query('INSERT INTO order_lines VALUES (999999999)')).rejects.toThrow(/foreign key/);
    expect(await leftBehind()).toEqual([]);
  });
});

describe('when it does not come to its end', () => {
  it('a server that is too busy ends it, and the table is as it was', async () => {
    await using _busy = await busyServer();
    await choose({ pauseAbove: 10_000, stopAbove: 1, portionMs: 10 });
    const { run: up } = await run(test.backend, adHoc(database.url, await sourceOf(widen)));
    expect(up.problem).toMatchObject({ code: 'alter.failed', message: expect.stringContaining('Threads_running') });
    expect(await typeOf('amount')).toBe('int');
    expect(await leftBehind()).toEqual([]);
  });

  it('a cancel stops it and removes what it has made', async () => {
    await using _busy = await busyServer();
    const going = run(test.backend, adHoc(database.url, await sourceOf(widen)));
    await until(copied);
    for (const { id } of test.backend.context.runs.active()) await test.backend.context.runs.cancel(id);
    const { run: up } = await going;
    expect(up.outcome).toBe('cancelled');
    expect(await typeOf('amount')).toBe('int');
    expect(await leftBehind()).toEqual([]);
    expect(Number(await firstOf(database, 'SELECT COUNT(*) FROM orders'))).toBe(rows);
  });

  it('the program’s own death is a failure, and what it left is removed', async () => {
    await using _busy = await busyServer();
    const going = run(test.backend, adHoc(database.url, await sourceOf(widen)));
    await until(copied);
    process.kill(programOf(), 'SIGKILL');
    const { run: up } = await going;
    expect(up.problem).toMatchObject({ code: 'alter.failed' });
    expect(await leftBehind()).toEqual([]);
    await database.query("INSERT INTO orders (amount, note) VALUES (1, 'writes go on')");
  });

  it('our own death leaves what the next look finds: it is removed, and the change is made once', async () => {
    const target = adHoc(database.url, await sourceOf(widen));
    {
      await using _busy = await busyServer();
      const dying = migrating({ dataDirectory: path.join(test.folder, 'data'), target });
      await until(copied);
      await dying.kill();
      await database.query("INSERT INTO orders (amount, note) VALUES (7, 'written after the death')");
    }
    await choose({});
    const id = String(
      await firstOf(database, 'SELECT id FROM lockkeeper.run WHERE database_name = DATABASE() AND outcome IS NULL'),
    );
    const about = { run: id, target, answer: null, reason: null };
    // The program may still be at work; it would exchange nothing any more, and is waited for, or ended.
    const view = await reconcileRun(test.backend.context, { ...about, orphan: 'cancel' });
    expect(view.problem).toBeNull();
    const ended = await resume(test.backend.context, id, target);
    expect(ended).toMatchObject({ outcome: 'succeeded', problem: null });
    expect(await typeOf('amount')).toBe('bigint');
    expect(Number(await firstOf(database, 'SELECT COUNT(*) FROM orders'))).toBe(rows + 1);
    await until(async () => (await leftBehind()).length === 0);
    expect(await readStatus(test.backend.context, target)).toMatchObject({ counts: { applied: 1, pending: 0 } });
  });
});

/** The program that works on this test's database. */
function programOf(): number {
  const name = new URL(database.url).pathname.slice(1);
  const found = readdirSync('/proc').find((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return words.includes('pt-online-schema-change') && words.includes(`D=${name},`);
    } catch {
      return false;
    }
  });
  if (found === undefined) throw new Error('the program does not run');
  return Number(found);
}
