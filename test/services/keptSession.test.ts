import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { planToRun } from '../../electron/services/planMigration.ts';
import { startPlanned } from '../../electron/services/startRun.ts';
import { postgres15, unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { adHoc, run, type TestBackend, testBackend, testDatabase, writeFolder } from './backend.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());
beforeEach((context) => {
  const reason = unavailable('postgres15');
  if (reason !== undefined) skipBecause(context, reason);
});

const up = { direction: 'up' } as const;
const request = {
  wanted: up,
  fingerprint: null,
  backup: false,
  confirm: null,
  reason: null,
  continueOnError: false,
};

/** Sessions of Lockkeeper in that database, by process id. */
async function sessions(url: string): Promise<number[]> {
  const server = await postgres15();
  const rows = await server.query(
    "SELECT pid FROM pg_stat_activity WHERE datname = $1 AND application_name LIKE 'lockkeeper%'",
    [new URL(url).pathname.slice(1)],
  );
  return rows.map((row) => Number(row['pid']));
}

const pidOf = async (url: string, sql: string): Promise<number> => {
  await using client = await openClient(url);
  const [row] = await client.query(sql);
  return Number(row?.['pid']);
};

async function openClient(url: string) {
  const server = await postgres15();
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url, application_name: `test of ${server.kind}` });
  await client.connect();
  return {
    query: async (sql: string) => (await client.query<Record<string, unknown>>(sql)).rows,
    [Symbol.asyncDispose]: () => client.end(),
  };
}

it('the run goes on in the session that its plan was read in', async () => {
  await using database = await testDatabase('postgres15');
  const source = await writeFolder(test.folder, {
    '1_pid.sql': '-- migrate:up\ncreate table session as select pg_backend_pid() as pid;\n-- migrate:down\n',
  });
  await using plan = await planToRun(test.backend.context, adHoc(database.url, source), up);
  const planned = await sessions(database.url);
  const started = startPlanned(test.backend.context, plan, { ...request, accept: [] });
  expect((await started.finished).outcome).toBe('succeeded');
  expect(planned).toEqual([await pidOf(database.url, 'SELECT pid FROM session')]);
});

it('a run that is refused leaves no session behind', async () => {
  await using database = await testDatabase('postgres15');
  await database.query('create table old (id integer)');
  const source = await writeFolder(test.folder, { '1_drop.sql': '-- migrate:up\ndrop table old;\n-- migrate:down\n' });
  await expect(run(test.backend, adHoc(database.url, source, 'production'), { accept: [] })).rejects.toThrow();
  expect(await sessions(database.url)).toEqual([]);
});

it('a plan that is not run leaves no session behind', async () => {
  await using database = await testDatabase('postgres15');
  const source = await writeFolder(test.folder, { '1_no.sql': '-- migrate:up\nselect 1;\n-- migrate:down\n' });
  {
    await using _plan = await planToRun(test.backend.context, adHoc(database.url, source), up);
  }
  expect(await sessions(database.url)).toEqual([]);
});
