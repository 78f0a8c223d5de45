/**
 * The whole backend on a server of which it must think less than it can do: a real PostgreSQL that says of itself that it is
 * CockroachDB, by a function `version()` that stands before the server's own.
 */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { recordExternalBackup } from '../../electron/services/externalBackups.ts';
import { planMigration } from '../../electron/services/planMigration.ts';
import { readStatus } from '../../electron/services/readStatus.ts';
import { openSession, resolveTarget } from '../../electron/services/target.ts';
import { ProblemError } from '../../shared/problem.ts';
import { postgres15, unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { adHoc, run, type TestBackend, testBackend, writeFolder } from './backend.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());
beforeEach((context) => {
  const reason = unavailable('postgres15');
  if (reason !== undefined) skipBecause(context, reason);
});

async function pretending() {
  const database = await (await postgres15()).createDatabase();
  await database.query(
    "CREATE FUNCTION public.version() RETURNS text LANGUAGE sql AS $$ SELECT 'CockroachDB CCL v23.2.4 (x86_64-pc-linux-gnu, built 2024/04/08)' $$",
  );
  await database.query(`ALTER DATABASE "${database.name}" SET search_path = public, pg_catalog`);
  return database;
}

const mixed = {
  '1_people.sql':
    "-- migrate:up\ncreate table people (id integer primary key, name text);\ninsert into people values (1, 'Ada');\ninsert into people values (2, 'Grace');\ncreate index people_name on people (name);\n-- migrate:down\ndrop table people;\n",
};

it('runs statement by statement under a lease, and the plan says so', async () => {
  await using database = await pretending();
  const target = adHoc(database.url, await writeFolder(test.folder, mixed));
  const { plan } = await planMigration(test.backend.context, target, { direction: 'up' });
  expect(plan.warnings.map(({ code }) => code)).toContain('lock.lease');
  expect(plan.steps).toMatchObject([{ transactional: false }]);
  const { run: up } = await run(test.backend, target);
  expect(up).toMatchObject({ outcome: 'succeeded', problem: null });
  expect(await database.query('select id, name from people order by id')).toEqual([
    { id: 1, name: 'Ada' },
    { id: 2, name: 'Grace' },
  ]);
  expect(await database.query('select token, fenced > 0 as fenced from lockkeeper.lease')).toEqual([
    { token: '', fenced: true },
  ]);
  expect(await database.query('select * from lockkeeper.lease_beat')).toEqual([]);
  expect(await readStatus(test.backend.context, target)).toMatchObject({
    product: 'CockroachDB',
    serverVersion: '23.2.4',
    counts: { applied: 1, pending: 0 },
  });
});

it('keeps what was done before a failure, and tells where it stopped', async () => {
  await using database = await pretending();
  const target = adHoc(
    database.url,
    await writeFolder(test.folder, {
      '1_half.sql':
        '-- migrate:up\ncreate table kept (id integer);\ninsert into kept values (1);\ncreate table kept (id integer);\n-- migrate:down\n',
    }),
  );
  const { run: up } = await run(test.backend, target);
  expect(up.outcome).toBe('failed');
  expect(up.steps).toMatchObject([{ outcome: 'failed' }]);
  expect(up.problem).toMatchObject({ line: 4 });
  expect(await database.query('select id from kept')).toEqual([{ id: 1 }]);
});

it('goes no further once its lease is another’s', async () => {
  await using database = await pretending();
  const target = adHoc(
    database.url,
    await writeFolder(test.folder, {
      '1_taken.sql':
        "-- migrate:up\ncreate table before_it (id integer);\nupdate lockkeeper.lease set token = 'another';\ncreate table after_it (id integer);\n-- migrate:down\n",
    }),
  );
  const { run: up } = await run(test.backend, target);
  expect(up.problem).toMatchObject({ code: 'lock.lost' });
  expect(await database.query("select to_regclass('public.after_it') as after_it")).toEqual([{ after_it: null }]);
});

it('is not backed up by a dump program; what others have taken is named', async () => {
  await using database = await pretending();
  const target = adHoc(database.url, await writeFolder(test.folder, mixed));
  const refused = await run(test.backend, target, { backup: true }).then(
    ({ run: up }) => up.problem,
    (thrown: unknown) => (thrown instanceof ProblemError ? thrown.problem : thrown),
  );
  expect(refused).toMatchObject({ code: 'backup.unsupported' });
  expect(await database.query("select to_regclass('public.people') as people")).toEqual([{ people: null }]);
  const about = { name: 'cluster backup 17', reason: 'BACKUP INTO was run' };
  expect(await recordExternalBackup(test.backend.context, target, about)).toMatchObject({ external: about });
});

it('is one server by whatever name, with a session of its own', async () => {
  await using database = await pretending();
  const target = await resolveTarget(test.backend.context, adHoc(database.url, test.folder));
  const session = await openSession(test.backend.context, target, true);
  try {
    expect(session.capabilities).toMatchObject({ transactionalDdl: false, runnerLock: 'lease', dumps: false });
  } finally {
    await session.close();
  }
});
