/** One history table has one lock and one journal, however it is named; tables of one name in two schemas have two. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { lockName } from '../../electron/services/lockName.ts';
import { readSource } from '../../electron/services/readSource.ts';
import { openSession, resolveTarget } from '../../electron/services/target.ts';
import { verifyHistory } from '../../electron/services/verifyHistory.ts';
import { unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { run, type TestBackend, testBackend, testDatabase, writeFolder } from './backend.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const files = { '1_a.sql': '-- migrate:up\ncreate table a (id int);\n-- migrate:down\n' };

function targetOf(url: string, source: string, historyTable: string) {
  return { kind: 'adHoc', url, overrides: { path: source, historyTable } } as const;
}

async function lockOf(url: string, source: string, historyTable = 'schema_migrations'): Promise<string> {
  const { context } = test.backend;
  const target = await resolveTarget(context, targetOf(url, source, historyTable));
  const session = await openSession(context, target, true);
  try {
    return lockName(session, await readSource(target));
  } finally {
    await session.close();
  }
}

describe.each(['postgres15', 'mariadb'] as const)('on %s', (engine) => {
  beforeEach((context) => {
    const reason = unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  it('is the same with its schema and without', async () => {
    await using database = await testDatabase(engine);
    const source = await writeFolder(test.folder, files);
    const home = engine === 'mariadb' ? new URL(database.url).pathname.slice(1) : 'public';
    const full = `${home}.schema_migrations`;
    expect(await lockOf(database.url, source)).toBe(await lockOf(database.url, source, full));

    await run(test.backend, targetOf(database.url, source, full));
    await database.query('delete from schema_migrations');
    const report = await verifyHistory(test.backend.context, targetOf(database.url, source, 'schema_migrations'));
    expect(report.findings).toMatchObject([{ kind: 'journal', version: '1' }]);
  });
});

it('of each tenant is its own', async (context) => {
  const reason = unavailable('postgres15');
  if (reason !== undefined) skipBecause(context, reason);
  await using database = await testDatabase('postgres15');
  await database.query('create schema one');
  await database.query('create schema two');
  const source = await writeFolder(test.folder, files);
  const urlOf = (schema: string) => `${database.url}?search_path=${schema}`;
  expect(await lockOf(urlOf('one'), source)).not.toBe(await lockOf(urlOf('two'), source));
  for (const schema of ['one', 'two']) {
    const target = targetOf(urlOf(schema), source, 'schema_migrations');
    expect((await run(test.backend, target)).run.problem).toBeNull();
    expect(await database.query(`select * from ${schema}.schema_migrations`)).toHaveLength(1);
  }
  await database.query('delete from two.schema_migrations');
  const one = await verifyHistory(test.backend.context, targetOf(urlOf('one'), source, 'schema_migrations'));
  expect(one.findings).toEqual([]);
});
