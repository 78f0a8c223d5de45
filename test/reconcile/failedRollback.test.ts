/** A rollback without a transaction that failed: its entry in the history must not be read as its success. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { reconcileRun } from '../../electron/services/reconcileRun.ts';
import { unavailable } from '../servers/index.ts';
import { adHoc, run, type TestBackend, testBackend, testDatabase, writeFolder } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const script = `-- lockkeeper:up
CREATE TABLE beds (id int);
-- lockkeeper:down
-- lockkeeper:no-transaction
DROP TABLE linen;
DROP TABLE beds;
`;

describe.each(['sqlite', 'postgres15', 'mariadb'] as const)('on %s', (engine) => {
  beforeEach((context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  it('is found not done', async () => {
    await using database = await testDatabase(engine);
    const target = adHoc(database.url, await writeFolder(test.folder, { '1.0.0_beds.sql': script }));
    expect((await run(test.backend, target)).run.outcome).toBe('succeeded');
    const { run: failed } = await run(test.backend, target, { wanted: { direction: 'down', to: '0' } });
    expect(failed.outcome).toBe('failed');
    const wanted = { run: failed.id, target, orphan: 'tell', answer: null, reason: null } as const;
    const { outcome, steps } = await reconcileRun(test.backend.context, wanted);
    expect(outcome).toBe('interrupted');
    expect(steps.map(({ verdict }) => verdict.kind)).toEqual(['notDone']);
  });
});
