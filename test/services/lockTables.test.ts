/** Dumps as migrations: between LOCK TABLES and UNLOCK TABLES nothing of ours can be written. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { planMigration } from '../../electron/services/planMigration.ts';
import { readStatus } from '../../electron/services/readStatus.ts';
import { unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { adHoc, run, type TestBackend, testBackend, testDatabase, writeFolder } from './backend.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

async function target(url: string, files: Readonly<Record<string, string>>) {
  return adHoc(url, await writeFolder(test.folder, { 'lockkeeper.json': '{ "lockkeeper": 1 }', ...files }));
}

const dump = `/*!40101 SET NAMES utf8mb4 */;
DROP TABLE IF EXISTS \`plants\`;
CREATE TABLE \`plants\` (id int PRIMARY KEY, name varchar(20));
LOCK TABLES \`plants\` WRITE;
/*!40000 ALTER TABLE \`plants\` DISABLE KEYS */;
INSERT INTO \`plants\` VALUES (1, 'Fern');
INSERT INTO \`plants\` VALUES (2, 'Ivy');
/*!40000 ALTER TABLE \`plants\` ENABLE KEYS */;
UNLOCK TABLES;
INSERT INTO plants VALUES (3, 'Olive');
`;

describe('on mariadb', () => {
  beforeEach((context) => {
    const reason = unavailable('mariadb');
    if (reason !== undefined) skipBecause(context, reason);
  });

  it('runs a dump that locks its tables', async () => {
    await using database = await testDatabase('mariadb');
    const { run: up } = await run(test.backend, await target(database.url, { '1_dump.sql': dump }));
    expect(up.problem).toBeNull();
    expect(up.steps[0]).toMatchObject({ outcome: 'succeeded', done: 10, statements: 10 });
    expect(await database.query('select count(*) as plants from plants')).toEqual([{ plants: 3 }]);
    expect(
      await database.query(`select state, statement from lockkeeper.step where run_id = '${up.id}'`),
    ).toMatchObject([{ state: 'done' }]);
  });

  it.each([
    [
      'UNLOCK TABLES is missing',
      dump.replace('UNLOCK TABLES;', '').replace("INSERT INTO plants VALUES (3, 'Olive');", ''),
    ],
    ['FLUSH TABLES locks them', `${dump}FLUSH TABLES plants WITH READ LOCK;\nSELECT * FROM plants;\n`],
  ])('records the step where %s', async (_, sql) => {
    await using database = await testDatabase('mariadb');
    const folder = await target(database.url, {
      '1_dump.sql': sql,
      '2_more.sql': "INSERT INTO plants VALUES (9, 'Oak');\n",
    });
    const { run: up } = await run(test.backend, folder);
    expect([up.problem, up.warnings]).toEqual([null, []]);
    expect((await readStatus(test.backend.context, folder)).counts).toMatchObject({ applied: 2 });
  });

  it('frees the tables and records the failure where a statement between fails', async () => {
    await using database = await testDatabase('mariadb');
    const folder = await target(database.url, { '1_dump.sql': dump.replace('(2,', '(1,') });
    const { run: up } = await run(test.backend, folder);
    expect(up.problem).toMatchObject({ code: 'database.statementFailed', line: 7 });
    expect(up.steps[0]?.outcome).toBe('failed');
    expect(up.warnings).toEqual([]);
    expect((await readStatus(test.backend.context, folder)).counts).toMatchObject({ failed: 1 });
    expect(await database.query('select count(*) as plants from plants')).toEqual([{ plants: 1 }]);
  });

  it('refuses a batched statement between them', async () => {
    await using database = await testDatabase('mariadb');
    const folder = await target(database.url, {
      '1_a.sql':
        '-- lockkeeper:no-transaction\nLOCK TABLES a WRITE;\n-- lockkeeper:batch\nDELETE FROM a LIMIT 1;\nUNLOCK TABLES;\n',
    });
    const { plan } = await planMigration(test.backend.context, folder, { direction: 'up' });
    expect(plan.problems).toMatchObject([{ code: 'script.directive', line: 4 }]);
  });
});
