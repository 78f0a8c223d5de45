/** Batched statements killed at any moment go on where they stopped; SQLite's scripts without a transaction likewise. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listRuns } from '../../electron/services/listRuns.ts';
import { reconcileRun } from '../../electron/services/reconcileRun.ts';
import { unavailable } from '../servers/index.ts';
import {
  adHoc,
  run,
  type TestBackend,
  type TestEngine,
  testBackend,
  testDatabase,
  writeFolder,
} from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { migrating, numberOf, resume, until } from './support.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

async function lastRun(): Promise<string> {
  const [newest] = await listRuns(test.backend.context, { environment: null, adHoc: null, limit: 1 });
  if (newest === undefined) throw new Error('no run was begun');
  return newest.id;
}

const rows = 3_000;
const series: Readonly<Record<TestEngine, string>> = {
  postgres15: `SELECT g, 0 FROM generate_series(1, ${rows}) g`,
  postgres18: '',
  mariadb: `SELECT seq, 0 FROM seq_1_to_${rows}`,
  sqlite: `WITH RECURSIVE g(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n < ${rows}) SELECT n, 0 FROM g`,
};
const nextTen = {
  postgres15: `id IN (SELECT id FROM patient WHERE moved = 0 ORDER BY id LIMIT \${batchSize})`,
  mariadb: `moved = 0 ORDER BY id LIMIT \${batchSize}`,
  sqlite: `id IN (SELECT id FROM patient WHERE moved = 0 ORDER BY id LIMIT \${batchSize})`,
};

describe.each(['postgres15', 'mariadb', 'sqlite'] as const)('on %s', (engine) => {
  beforeEach((context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  it('a batched UPDATE that is killed moves every row once', { timeout: 120_000 }, async () => {
    await using database = await testDatabase(engine);
    const folder = await writeFolder(test.folder, {
      '1_move.sql': `-- lockkeeper:no-transaction
CREATE TABLE patient (id INTEGER, moved INTEGER);
INSERT INTO patient ${series[engine]};
-- lockkeeper:batch size=10
UPDATE patient SET moved = moved + 1 WHERE ${nextTen[engine]};
INSERT INTO patient VALUES (0, 1);
`,
    });
    const target = { ...adHoc(database.url, folder), overrides: { path: folder, tool: 'lockkeeper' } };
    const order = { dataDirectory: test.backend.context.workspace.dataDirectory, target };
    let finished = false;
    let before: string | null = null;
    for (let enough = 200; !finished; enough += 400) {
      const dying = before === null ? migrating(order) : migrating({ ...order, resume: before });
      const ended = dying.ended.then(() => true);
      const moved = until(
        async () => (await numberOf(database, 'SELECT count(*) FROM patient WHERE moved = 1')) > enough,
      );
      finished = await Promise.race([ended, moved.then(() => false)]);
      if (finished) break;
      await dying.kill();
      before = await lastRun();
      const view = await reconcileRun(test.backend.context, {
        ...{ run: before, target, orphan: 'wait', answer: null, reason: null },
      });
      expect(view.problem).toBeNull();
      if (view.outcome === 'succeeded') break;
      expect(view.steps[0]?.verdict.kind).toBe('partly');
    }
    expect(await database.query('SELECT moved, count(*) AS n FROM patient GROUP BY moved')).toEqual([
      { moved: 1, n: engine === 'postgres15' ? String(rows + 1) : rows + 1 },
    ]);
  });
});

describe('on sqlite', () => {
  it('a script without a transaction goes on after what is committed', { timeout: 60_000 }, async () => {
    await using database = await testDatabase('sqlite');
    const folder = await writeFolder(test.folder, {
      '20260101000001_a.sql': `-- migrate:up transaction:false
CREATE TABLE patient (id INTEGER);
INSERT INTO patient VALUES (1);
VACUUM;
INSERT INTO patient WITH RECURSIVE g(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM g WHERE n < 3000000) SELECT 2 FROM g WHERE n = 3000000;
INSERT INTO patient VALUES (3);
-- migrate:down
DROP TABLE patient;
`,
    });
    const target = adHoc(database.url, folder);
    const dying = migrating({ dataDirectory: test.backend.context.workspace.dataDirectory, target });
    await until(async () => (await numberOf(database, 'SELECT statement FROM lockkeeper_step')) === 3);
    await dying.kill();
    const id = await lastRun();
    const view = await reconcileRun(test.backend.context, {
      run: id,
      target,
      orphan: 'wait',
      answer: null,
      reason: null,
    });
    expect(view.problem).toBeNull();
    expect(view.steps[0]?.verdict).toMatchObject({ kind: 'partly' });
    expect((await resume(test.backend.context, id, target)).outcome).toBe('succeeded');
    expect(await database.query('SELECT id FROM patient ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
    expect(await database.query('SELECT version FROM schema_migrations')).toEqual([{ version: '20260101000001' }]);
    await expect(run(test.backend, target)).rejects.toMatchObject({ problem: { code: 'plan.nothingToDo' } });
  });
});
