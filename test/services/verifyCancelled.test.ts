/** A verify script may take as long as any other: whoever cancels must not have to wait for it. */
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startRun } from '../../electron/services/startRun.ts';
import { unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { adHoc, type TestBackend, testBackend, testDatabase, writeFolder } from './backend.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const forHours = {
  postgres15: 'select pg_sleep(7200);',
  mariadb: 'select sleep(7200);',
  sqlite: 'with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n;',
} as const;

describe.each(['postgres15', 'mariadb', 'sqlite'] as const)('on %s', (engine) => {
  beforeEach((context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  it('ends at once, with the migration applied and said to be unverified', async () => {
    await using database = await testDatabase(engine);
    const source = await writeFolder(test.folder, {
      'lockkeeper.json': '{ "lockkeeper": 1 }',
      '1_a.sql': `-- lockkeeper:up\ncreate table a (id int);\n-- lockkeeper:verify\nselect count(*) from a;\n${forHours[engine]}\n`,
    });
    const { context } = test.backend;
    const started = await startRun(context, {
      target: adHoc(database.url, source),
      wanted: { direction: 'up' },
      fingerprint: null,
      backup: false,
      confirm: null,
      reason: null,
      accept: [],
      continueOnError: false,
    });
    for await (const record of context.runs.watch(started.id, 0, new AbortController().signal)) {
      if (record.type !== 'phaseStarted' || record.phase !== 'verify') continue;
      // As a person does: not in the middle of what the program does in one go.
      await setImmediate();
      context.runs.cancel(started.id);
    }
    const run = await started.finished;
    expect(run).toMatchObject({ outcome: 'cancelled', problem: { code: 'run.cancelled' }, warnings: [] });
    expect(run.steps[0]?.outcome).toBe('succeeded');
    expect(await database.query('select * from a')).toEqual([]);
  });
});
