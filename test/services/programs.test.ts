// Code as migrations, from the first look to the rollback: trust, runs, failures, cancelling, on every engine.
import { appendFile, chmod, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ulid } from 'ulid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeMigration } from '../../electron/services/describeMigration.ts';
import { exportPlanSql } from '../../electron/services/exportPlanSql.ts';
import { planMigration, planToRun } from '../../electron/services/planMigration.ts';
import { readStatus } from '../../electron/services/readStatus.ts';
import { startPlanned, startRun } from '../../electron/services/startRun.ts';
import type { TargetRequest } from '../../electron/services/target.ts';
import { trustCode, trustPrograms } from '../../electron/services/trust.ts';
import { ProblemError } from '../../shared/problem.ts';
import { unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import {
  adHoc,
  engines,
  run,
  type TestBackend,
  type TestDatabase,
  testBackend,
  testDatabase,
  writeFolder,
} from './backend.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());
afterEach(() => {
  delete process.env['LOCKKEEPER_NODE'];
});

const samples = path.join(import.meta.dirname, '../../migrations-samples');
const manifest = { 'lockkeeper.json': '{"lockkeeper": 1}' };
const up = { direction: 'up' } as const;

async function copyOf(...sample: string[]): Promise<string> {
  const folder = await writeFolder(test.folder, {});
  await cp(path.join(samples, ...sample), folder, { recursive: true });
  // Trust goes by content: a test's own is like no other's.
  for (const name of await readdir(folder))
    if (/[jt]s$/.test(name)) await appendFile(path.join(folder, name), `// ${ulid()}\n`);
  return folder;
}

/** A folder of own-format migrations; `1.0.0` makes a table to work on. */
const sourceWith = (files: Readonly<Record<string, string>>): Promise<string> =>
  writeFolder(test.folder, {
    ...manifest,
    '1.0.0_people.sql':
      "create table people (id integer primary key, name varchar(50) not null);\ninsert into people values (1, 'Ada');\n",
    ...files,
  });

/** Trusts everything that is in the folder now. */
async function trusting(target: TargetRequest): Promise<TargetRequest> {
  const { trust } = await readStatus(test.backend.context, target);
  if (trust !== null)
    await trustPrograms(
      test.backend.context,
      target,
      trust.programs.map(({ digest }) => digest),
    );
  return target;
}

const rejection = async (work: Promise<unknown>) =>
  work.then(
    () => null,
    (thrown: unknown) => (thrown instanceof ProblemError ? thrown.problem : thrown),
  );

/** Records what each process of a program was started with, and starts it. */
async function recorder(): Promise<{ starts(): Promise<string[]> }> {
  const folder = await writeFolder(test.folder, {});
  const script = path.join(folder, 'node.sh');
  const started = path.join(folder, 'started');
  await mkdir(started);
  await writeFile(
    script,
    `#!/bin/sh\ncase "$*" in *programs/child*) { /usr/bin/env; echo "$@"; } > ${started}/$$;; esac\nexec ${process.execPath} "$@"\n`,
  );
  await chmod(script, 0o700);
  process.env['LOCKKEEPER_NODE'] = script;
  return {
    starts: async () => Promise.all((await readdir(started)).map((name) => readFile(path.join(started, name), 'utf8'))),
  };
}

describe.each(engines)('on %s', (engine) => {
  const transactional = engine !== 'mariadb';
  let database: TestDatabase;
  beforeEach(async (context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
    database = await testDatabase(engine);
  });
  afterEach(() => database[Symbol.asyncDispose]());

  it('asks for trust, runs, tells what it does, and rolls back', async () => {
    const started = await recorder();
    const target = adHoc(database.url, await copyOf('lockkeeper', 'javascript'));
    const before = await readStatus(test.backend.context, target);
    expect(before.migrations.map(({ name, program }) => [name, program?.trusted])).toEqual([
      ['create_plants', undefined],
      ['fill_slugs', false],
      ['drop_empty_names', false],
    ]);
    const untrusted = await planMigration(test.backend.context, target, up);
    expect(untrusted.plan.problems).toMatchObject([
      { code: 'gate.trust', hint: expect.stringContaining('--accept trust:') },
    ]);
    expect(
      await rejection(
        startRun(test.backend.context, {
          target,
          wanted: up,
          fingerprint: null,
          confirm: null,
          reason: null,
          accept: [],
          continueOnError: false,
        }),
      ),
    ).toMatchObject({ code: 'gate.trust' });
    expect(await started.starts()).toEqual([]);

    if (untrusted.trust === null) return expect.unreachable();
    const { run: done, records } = await run(test.backend, target, { accept: [trustCode(untrusted.trust)] });
    expect([done.outcome, done.problem]).toEqual(['succeeded', null]);
    expect(await database.query('select id, slug from plants order by id')).toEqual([
      { id: 1, slug: 'fern' },
      { id: 2, slug: 'ivy-variegated' },
      { id: 3, slug: 'olive-tree' },
    ]);
    const said = records.flatMap((record) =>
      record.type === 'notice' && record.severity === 'log' ? [record.message] : [],
    );
    expect(said).toEqual(['3 plants have a slug now', '0 plants had no name']);
    expect(records).toContainEqual(expect.objectContaining({ type: 'statementProgress', step: 1, total: 3 }));
    expect(done.steps.map(({ outcome, transactional: whole }) => [outcome, whole])).toEqual(
      Array(3).fill(['succeeded', transactional]),
    );

    const after = await readStatus(test.backend.context, target);
    expect(after.migrations.map(({ status, batch, program }) => [status, batch, program?.trusted])).toEqual([
      ['applied', 1, undefined],
      ['applied', 1, true],
      ['applied', 1, true],
    ]);
    expect((await planMigration(test.backend.context, target, { direction: 'down' })).plan.problems).toMatchObject([
      { code: 'plan.irreversible' },
    ]);
    const down = await run(test.backend, target, { wanted: { direction: 'down', version: '1.1.0' } });
    expect(down.run.outcome).toBe('succeeded');
    expect(await database.query('select count(*) as n from plants where slug is not null')).toMatchObject([
      { n: expect.toSatisfy((n) => Number(n) === 0) },
    ]);
  });

  it.each([
    [
      'code fails',
      "await query('insert into people values (2, $1)', ['Bo']);\n  throw new Error('no good');",
      { code: 'script.program', message: '1.1.0_more.js failed: no good', line: 3 },
    ],
    [
      'a statement fails',
      "await query('insert into people values (2, $1)', ['Bo']);\n\n  await query('insert into nowhere values (1)');",
      { code: 'database.statementFailed', line: 4, serverMessage: expect.stringContaining('In: insert into nowhere') },
    ],
    [
      'a failed statement is passed over',
      "await query('insert into people values (2, $1)', ['Bo']);\n  try { await query('select * from nowhere'); } catch {}\n  await query('select 1').catch(() => null);",
      { code: 'database.statementFailed', line: 3, serverMessage: expect.stringContaining('nowhere') },
    ],
    [
      'it ends the transaction',
      "await query('insert into people values (2, $1)', ['Bo']);\n  await query('commit');",
      { code: 'script.transactionControl', line: 3 },
    ],
    [
      'it ends its process',
      "await query('insert into people values (2, $1)', ['Bo']); process.exit(0);",
      { code: 'script.program', message: expect.stringContaining('without a word') },
    ],
  ])('when %s, nothing of it remains where the engine allows', async (_name, body, problem) => {
    const target = await trusting(
      adHoc(
        database.url,
        await sourceWith({
          '1.1.0_more.js': `exports.up = async ({ query }) => {\n  ${body}\n};\n`,
          '1.2.0_after.sql': 'select 1;',
        }),
      ),
    );
    const { run: done } = await run(test.backend, target);
    expect(done.problem).toMatchObject({ path: '1.1.0_more.js', ...problem });
    expect(done.steps.map(({ outcome }) => outcome)).toEqual([
      'succeeded',
      transactional ? 'rolledBack' : 'failed',
      'notExecuted',
    ]);
    expect(await database.query('select name from people order by id')).toEqual(
      transactional ? [{ name: 'Ada' }] : [{ name: 'Ada' }, { name: 'Bo' }],
    );
    const status = await readStatus(test.backend.context, target);
    expect(status.migrations.map((row) => row.status)).toEqual([
      'applied',
      transactional ? 'pending' : 'failed',
      'pending',
    ]);
  });

  it('runs outside of a transaction when its author says so', async () => {
    const text =
      "exports.transaction = false;\nexports.up = async ({ query }) => { await query('create table a (id integer)'); await query('insert into a values (1)'); throw new Error('late'); };\n";
    const target = await trusting(adHoc(database.url, await sourceWith({ '1.1.0_more.js': text })));
    const { run: done } = await run(test.backend, target);
    expect(done.steps[1]).toMatchObject({ outcome: 'failed', transactional: false });
    expect(await database.query('select id from a')).toEqual([{ id: 1 }]);
  });

  it('answers queries with rows, numbers of rows, and values given by place', async () => {
    const text = `exports.up = async ({ query, log }) => {
  const made = await query("insert into people values (2, 'Bo')");
  const changed = await query("update people set name = 'x'");
  const rows = await query('select name, $2 as given from people where id = $1', [2, 'it''s \\u{1F4A5}']);
  const several = await query('create table a (id integer); insert into a values (7); select id from a');
  log(JSON.stringify([made.affectedRows, changed.affectedRows, rows, several]));
};`
      .replace("'it''s", '"it\'s')
      .replace("\\u{1F4A5}'", '\\u{1F4A5}"');
    const target = await trusting(adHoc(database.url, await sourceWith({ '1.1.0_more.js': text })));
    const { run: done, records } = await run(test.backend, target);
    expect(done.problem).toBeNull();
    const said = records.find((record) => record.type === 'notice' && record.severity === 'log');
    expect(said?.type === 'notice' ? JSON.parse(said.message) : null).toEqual([
      1,
      2,
      [{ name: 'x', given: "it's \u{1F4A5}" }],
      [{ id: 7 }],
    ]);
  });

  it('cancelling ends the process and takes its work back', async () => {
    const text =
      'exports.up = async ({ query, log }) => { await query("insert into people values (2, \'Bo\')"); log(process.pid); await new Promise(() => setInterval(() => {}, 1000)); };';
    const target = await trusting(adHoc(database.url, await sourceWith({ '1.1.0_more.js': text })));
    const started = await startRun(test.backend.context, {
      target,
      wanted: up,
      fingerprint: null,
      backup: false,
      confirm: null,
      reason: null,
      accept: [],
      continueOnError: false,
    });
    const pid = await new Promise<number>((resolve) => {
      void (async () => {
        for await (const record of test.backend.context.runs.watch(started.id, 0, new AbortController().signal))
          if (record.type === 'notice' && record.severity === 'log') resolve(Number(record.message));
      })();
    });
    test.backend.context.runs.cancel(started.id);
    const done = await started.finished;
    expect(done.outcome).toBe('cancelled');
    expect(done.steps[1]?.outcome).toBe(transactional ? 'rolledBack' : 'failed');
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    if (transactional) expect(await database.query('select name from people')).toEqual([{ name: 'Ada' }]);
  });
});

describe('trust', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await testDatabase('sqlite');
    files = filesOfTest();
  });
  afterEach(() => database[Symbol.asyncDispose]());
  const filesOfTest = () => ({
    '1.1.0_more.js': `// ${ulid()}\nconst { name } = require('./lib.js');\nexports.up = async ({ query }) => { await query('insert into people values (2, $1)', [name]); };\n`,
    'lib.js': "exports.name = 'Bo';\n",
  });
  let files: ReturnType<typeof filesOfTest>;

  it('is lost with any change of what is imported', async () => {
    const source = await sourceWith(files);
    const target = await trusting(adHoc(database.url, source));
    expect((await planMigration(test.backend.context, target, up)).trust).toBeNull();
    await writeFile(path.join(source, 'lib.js'), "exports.name = 'Mallory';\n");
    expect((await planMigration(test.backend.context, target, up)).plan.problems).toMatchObject([
      { code: 'gate.trust' },
    ]);
    await writeFile(path.join(source, 'lib.js'), "exports.name = 'Bo';\n");
    expect((await planMigration(test.backend.context, target, up)).plan.problems).toEqual([]);
  });

  it('does not hold for what was changed between plan and run', async () => {
    const source = await sourceWith(files);
    const target = await trusting(adHoc(database.url, source));
    await using planned = await planToRun(test.backend.context, target, up);
    await writeFile(path.join(source, 'lib.js'), "exports.name = 'Mallory';\n");
    const started = startPlanned(test.backend.context, planned, {
      fingerprint: null,
      backup: false,
      confirm: null,
      reason: null,
      accept: [],
      continueOnError: false,
    });
    const done = await started.finished;
    expect(done.problem).toMatchObject({ code: 'plan.stale' });
    expect(await database.query('select name from people')).toEqual([{ name: 'Ada' }]);
  });

  it('is given to exactly what was shown', async () => {
    const source = await sourceWith(files);
    const target = adHoc(database.url, source);
    const { trust } = await planMigration(test.backend.context, target, up);
    if (trust === null) return expect.unreachable();
    expect(trust.programs).toMatchObject([
      { path: '1.1.0_more.js', files: [{ path: '1.1.0_more.js' }, { path: 'lib.js' }] },
    ]);
    for (const code of ['trust', 'trust:', `trust:${trust.digest.slice(0, 12)}`, `trust:${'0'.repeat(64)}`])
      expect((await planMigration(test.backend.context, target, up, [code])).trust).not.toBeNull();
    await writeFile(path.join(source, 'lib.js'), "exports.name = 'Mallory';\n");
    expect((await planMigration(test.backend.context, target, up, [trustCode(trust)])).trust).not.toBeNull();
    expect(
      await rejection(
        trustPrograms(
          test.backend.context,
          target,
          trust.programs.map(({ digest }) => digest),
        ),
      ),
    ).toMatchObject({ code: 'plan.stale' });
  });

  it('is written down with who gave it', async () => {
    const target = await trusting(adHoc(database.url, await sourceWith(files)));
    expect(test.backend.context.workspace.audit.list({ limit: 1 })).toMatchObject([
      { action: 'trust', actor: test.backend.context.host.user, detail: { programs: [{ path: '1.1.0_more.js' }] } },
    ]);
    expect((await readStatus(test.backend.context, target)).trust).toBeNull();
  });

  it('without it the code is shown as it is written, with it the SQL where that is known', async () => {
    const target = adHoc(database.url, await sourceWith(files));
    const before = await describeMigration(test.backend.context, target, '1.1.0');
    expect(before).toMatchObject({
      source: files['1.1.0_more.js'],
      upSql: null,
      trust: { programs: [{ path: '1.1.0_more.js' }] },
    });
    await trusting(target);
    expect(await describeMigration(test.backend.context, target, '1.1.0')).toMatchObject({
      trust: null,
      upSql: null,
      hazards: [{ code: 'program' }],
    });
    const prepared = await planMigration(test.backend.context, target, up);
    expect(await rejection(Array.fromAsync(exportPlanSql(test.backend.context, prepared)))).toMatchObject({
      code: 'script.notSql',
    });
  });
});

it('no credential reaches a program: neither its environment nor its arguments', async (context) => {
  const reason = unavailable('postgres15');
  if (reason !== undefined) skipBecause(context, reason);
  await using database = await testDatabase('postgres15');
  const { password } = new URL(database.url);
  expect(password.length).toBeGreaterThan(5);
  process.env['PGPASSWORD'] = 'canary-of-the-environment';
  try {
    const started = await recorder();
    const folder = path.join(await copyOf('node-pg-migrate'), 'migrations');
    await writeFile(
      path.join(folder, '1_first.js'),
      "exports.up = async (pgm) => { await pgm.db.query('select 1'); };",
    );
    const target = await trusting(adHoc(database.url, folder));
    const { run: done } = await run(test.backend, target);
    expect(done.problem).toBeNull();
    const seen = await started.starts();
    expect(seen.length).toBeGreaterThan(1);
    expect(seen.join('\n')).not.toMatch(new RegExp(`canary-of-the-environment|${password}|PGPASSWORD`));
  } finally {
    delete process.env['PGPASSWORD'];
  }
});

describe('node-pg-migrate', () => {
  let database: TestDatabase;
  beforeEach(async (context) => {
    const reason = unavailable('postgres15');
    if (reason !== undefined) skipBecause(context, reason);
    database = await testDatabase('postgres15');
  });
  afterEach(() => database?.[Symbol.asyncDispose]());

  const project = async (files: Readonly<Record<string, string>>): Promise<TargetRequest> =>
    trusting(adHoc(database.url, await writeFolder(test.folder, files)));

  it('shows and runs the SQL that trusted programs yield', async () => {
    const target = await trusting(adHoc(database.url, path.join(samples, 'node-pg-migrate/migrations')));
    const { plan } = await planMigration(test.backend.context, target, up);
    expect(plan.problems).toEqual([]);
    expect(
      plan.steps.map(({ statements, transactional, tables }) => [
        statements,
        transactional,
        tables[0]?.replaceAll('"', ''),
      ]),
    ).toEqual([
      [1, true, 'boats'],
      [2, true, 'hires'],
      [2, true, 'hires'],
      [1, false, 'hires'],
    ]);
    const sql = (
      await Array.fromAsync(exportPlanSql(test.backend.context, await planMigration(test.backend.context, target, up)))
    ).join('');
    expect(sql).toContain('CREATE TABLE "boats"');
    const detail = await describeMigration(test.backend.context, target, '1768800000000_add-deposit');
    expect(detail.upSql).toContain('ADD "deposit" numeric(10,2)');
    expect(detail.downSql).toContain('DROP "deposit"');
    const { run: done } = await run(test.backend, target);
    expect([done.problem, done.steps.map(({ done: count }) => count)]).toEqual([null, [1, 2, 2, 1]]);
    const refused = await planMigration(test.backend.context, target, { direction: 'down' });
    expect(refused.plan.problems).toMatchObject([{ code: 'plan.irreversible' }]);
  });

  it('a failing piece of it has its place in that SQL', async () => {
    const target = await project({
      '1_a.js':
        "exports.up = (pgm) => {\n  pgm.sql('create table a (id int)');\n  pgm.sql('insert into nowhere values (1)');\n};",
    });
    const { run: done } = await run(test.backend, target);
    expect(done.problem).toMatchObject({
      code: 'database.statementFailed',
      path: '1_a.js (the SQL that it yields)',
      line: 5,
    });
    expect(await database.query("select to_regclass('a') as a")).toEqual([{ a: null }]);
  });

  it('one that asks the database does so in its own transaction, and what it yields follows', async () => {
    const target = await project({
      '1_a.sql': '-- Up Migration\ncreate table a (id int);\ninsert into a values (3);\n',
      '2_b.js':
        "exports.up = async (pgm) => {\n  const [{ id }] = await pgm.db.select('select id from a');\n  await pgm.db.query('insert into a values ($1)', [id + 1]);\n  const { rows } = await pgm.db.query({ text: 'select max(id) as m from a' });\n  pgm.sql('insert into a values (' + (rows[0].m + 1) + ')');\n};",
      '3_c.js':
        "exports.up = async (pgm) => { await pgm.db.query('insert into a values (9)'); pgm.sql('select * from nowhere'); };",
    });
    const { plan } = await planMigration(test.backend.context, target, up);
    expect(plan.steps.map(({ hazards }) => hazards.some(({ code }) => code === 'program'))).toEqual([
      false,
      true,
      true,
    ]);
    const { run: done } = await run(test.backend, target);
    expect(done.steps.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded', 'rolledBack']);
    expect(await database.query('select id from a order by id')).toEqual([{ id: 3 }, { id: 4 }, { id: 5 }]);
  });

  it('a changed builder or import is no longer trusted', async () => {
    const folder = await writeFolder(test.folder, {
      '1_a.js': "exports.up = (pgm) => pgm.sql(require('./sql'));",
      'sql.js': "module.exports = 'select 1';",
    });
    await mkdir(path.join(folder, 'lib'));
    await writeFile(path.join(folder, '1_a.js'), "exports.up = (pgm) => pgm.sql(require('./lib/sql'));");
    await writeFile(path.join(folder, 'lib/sql.js'), "module.exports = 'select 1';");
    const target = await trusting(adHoc(database.url, folder));
    expect((await planMigration(test.backend.context, target, up)).trust).toBeNull();
    await writeFile(path.join(folder, 'lib/sql.js'), "module.exports = 'drop table people';");
    expect((await planMigration(test.backend.context, target, up)).plan.problems).toContainEqual(
      expect.objectContaining({ code: 'gate.trust' }),
    );
  });

  it('outside of the order that the tool itself checks, it is refused', async () => {
    const target = await project({ '1_a.sql': '-- Up Migration\nselect 1;', '3_c.sql': '-- Up Migration\nselect 3;' });
    await run(test.backend, target);
    await writeFile(path.join(target.overrides?.path ?? '', '2_b.sql'), 'select 2;');
    expect((await planMigration(test.backend.context, target, up)).plan.problems).toMatchObject([
      { code: 'plan.outOfOrder' },
    ]);
  });
});
