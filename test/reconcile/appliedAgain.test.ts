/** A migration that the history has already, applied again and killed: its old entry is no proof that it is done. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { listRuns } from '../../electron/services/listRuns.ts';
import { reconcileRun } from '../../electron/services/reconcileRun.ts';
import { unavailable } from '../servers/index.ts';
import { adHoc, run, type TestBackend, testBackend, testDatabase, writeFolder } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { migrating, numberOf, resume, until } from './support.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());
beforeEach((context) => {
  const reason = unavailable('mariadb');
  if (reason !== undefined) skipBecause(context, reason);
});

it('is gone on with', { timeout: 60_000 }, async () => {
  await using database = await testDatabase('mariadb');
  const folder = async (more: string) =>
    adHoc(
      database.url,
      await writeFolder(test.folder, {
        'flyway.toml': '[flyway]\n',
        'R__view.sql': `create or replace view beds as select 1 as id;\n${more}`,
      }),
    );
  expect((await run(test.backend, await folder(''))).run.outcome).toBe('succeeded');
  const target = await folder('do sleep(60);\ncreate table linen (id int);\n');
  const dying = migrating({ dataDirectory: test.backend.context.workspace.dataDirectory, target });
  const asleep = "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND INFO LIKE 'do sleep%'";
  await until(async () => (await numberOf(database, asleep)) === 1);
  await dying.kill();
  const [last] = await listRuns(test.backend.context, { environment: null, adHoc: null, limit: 1 });
  const id = last?.id ?? '';
  const request = { run: id, target, orphan: 'cancel', answer: null, reason: null } as const;
  const view = await reconcileRun(test.backend.context, request);
  expect(view.steps[0]?.verdict.kind).not.toBe('done');
  await reconcileRun(test.backend.context, { ...request, answer: 'done', reason: 'it only sleeps' });
  expect((await resume(test.backend.context, id, target)).outcome).toBe('succeeded');
  expect(await database.query("SHOW TABLES LIKE 'linen'")).toHaveLength(1);
});
