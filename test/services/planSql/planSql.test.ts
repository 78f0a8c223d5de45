/** An exported plan, run by the database's own client: once, where it belongs, and taken back as evidence. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportPlanSql } from '../../../electron/services/exportPlanSql.ts';
import { planMigration } from '../../../electron/services/planMigration.ts';
import { importEvidence } from '../../../electron/services/planSql/importEvidence.ts';
import { readStatus } from '../../../electron/services/readStatus.ts';
import type { TargetRequest } from '../../../electron/services/target.ts';
import type { Target } from '../../../shared/model/plan.ts';
import { ProblemError } from '../../../shared/problem.ts';
import { findProgram } from '../../servers/programs.ts';
import { skipBecause } from '../../setup/skip.ts';
import { adHoc, run, type TestBackend, type TestDatabase, testBackend, testDatabase, writeFolder } from '../backend.ts';

const engines = ['postgres15', 'mariadb', 'sqlite'] as const;
const programs = { postgres15: 'psql', mariadb: 'mariadb', sqlite: 'sqlite3' } as const;
const scripts = {
  '20260101_people.sql':
    '-- migrate:up\ncreate table people (id integer);\ninsert into people values (1);\n-- migrate:down\ndrop table people;\n',
  '20260102_towns.sql': '-- migrate:up\ncreate table towns (id integer);\n-- migrate:down\ndrop table towns;\n',
};

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

interface Ended {
  readonly code: number;
  readonly output: string;
}

const codeOf = async (act: Promise<unknown>): Promise<string> => {
  try {
    await act;
    return 'taken';
  } catch (thrown) {
    if (thrown instanceof ProblemError) return thrown.problem.code;
    throw thrown;
  }
};

describe.each(engines)('on %s', (engine) => {
  let database: TestDatabase;
  let other: TestDatabase;
  let target: TargetRequest;
  beforeAll(async () => {
    database = await testDatabase(engine);
    other = await testDatabase(engine);
    target = adHoc(database.url, await writeFolder(test.folder, scripts));
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();
  });

  const exported = async (wanted: Target): Promise<string> => {
    const { context } = test.backend;
    return (await Array.fromAsync(exportPlanSql(context, await planMigration(context, target, wanted)))).join('');
  };

  let scriptNumber = 0;
  /** As its header says. */
  async function byClient(script: string, on: TestDatabase): Promise<Ended> {
    const file = path.join(test.folder, `${engine}-${++scriptNumber}.sql`);
    await writeFile(file, script);
    const url = new URL(on.url);
    const [name, words, variables, stdin] = {
      postgres15: () => ['psql', ['-X', '-f', file, on.url], {}, ''] as const,
      mariadb: () =>
        [
          'mariadb',
          ['-h', url.hostname, '-P', url.port, '-u', decodeURIComponent(url.username), url.pathname.slice(1)],
          { MYSQL_PWD: decodeURIComponent(url.password) },
          script,
        ] as const,
      sqlite: () => ['sqlite3', [on.url.replace('sqlite:', '')], {}, script] as const,
    }[engine]();
    return new Promise((resolve) => {
      const child = execFile(name, words, { env: { ...process.env, ...variables } }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : 1, output: stdout + stderr }),
      );
      child.stdin?.end(stdin);
    });
  }

  const tables = async (on: TestDatabase): Promise<string> => JSON.stringify(await on.query(listing[engine]));

  it('is run once, there alone, and taken as evidence', async (context) => {
    if (findProgram(programs[engine]) === undefined) skipBecause(context, `${programs[engine]} is not installed`);
    const backend = test.backend.context;
    const first = await exported({ direction: 'up', to: '20260101' });
    const elsewhere = await byClient(first, other);
    expect([elsewhere.code, elsewhere.output]).toEqual([1, expect.stringContaining('this is another database')]);
    expect(await tables(other)).not.toMatch(/people|schema_migrations/);

    const done = await byClient(first, database);
    expect(done.code, done.output).toBe(0);
    const again = await byClient(first, database);
    expect([again.code, again.output]).toEqual([1, expect.stringContaining('was it run already')]);
    expect(await database.query('select count(*) as n from people')).toEqual([{ n: expect.anything() }]);

    expect(await codeOf(importEvidence(backend, target, 'nothing'))).toBe('evidence.unknown');
    const report = await importEvidence(backend, target, done.output);
    expect(report).toMatchObject({
      complete: true,
      steps: [{ version: '20260101', done: true, at: expect.any(String) }],
    });
    if (engine !== 'sqlite') expect(report.steps[0]?.by).toBeTruthy();
    expect(await backend.runs.get(report.run)).toMatchObject({ outcome: 'succeeded', action: 'up' });
    expect(await codeOf(importEvidence(backend, target, done.output))).toBe('evidence.unknown');

    // A history that went on is not the plan's either; and what is printed is compared with the history.
    const second = await exported({ direction: 'up' });
    await run(test.backend, target);
    const late = await byClient(second, database);
    expect([late.code, late.output]).toEqual([1, expect.stringContaining('was it run already')]);
    expect((await readStatus(backend, target)).counts.applied).toBe(2);

    const back = await exported({ direction: 'down' });
    const returned = await byClient(back, database);
    expect(returned.code, returned.output).toBe(0);
    const shorter = returned.output.replace(/lockkeeper-evidence:[\da-f]+:1:.*/g, '');
    expect(await codeOf(importEvidence(backend, target, shorter))).toBe('evidence.contradicted');
    expect(await codeOf(importEvidence(backend, adHoc(other.url, test.folder), returned.output))).not.toBe('taken');
    expect((await importEvidence(backend, target, returned.output)).complete).toBe(true);
    expect((await readStatus(backend, target)).current).toBe('20260101');
  });

  it('stops at a statement that fails, and that is told', async (context) => {
    if (findProgram(programs[engine]) === undefined) skipBecause(context, `${programs[engine]} is not installed`);
    const script = await exported({ direction: 'up' });
    await database.query('create table towns (other integer)');
    const failed = await byClient(script, database);
    expect(failed.code).toBe(1);
    const report = await importEvidence(test.backend.context, target, failed.output);
    expect(report).toMatchObject({ complete: false, steps: [{ version: '20260102', done: false }] });
    expect(await test.backend.context.runs.get(report.run)).toMatchObject({ outcome: 'failed' });
    await database.query('drop table towns');
  });
});

const listing = {
  postgres15: "select table_name from information_schema.tables where table_schema = 'public'",
  mariadb: 'select table_name from information_schema.tables where table_schema = database()',
  sqlite: 'select name from sqlite_master',
} as const;
