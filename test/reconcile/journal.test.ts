/** The journal across versions, computers and restored databases. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listRuns } from '../../electron/services/listRuns.ts';
import { reconcileRun } from '../../electron/services/reconcileRun.ts';
import { unavailable } from '../servers/index.ts';
import { adHoc, run, type TestBackend, testBackend, testDatabase, writeFolder } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { resume } from './support.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const script = (up: string) => ({
  '20260101000001_a.sql': `-- migrate:up transaction:false\n${up}\n-- migrate:down\nDROP TABLE patient;\n`,
});
const lastRun = async (): Promise<string> =>
  (await listRuns(test.backend.context, { environment: null, adHoc: null, limit: 1 }))[0]?.id ?? '';
const ask = (id: string, target: ReturnType<typeof adHoc>) =>
  reconcileRun(test.backend.context, { run: id, target, orphan: 'wait', answer: null, reason: null });

describe.each(['postgres15', 'sqlite'] as const)('on %s', (engine) => {
  const table = (name: string) => (engine === 'sqlite' ? `lockkeeper_${name}` : `lockkeeper.${name}`);
  const skipWithout = (context: Parameters<typeof skipBecause>[0]): void => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  };

  it('tables of an earlier version get what they lack, and keep their rows', async (context) => {
    skipWithout(context);
    await using database = await testDatabase(engine);
    const first = await writeFolder(test.folder, script('CREATE TABLE patient (id int);'));
    expect((await run(test.backend, adHoc(database.url, first))).run.outcome).toBe('succeeded');
    for (const column of ['part', 'sending', 'statement_text', 'line', 'note'])
      await database.query(`ALTER TABLE ${table('step')} DROP COLUMN ${column}`);
    for (const column of ['versions', 'resumes'])
      await database.query(`ALTER TABLE ${table('run')} DROP COLUMN ${column}`);
    // Questions work on them as they are.
    expect((await ask(await lastRun(), adHoc(database.url, first))).outcome).toBe('succeeded');
    const second = await writeFolder(test.folder, {
      ...script('CREATE TABLE patient (id int);'),
      '20260101000002_b.sql':
        '-- migrate:up transaction:false\nCREATE TABLE ward (id int);\n-- migrate:down\nDROP TABLE ward;\n',
    });
    expect((await run(test.backend, adHoc(database.url, second))).run.problem).toBeNull();
    const rows = await database.query(`SELECT version, state, sending FROM ${table('step')} ORDER BY version`);
    expect(rows).toEqual([
      { version: '20260101000001', state: 'done', sending: null },
      { version: '20260101000002', state: 'done', sending: 'together' },
    ]);
  });

  it('a script that failed half-way goes on at the statement that failed, with its first error kept', async (context) => {
    skipWithout(context);
    await using database = await testDatabase(engine);
    const target = adHoc(
      database.url,
      await writeFolder(
        test.folder,
        script('CREATE TABLE patient (id int);\nINSERT INTO patient VALUES (1);\nINSERT INTO ward VALUES (2);'),
      ),
    );
    const { run: failed } = await run(test.backend, target);
    expect(failed.steps[0]?.outcome).toBe('failed');
    expect(failed.next.some((command) => command.includes(`run resume ${failed.id}`))).toBe(true);
    const view = await ask(failed.id, target);
    expect(view.steps[0]).toMatchObject({ verdict: { kind: 'partly', at: { statement: 2 } } });
    expect(view.steps[0]?.error).toContain('INSERT INTO ward');
    await database.query('CREATE TABLE ward (id int)');
    expect((await resume(test.backend.context, failed.id, target)).outcome).toBe('succeeded');
    expect(await database.query('SELECT id FROM patient')).toEqual([{ id: 1 }]);
    expect(await database.query('SELECT id FROM ward')).toEqual([{ id: 2 }]);
    const [row] = await database.query(`SELECT error FROM ${table('step')} WHERE run_id = '${failed.id}'`);
    expect(String(row?.['error'])).toContain('INSERT INTO ward');
  });

  it('a script is not gone on with inside once it was changed, or when it made a temporary table', async (context) => {
    skipWithout(context);
    await using database = await testDatabase(engine);
    const folder = await writeFolder(
      test.folder,
      script('CREATE TABLE patient (id int);\nCREATE TEMPORARY TABLE kept (id int);\nINSERT INTO ward VALUES (2);'),
    );
    const target = adHoc(database.url, folder);
    const { run: failed } = await run(test.backend, target);
    await database.query('CREATE TABLE ward (id int)');
    await expect(resume(test.backend.context, failed.id, target)).rejects.toMatchObject({
      problem: { code: 'plan.notRunnable', message: expect.stringContaining('temporary table') },
    });
    const changed = await writeFolder(
      test.folder,
      script('CREATE TABLE patient (id int);\nINSERT INTO ward VALUES (3);'),
    );
    await expect(resume(test.backend.context, failed.id, adHoc(database.url, changed))).rejects.toMatchObject({
      problem: { code: 'plan.changed' },
    });
  });

  it('a database that was restored to an earlier state is told as such', async (context) => {
    skipWithout(context);
    await using database = await testDatabase(engine);
    const target = adHoc(database.url, await writeFolder(test.folder, script('CREATE TABLE patient (id int);')));
    const { run: up } = await run(test.backend, target);
    await database.query('DROP TABLE patient');
    await database.query(`DELETE FROM ${table('step')}`);
    await database.query('DELETE FROM schema_migrations');
    const view = await ask(up.id, target);
    expect(view.steps[0]?.verdict).toEqual({ kind: 'notDone' });
    expect(view.contradictions).toEqual([expect.stringContaining('restored to an earlier state')]);
  });
});

describe.each([
  { engine: 'postgres15', statement: "CREATE ROLE desk_of_nobody PASSWORD 'hush-hush-1' NONSENSE" },
  { engine: 'mariadb', statement: "CREATE USER desk_of_nobody IDENTIFIED BY 'hush-hush-1' NONSENSE" },
] as const)('on $engine', ({ engine, statement }) => {
  it('keeps no password that a statement sets', async (context) => {
    const reason = unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
    await using database = await testDatabase(engine);
    const target = adHoc(database.url, await writeFolder(test.folder, script(`${statement};`)));
    const { run: failed } = await run(test.backend, target);
    expect(failed.problem).not.toBeNull();
    const rows = await database.query(`SELECT * FROM lockkeeper.step WHERE run_id = '${failed.id}'`);
    expect(rows).toMatchObject([{ error: expect.stringContaining('desk_of_nobody') }]);
    expect(JSON.stringify(rows)).not.toContain('hush');
  });
});
