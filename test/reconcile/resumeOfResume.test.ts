/** A resume that ends before it has begun anything: resuming that one goes on with the run before it. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { reconcileRun } from '../../electron/services/reconcileRun.ts';
import { prepareResume, startResume } from '../../electron/services/resumeRun.ts';
import { unavailable } from '../servers/index.ts';
import { adHoc, run, type TestBackend, testBackend, testDatabase, writeFolder } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { resume } from './support.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const steps = { postgres15: 'lockkeeper.step', mariadb: 'lockkeeper.step', sqlite: 'lockkeeper_step' };
const script = {
  '1_a.sql': `-- migrate:up transaction:false
CREATE TABLE beds (id int);
INSERT INTO beds VALUES (1);
CREATE TABLE bays (id int);
INSERT INTO linen VALUES (1);
-- migrate:down transaction:false
DROP TABLE bays;
DROP TABLE beds;
`,
};

describe.each(['postgres15', 'mariadb', 'sqlite'] as const)('on %s', (engine) => {
  beforeEach((context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  it.each([
    ['failed', 'resume'],
    ['died', 'resume'],
    ['failed', 'rollBack'],
  ] as const)('what %s, %s', async (ended, action) => {
    await using database = await testDatabase(engine);
    const at = adHoc(database.url, await writeFolder(test.folder, script));
    const { context } = test.backend;
    const { run: first } = await run(test.backend, at);
    if (ended === 'died')
      await database.query(`UPDATE ${steps[engine]} SET state = 'sent' WHERE run_id = '${first.id}'`);
    await using prepared = await prepareResume(context, { run: first.id, target: at, action, reason: 'x', accept: [] });
    const answers = { backup: false, confirm: null, reason: 'x', accept: ['dataLoss'] };
    const second = startResume(context, prepared, { ...answers, fingerprint: null, continueOnError: false });
    context.runs.cancel(second.id);
    expect((await second.finished).outcome).toBe('cancelled');

    await database.query('CREATE TABLE linen (id int)');
    const third = await resume(context, second.id, at);
    expect(third.problem).toBeNull();
    const told = context.workspace.audit.list({ limit: 20 });
    expect(told.find(({ run: id, action: what }) => id === third.id && what !== 'run ended')).toMatchObject({
      detail: { resumes: first.id },
    });
    expect(told.find(({ action: what }) => what === 'resume the run before')).toMatchObject({
      run: second.id,
      detail: { resumes: first.id, reason: 'test' },
    });
    if (action === 'resume') expect(await database.query('SELECT id FROM beds')).toEqual([{ id: 1 }]);
    else await expect(database.query('SELECT id FROM beds')).rejects.toThrow();
  });

  it('a rollback of what was never applied whole is not done because the history has nothing of it', async () => {
    await using database = await testDatabase(engine);
    const at = adHoc(database.url, await writeFolder(test.folder, script));
    const { context } = test.backend;
    const { run: first } = await run(test.backend, at);
    await database.query('ALTER TABLE beds RENAME TO cots');
    const second = await resume(context, first.id, at, 'rollBack');
    expect(second.steps.map(({ outcome }) => outcome)).toEqual(['failed']);
    const view = await reconcileRun(context, {
      ...{ run: second.id, target: at, orphan: 'tell', answer: null, reason: null },
    });
    expect(view.steps[0]?.verdict).toMatchObject({ kind: 'partly', at: { statement: 1 } });
    await database.query('ALTER TABLE cots RENAME TO beds');
    expect((await resume(context, second.id, at)).problem).toBeNull();
    await expect(database.query('SELECT id FROM beds')).rejects.toThrow();
    await expect(resume(context, second.id, at)).rejects.toMatchObject({ problem: { code: 'plan.nothingToDo' } });
  });
});
