// Migrations that ask the database first: what the plan says of them, and what a run leaves behind.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exportPlanSql } from '../../electron/services/exportPlanSql.ts';
import { planMigration } from '../../electron/services/planMigration.ts';
import { readStatus } from '../../electron/services/readStatus.ts';
import { resume } from '../reconcile/support.ts';
import { unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { adHoc, engines, run, type TestBackend, testBackend, testDatabase, writeFolder } from './backend.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const set = (id: string, onFail: string, question = '0 SELECT count(*) FROM plants'): string =>
  `--changeset ada:${id}\n--preconditions onFail:${onFail}\n--precondition-sql-check expectedResult:${question}\nINSERT INTO plants VALUES ('${id}');\n`;
const head =
  "--liquibase formatted sql\n--changeset ada:1\nCREATE TABLE plants (name varchar(20));\nINSERT INTO plants VALUES ('fern');\n";

describe.each(['mariadb', 'sqlite'] as const)('half done on %s', (engine) => {
  beforeEach((context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  const halfWay = `--changeset ada:pots runInTransaction:false
--preconditions onFail:MARK_RAN
--precondition-sql-check expectedResult:0 SELECT count(*) FROM shelf
INSERT INTO shelf VALUES ('pot');
CREATE TABLE pots (name varchar(20));
INSERT INTO missing VALUES ('pot');
`;

  it('what its own effects would answer is not asked again, and never records it as complete', async () => {
    await using database = await testDatabase(engine);
    const files = {
      'changelog.sql': `--liquibase formatted sql\n--changeset ada:shelf\nCREATE TABLE shelf (name varchar(20));\n${halfWay}`,
    };
    const target = adHoc(database.url, await writeFolder(test.folder, files));
    const { run: first } = await run(test.backend, target);
    expect(first.steps.map(({ outcome }) => outcome)).toEqual(['succeeded', 'failed']);
    const { run: again } = await run(test.backend, target, { accept: ['retryFailed'] });
    expect(again.problem).toMatchObject({ code: 'run.condition', hint: expect.stringContaining('resume that run') });
    await database.query('CREATE TABLE missing (name varchar(20))');
    expect((await resume(test.backend.context, first.id, target)).outcome).toBe('succeeded');
    expect(await database.query('SELECT name FROM missing')).toEqual([{ name: 'pot' }]);
    expect(await database.query('SELECT name FROM shelf')).toEqual([{ name: 'pot' }]);
    expect((await database.query('SELECT EXECTYPE AS type FROM DATABASECHANGELOG')).map(({ type }) => type)).toEqual([
      'EXECUTED',
      'EXECUTED',
    ]);
  });
});

describe.each(engines)('on %s', (engine) => {
  beforeEach((context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  const open = async (...sets: readonly string[]) => {
    const database = await testDatabase(engine);
    const target = adHoc(database.url, await writeFolder(test.folder, { 'changelog.sql': head + sets.join('') }));
    const names = async () => (await database.query('SELECT name FROM plants')).map(({ name }) => name);
    const statuses = async () => {
      const { migrations } = await readStatus(test.backend.context, target);
      return Object.fromEntries(migrations.map(({ version, status }) => [version.split('::')[0], status]));
    };
    return { database, target, names, statuses, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() };
  };

  it('one is recorded, one stays pending, one runs all the same, and each is told', async () => {
    await using at = await open(set('marked', 'MARK_RAN'), set('later', 'CONTINUE'), set('anyway', 'WARN'));
    const { plan } = await planMigration(test.backend.context, at.target, { direction: 'up' });
    const told = (step: (typeof plan.steps)[number]) =>
      step.hazards.filter(({ code }) => code === 'conditional').length;
    expect(plan.steps.map(told)).toEqual([0, 1, 1, 1]);
    const { run: done } = await run(test.backend, at.target);
    expect([done.outcome, done.problem]).toEqual(['succeeded', null]);
    expect(done.steps.map(({ outcome }) => outcome)).toEqual(['succeeded', 'succeeded', 'notExecuted', 'succeeded']);
    expect(done.warnings).toEqual([
      expect.stringMatching(/marked.* was recorded without being run/),
      expect.stringMatching(/later.* was not run, and stays pending/),
      expect.stringMatching(/anyway.* runs all the same/),
    ]);
    expect(await at.names()).toEqual(['fern', 'anyway']);
    expect(await at.statuses()).toEqual({ 1: 'applied', marked: 'applied', later: 'pending', anyway: 'applied' });

    await at.database.query('DELETE FROM plants');
    expect((await run(test.backend, at.target)).run.outcome).toBe('succeeded');
    expect(await at.names()).toEqual(['later']);
    expect(await at.statuses()).toMatchObject({ later: 'applied' });
  });

  it('one that is not met ends the run before anything of it, and may simply be tried again', async () => {
    await using at = await open(set('empty', 'HALT'), '--changeset ada:after\nSELECT 1;\n');
    const { run: halted } = await run(test.backend, at.target);
    expect(halted.steps.map(({ outcome }) => outcome)).toEqual(['succeeded', 'rolledBack', 'notExecuted']);
    expect(halted.problem).toMatchObject({ code: 'run.condition', path: 'changelog.sql', line: 6 });
    await at.database.query('DELETE FROM plants');
    expect((await run(test.backend, at.target, { accept: [] })).run.problem).toBeNull();
    expect(await at.names()).toEqual(['empty']);
  });

  it('a question that the server refuses ends the run, whatever is said for an answer', async () => {
    await using at = await open(set('wrong', 'MARK_RAN', '0 SELECT count(*) FROM trees'));
    const { run: failed } = await run(test.backend, at.target);
    expect(failed.problem).toMatchObject({ code: 'database.statementFailed', path: 'changelog.sql' });
    expect(await at.statuses()).toMatchObject({ wrong: 'pending' });
  });

  it('it cannot be written as SQL', async () => {
    await using at = await open(set('marked', 'MARK_RAN'));
    const prepared = await planMigration(test.backend.context, at.target, { direction: 'up' });
    await expect(Array.fromAsync(exportPlanSql(test.backend.context, prepared))).rejects.toMatchObject({
      problem: { code: 'script.notSql', path: 'changelog.sql' },
    });
  });
});
