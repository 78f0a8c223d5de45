/** What our own format asks of a run beyond its SQL, on real databases of every engine. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { describeMigration } from '../../electron/services/describeMigration.ts';
import { exportPlanSql } from '../../electron/services/exportPlanSql.ts';
import { planMigration } from '../../electron/services/planMigration.ts';
import { readCompatibility } from '../../electron/services/readCompatibility.ts';
import { readStatus } from '../../electron/services/readStatus.ts';
import { startRun } from '../../electron/services/startRun.ts';
import type { TargetRequest } from '../../electron/services/target.ts';
import type { RunRecord } from '../../shared/model/run.ts';
import { unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import {
  adHoc,
  engines,
  run,
  type TestBackend,
  type TestDatabase,
  type TestEngine,
  testBackend,
  testDatabase,
  writeFolder,
} from './backend.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const manifest = '{ "lockkeeper": 1 }';

const own = async (database: TestDatabase, files: Readonly<Record<string, string>>): Promise<TargetRequest> =>
  adHoc(database.url, await writeFolder(test.folder, { 'lockkeeper.json': manifest, ...files }));

const withValues = (target: TargetRequest, placeholders: Readonly<Record<string, string>>): TargetRequest => ({
  ...target,
  overrides: { ...target.overrides, placeholders },
});

const numbers = (most: number): string =>
  `insert into numbers (id, done) values ${Array.from({ length: most }, (_, index) => `(${index + 1}, 0)`).join(', ')};\n`;

const createNumbers = 'create table numbers (id integer primary key, done integer not null);\n';

/** Ten rows a time, as each engine can say it. */
const tenAtATime: Readonly<Record<TestEngine, string>> = {
  postgres15: `update numbers set done = 1 where id in (select id from numbers where done = 0 limit \${batchSize})`,
  postgres18: `update numbers set done = 1 where id in (select id from numbers where done = 0 limit \${batchSize})`,
  mariadb: `update numbers set done = 1 where done = 0 limit \${batchSize}`,
  sqlite: `update numbers set done = 1 where id in (select id from numbers where done = 0 limit \${batchSize})`,
};

const sleep: Readonly<Record<TestEngine, string>> = {
  postgres15: 'select pg_sleep(30)',
  postgres18: 'select pg_sleep(30)',
  mariadb: 'select sleep(30) from numbers where id = 1 and sleep(30) = 0',
  sqlite: 'with recursive forever (n) as (select 1 union all select n + 1 from forever) select count(*) from forever',
};

const journalOf = (engine: TestEngine, database: TestDatabase, run: string) => {
  const table = engine === 'sqlite' ? 'lockkeeper_step' : 'lockkeeper.step';
  return database.query(`select statement, batches, batch_rows, state, error from ${table} where run_id = '${run}'`);
};

const asNumbers = (row: Readonly<Record<string, unknown>> | undefined, ...columns: string[]): number[] =>
  columns.map((column) => Number(row?.[column]));

const batchesIn = (records: readonly RunRecord[]) =>
  records.flatMap((record) =>
    record.type === 'batchProgress' ? [{ batches: record.batches, rows: record.rows }] : [],
  );

describe.each(engines)('on %s', (engine) => {
  beforeEach((context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  const batched = (more = ''): string =>
    `-- lockkeeper:no-transaction\n-- lockkeeper:batch size=10${more}\n${tenAtATime[engine]};\n`;

  it('repeats a batched statement until nothing is left, and counts its batches in the journal', async () => {
    await using database = await testDatabase(engine);
    const target = await own(database, {
      '1_numbers.sql': createNumbers + numbers(95),
      '2_done.sql': `${batched(' pause=1ms')}create table after_it (id integer);\n`,
    });
    const { plan } = await planMigration(test.backend.context, target, { direction: 'up' });
    expect(plan.problems).toEqual([]);
    expect(plan.steps[1]?.batched).toEqual([{ line: 3, size: 10, pauseMs: 1, max: 10_000 }]);
    const { run: up, records } = await run(test.backend, target);
    expect(up.problem).toBeNull();
    expect(up.outcome).toBe('succeeded');
    expect(up.steps[1]).toMatchObject({ done: 2, statements: 2, batch: { batches: 10, rows: 95 } });
    expect(batchesIn(records).at(-1)).toEqual({ batches: 10, rows: 95 });
    expect(asNumbers((await database.query('select sum(done) as done from numbers'))[0], 'done')).toEqual([95]);
  });

  it('keeps the batches that were committed when a later one fails, and goes on from there', async () => {
    await using database = await testDatabase(engine);
    const target = await own(database, {
      '1_numbers.sql': createNumbers + numbers(50),
      '2_done.sql': batched(' max=3'),
    });
    const { run: stopped } = await run(test.backend, target);
    expect(stopped.outcome).toBe('failed');
    expect(stopped.problem).toMatchObject({
      code: 'database.batchLimit',
      path: '2_done.sql',
      line: 3,
      state: expect.stringContaining('3 batches with 30 rows are committed'),
    });
    expect(stopped.steps[1]?.outcome).toBe('failed');
    const [row] = (await journalOf(engine, database, stopped.id)).filter((one) => one['state'] === 'failed');
    expect(asNumbers(row, 'statement', 'batches', 'batch_rows')).toEqual([0, 3, 30]);
    expect((await readStatus(test.backend.context, target)).counts.failed).toBe(1);
    const { run: resumed } = await run(test.backend, target);
    expect(resumed.problem).toBeNull();
    expect(resumed.steps[0]).toMatchObject({ version: '2', outcome: 'succeeded', batch: { batches: 2, rows: 20 } });
  });

  it('cancels between batches, and goes on where it stopped', async () => {
    await using database = await testDatabase(engine);
    const target = await own(database, {
      '1_numbers.sql': createNumbers + numbers(50),
      '2_done.sql': batched(' pause=1h'),
    });
    const started = await startRun(test.backend.context, {
      target,
      wanted: { direction: 'up' },
      fingerprint: null,
      backup: false,
      confirm: null,
      reason: null,
      accept: [],
      continueOnError: false,
    });
    for await (const record of test.backend.context.runs.watch(started.id, 0, new AbortController().signal))
      if (record.type === 'batchProgress') test.backend.context.runs.cancel(started.id);
    const cancelled = await started.finished;
    expect(cancelled).toMatchObject({ outcome: 'cancelled', problem: { code: 'run.cancelled' } });
    expect(asNumbers((await database.query('select sum(done) as done from numbers'))[0], 'done')).toEqual([10]);
    const files = target.kind === 'adHoc' ? (target.overrides?.path ?? '') : '';
    await writeFile(path.join(files, '2_done.sql'), batched());
    const { run: resumed } = await run(test.backend, target);
    expect(resumed.steps[0]?.batch).toEqual({ batches: 4, rows: 40 });
  });

  it('refuses batches where they cannot be, before anything runs', async () => {
    await using database = await testDatabase(engine);
    const target = await own(database, {
      '1_transaction.sql': '-- lockkeeper:batch\nupdate numbers set done = 1;\n',
      '2_table.sql': '-- lockkeeper:no-transaction\n-- lockkeeper:batch\ncreate table a (id integer);\n',
      '3_nothing.sql': '-- lockkeeper:no-transaction\nupdate numbers set done = 1;\n-- lockkeeper:batch\n',
      '4_inside.sql': '-- lockkeeper:no-transaction\nupdate numbers\n-- lockkeeper:batch\nset done = 1;\n',
      '5_both.sql':
        '-- lockkeeper:no-transaction\n-- lockkeeper:batch\n-- lockkeeper:expect rows=1\ndelete from numbers;\n',
      '7_begin.sql': '-- lockkeeper:no-transaction\nbegin;\n-- lockkeeper:batch\ndelete from numbers;\ncommit;\n',
      '6_unreadable.sql': '-- lockkeeper:no-transaction\n-- lockkeeper:batch size=some\ndelete from numbers;\n',
    });
    const { plan } = await planMigration(test.backend.context, target, { direction: 'up' });
    expect(plan.problems.map(({ code, path: file, line }) => `${code} ${file}:${line}`).sort()).toEqual([
      'script.directive 2_table.sql:3',
      'script.directive 3_nothing.sql:3',
      'script.directive 4_inside.sql:3',
      'script.directive 5_both.sql:3',
      'script.directive 7_begin.sql:4',
      'source.invalidSections 1_transaction.sql:1',
      'source.invalidSections 6_unreadable.sql:2',
    ]);
  });

  it('rolls a migration back when a statement finds other rows than expected', async () => {
    await using database = await testDatabase(engine);
    const target = await own(database, {
      '1_numbers.sql': createNumbers + numbers(5),
      '2_some.sql': [
        '-- lockkeeper:expect rows=1',
        'update numbers set done = 1 where id = 1;',
        '-- lockkeeper:expect rows>=2 rows<=3',
        'select id from numbers where id < 4;',
        '-- lockkeeper:expect rows<=2',
        'update numbers set done = 1 where id > 1;',
        'insert into numbers values (100, 0);',
      ].join('\n'),
    });
    const { run: up } = await run(test.backend, target);
    expect(up.problem).toMatchObject({
      code: 'database.rowCount',
      message: 'The statement at line 6 affected 4 rows; its author expects at most 2.',
      path: '2_some.sql',
      line: 6,
      column: 1,
    });
    expect(up.steps[1]?.outcome).toBe('rolledBack');
    expect(
      asNumbers((await database.query('select sum(done) as done, count(*) as rows_ from numbers'))[0], 'done', 'rows_'),
    ).toEqual([0, 5]);
  });

  it('takes a statement back that ran outside a transaction and found other rows than expected', async () => {
    await using database = await testDatabase(engine);
    const target = await own(database, {
      '1_numbers.sql': createNumbers + numbers(5),
      '2_some.sql':
        '-- lockkeeper:no-transaction\ncreate table kept (id integer);\n-- lockkeeper:expect rows=2\nupdate numbers set done = 1;\n',
    });
    const { run: up } = await run(test.backend, target);
    expect(up.problem?.code).toBe('database.rowCount');
    expect(up.steps[1]?.outcome).toBe('failed');
    expect(asNumbers((await database.query('select sum(done) as done from numbers'))[0], 'done')).toEqual([0]);
    expect(await database.query('select * from kept')).toEqual([]);
  });

  it('verifies with expected rows', async () => {
    await using database = await testDatabase(engine);
    const target = await own(database, {
      '1_numbers.sql': `-- lockkeeper:up\n${createNumbers}${numbers(2)}-- lockkeeper:verify\n-- lockkeeper:expect rows=0\nselect * from numbers where done = 0;\n`,
    });
    const { run: up } = await run(test.backend, target);
    expect(up.steps[0]?.outcome).toBe('succeeded');
    expect(up.problem).toMatchObject({
      code: 'run.verification',
      line: 6,
      serverMessage: expect.stringContaining('2 rows'),
    });
  });

  it('ends a statement that takes longer than its migration allows, and undoes it', async () => {
    await using database = await testDatabase(engine);
    const target = await own(database, {
      '1_numbers.sql': createNumbers + numbers(1),
      '2_slow.sql': `-- timeout: 300ms\ninsert into numbers values (7, 7);\n${sleep[engine]};\n`,
    });
    const { run: up } = await run(test.backend, target);
    expect(up.problem).toMatchObject({
      code: 'database.timeout',
      line: 3,
      hint: expect.stringContaining('0.3 s'),
    });
    expect(up.steps[1]?.outcome).toBe('rolledBack');
    expect(await database.query('select id from numbers where id = 7')).toEqual([]);
  });

  it('ends such a statement outside a transaction too, and the next migration has no limit', async () => {
    await using database = await testDatabase(engine);
    const target = await own(database, {
      '1_numbers.sql': `-- timeout: 5s\n${createNumbers}${numbers(1)}`,
      '2_slow.sql': `-- timeout: 300ms\n-- lockkeeper:no-transaction\ncreate table kept (id integer);\n${sleep[engine]};\n`,
    });
    const { run: up } = await run(test.backend, target);
    expect(up.problem).toMatchObject({ code: 'database.timeout', line: 4 });
    expect(up.steps[1]?.outcome).toBe('failed');
    const { run: again } = await run(
      test.backend,
      await own(database, {
        '1_numbers.sql': `-- timeout: 5s\n${createNumbers}${numbers(1)}`,
        '3_more.sql': 'insert into kept values (1);\n',
      }),
    );
    expect(again.outcome).toBe('succeeded');
  });

  it('puts values in the place of placeholders, safely', async () => {
    await using database = await testDatabase(engine);
    const hostile = `a'b"c\`d\\e; drop table numbers --`;
    const target = withValues(
      await own(database, {
        '1_values.sql': [
          `-- description: with \${comment}`,
          `create table \${table:identifier} (id integer, words varchar(200));`,
          `insert into \${table:identifier} values (\${number}, \${words:literal}), (2, '\${plain}'), (3, '\${{plain}}'); -- \${comment}`,
          `insert into \${table:identifier} select 4, '\${environment} \${tier} \${database}' /* \${comment} */;`,
        ].join('\n'),
      }),
      { table: 'odd "name', number: '1', words: hostile, plain: 'plain text' },
    );
    const { plan } = await planMigration(test.backend.context, target, { direction: 'up' });
    expect(plan.problems).toEqual([]);
    expect(plan.steps[0]?.placeholders).toMatchObject({ number: '1', words: hostile, tier: 'development' });
    const { run: up } = await run(test.backend, target);
    expect(up.problem).toBeNull();
    const quoted = engine === 'mariadb' ? '`odd "name`' : '"odd ""name"';
    const rows = await database.query(`select words from ${quoted} order by id`);
    expect(rows.map((row) => row['words']).slice(0, 3)).toEqual([hostile, 'plain text', `\${plain}`]);
    expect(rows[3]?.['words']).toContain(' development ');
    const other = await planMigration(
      test.backend.context,
      withValues(target, { ...target.overrides?.placeholders, number: '5' }),
      { direction: 'down' },
    );
    expect(other.plan.problems.map(({ code }) => code)).toEqual(['plan.irreversible']);
  });

  it('has another fingerprint with another value, but the same checksum', async () => {
    await using database = await testDatabase(engine);
    const target = await own(database, { '1_a.sql': `create table a\${number} (id integer);\n` });
    const plans = await Promise.all(
      ['1', '2', '2'].map(
        async (number) =>
          (await planMigration(test.backend.context, withValues(target, { number }), { direction: 'up' })).plan,
      ),
    );
    expect(new Set(plans.map(({ fingerprint }) => fingerprint)).size).toBe(2);
    expect(new Set(plans.map(({ steps }) => steps[0]?.checksum)).size).toBe(1);
  });

  it.each([
    ['missing', `insert into a values (1,\n  '\${nobody}');`, {}, 'script.placeholderMissing', 3, 4],
    [
      'missing in the verification',
      `select 1;\n-- lockkeeper:verify\nselect \${nobody};`,
      {},
      'script.placeholderMissing',
      4,
      8,
    ],
    ['another form', `select \${a:text};`, { a: '1' }, 'script.placeholderInvalid', 2, 8],
    ['ending its quotes', `select '\${a}';`, { a: "it's" }, 'script.placeholderInvalid', 2, 9],
    ['with quotes between quotes', `select '\${a:literal}';`, { a: 'x' }, 'script.placeholderInvalid', 2, 9],
    ['ending its statement', `select \${a};`, { a: '1; select 2' }, 'script.placeholderInvalid', 2, 1],
    ['opening a comment', `select \${a}\n + 1;`, { a: '1 /*' }, 'script.placeholderInvalid', 2, 1],
  ])('refuses a value that is %s, before anything runs', async (_, sql, values, code, line, column) => {
    await using database = await testDatabase(engine);
    const target = withValues(await own(database, { '1_a.sql': `-- lockkeeper:up\n${sql}\n` }), values);
    const { plan } = await planMigration(test.backend.context, target, { direction: 'up' });
    expect(plan.problems).toMatchObject([{ code, path: '1_a.sql', line, column }]);
    await expect(run(test.backend, target)).rejects.toMatchObject({ problem: { code } });
    expect((await readStatus(test.backend.context, target)).counts.pending).toBe(1);
  });

  it('tells the place in the file where the server points behind a value', async () => {
    await using database = await testDatabase(engine);
    const target = withValues(
      await own(database, { '1_a.sql': `select \${long:literal},\n  \${n} nonsense here;\n` }),
      {
        long: 'x\n'.repeat(50),
        n: '1',
      },
    );
    const { run: up } = await run(test.backend, target);
    expect(up.problem).toMatchObject({ code: 'database.statementFailed', path: '1_a.sql' });
    if (engine !== 'mariadb') expect(up.problem).toMatchObject({ line: 2 });
  });

  it('shows scripts as written and as sent, and exports them as sent', async () => {
    await using database = await testDatabase(engine);
    const sql = `-- first \${x}\ncreate table \${name} (id integer);\r\n\ninsert into \${name}\n  values (1);\n`;
    const target = withValues(await own(database, { '1_a.sql': sql }), { name: 'plants' });
    const detail = await describeMigration(test.backend.context, target, '1');
    expect(detail.upSql).toBe(sql);
    expect(detail.sentSql).toEqual({ up: sql.replaceAll(`\${name}`, 'plants'), down: null, verify: null });
    const prepared = await planMigration(test.backend.context, target, { direction: 'up' });
    const exported = (await Array.fromAsync(exportPlanSql(test.backend.context, prepared))).join('');
    expect(exported).toContain('insert into plants');
    expect(exported).not.toContain(`\${name}`);
  });

  it('inserts values into a script too long to be kept', async () => {
    await using database = await testDatabase(engine);
    const row = (index: number): string =>
      `insert into long_one values (${index}, '${'x'.repeat(4000)}', \${value});\n`;
    const sql = `create table long_one (id integer primary key, filling text, value integer);\n${Array.from({ length: 2500 }, (_, index) => row(index)).join('')}`;
    const target = withValues(await own(database, { '1_long.sql': sql }), { value: '3' });
    const { run: up } = await run(test.backend, target);
    expect(up.problem).toBeNull();
    expect(asNumbers((await database.query('select sum(value) as total from long_one'))[0], 'total')).toEqual([7500]);
  });

  it('refuses what excludes something else that is there or comes', async () => {
    await using database = await testDatabase(engine);
    const files = {
      '1_a.sql': 'create table a (id integer);\n',
      '2_b.sql': '-- conflicts: a\ncreate table b (id integer);\n',
      '3_c.sql': '-- conflicts: 9.9\ncreate table c (id integer);\n',
    };
    const target = await own(database, files);
    const up = { direction: 'up' } as const;
    const problems = async (wanted: Parameters<typeof planMigration>[2]) =>
      (await planMigration(test.backend.context, target, wanted)).plan.problems.map(
        ({ code, path: file }) => `${code} ${file}`,
      );
    expect(await problems(up)).toEqual(['plan.conflict 2_b.sql']);
    expect(await problems({ ...up, to: '1' })).toEqual([]);
    expect((await run(test.backend, target, { wanted: { ...up, to: '1' } })).run.outcome).toBe('succeeded');
    expect(await problems({ ...up, to: '2' })).toEqual(['plan.conflict 2_b.sql']);
  });

  it('tells of the versions of the application, and which the database has reached', async () => {
    await using database = await testDatabase(engine);
    const target = await own(database, {
      'lockkeeper.json': JSON.stringify({
        lockkeeper: 1,
        applications: [
          { version: '2026.1', database: '1.0', date: '2026-01-01', changes: ['The first'] },
          { version: '2026.2', database: '1.2' },
        ],
      }),
      '1.0_a.sql': 'create table a (id integer);\n',
      '1.1_b.sql': '-- description: Towns\ncreate table b (id integer);\n',
      '1.2_c.sql': '-- changes: Streets are shown\n--   Streets are sorted\ncreate table c (id integer);\n',
    });
    await run(test.backend, target, { wanted: { direction: 'up', to: '1.1' } });
    expect(await readCompatibility(test.backend.context, target, null)).toMatchObject({
      basis: 'manifest',
      current: '1.1',
      verdict: { application: '2026.2', judgedAs: '2026.2', suitability: 'tooOld', needs: '1.2', missing: ['1.2'] },
      applications: [
        {
          version: '2026.1',
          database: '1.0',
          date: '2026-01-01',
          changes: ['The first'],
          reached: true,
          suitability: 'unsaid',
        },
        {
          version: '2026.2',
          database: '1.2',
          date: null,
          changes: ['Towns', 'Streets are shown', 'Streets are sorted'],
          reached: false,
          suitability: 'tooOld',
        },
      ],
      databases: ['1.0', '1.1', '1.2'],
      cells: [
        ['suits', 'unsaid', 'unsaid'],
        ['tooOld', 'tooOld', 'suits'],
      ],
    });
    expect(await readStatus(test.backend.context, target)).toMatchObject({
      applicationVersion: '2026.2',
      applications: [{ version: '2026.1' }, { version: '2026.2' }],
    });
  });

  it('records of the first statement outside a transaction what it was to change', async () => {
    await using database = await testDatabase(engine);
    const index = `create index ${engine.startsWith('postgres') ? 'concurrently ' : ''}numbers_done on numbers (done);\n`;
    const target = await own(database, {
      '1_numbers.sql': createNumbers,
      '2_index.sql': `-- lockkeeper:no-transaction\n${index}`,
      '3_again.sql': `-- lockkeeper:no-transaction\n${index}`,
    });
    const { run: up } = await run(test.backend, target);
    // Where the statement shares its transaction with the journal's row, nothing of it remains and no probe is needed.
    const exact = engine === 'sqlite';
    expect(up.steps.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded', exact ? 'rolledBack' : 'failed']);
    const table = engine === 'sqlite' ? 'lockkeeper_step' : 'lockkeeper.step';
    const rows = await database.query(
      `select statement, probe_before from ${table} where run_id = '${up.id}' and step = 2`,
    );
    expect(asNumbers(rows[0], 'statement')).toEqual([0]);
    expect(rows[0]?.['probe_before']).toEqual(exact ? null : expect.any(String));
  });
});
