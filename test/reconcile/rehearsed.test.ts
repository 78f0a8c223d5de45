/** A statement of which the catalogue alone cannot tell whether it took effect is settled by what its rehearsal saw. */
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { probe } from '../../electron/databases/mysql/probe.ts';
import { listRuns } from '../../electron/services/listRuns.ts';
import { reconcileRun } from '../../electron/services/reconcileRun.ts';
import { rehearsed } from '../rehearsal/support.ts';
import { unavailable } from '../servers/index.ts';
import { adHoc, run, type TestBackend, testBackend, testDatabase, writeFolder } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { migrating, numberOf, until } from './support.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());
beforeEach((context) => {
  const reason = unavailable('mariadb');
  if (reason !== undefined) skipBecause(context, reason);
});

/** What stands in such a comment depends on the server's version: nothing is promised of its effect. */
const statement = 'ALTER TABLE patient /*M!100100 ADD COLUMN age INT, ALGORITHM=COPY */';

const added = "SELECT COUNT(*) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND COLUMN_NAME = 'age'";

const first = {
  '1_a.sql': `-- migrate:up
CREATE TABLE ward (id INT PRIMARY KEY);
CREATE TABLE patient (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(40), ward INT, FOREIGN KEY (ward) REFERENCES ward (id));
-- migrate:down
DROP TABLE patient, ward;
`,
};
const both = {
  ...first,
  '2_b.sql': `-- migrate:up
${statement};
-- migrate:down
ALTER TABLE patient DROP COLUMN age;
`,
};

it.each([
  { rehearsal: false, told: /neither as it was before/, verdict: 'unknown' },
  { rehearsal: true, told: /as a rehearsal left it/, verdict: 'done' },
])('with a rehearsal: $rehearsal', { timeout: 120_000 }, async ({ rehearsal, told, verdict }) => {
  const { context } = test.backend;
  expect(probe(statement)).toMatchObject({ effect: null, repeatable: false });
  await using database = await testDatabase('mariadb');
  await run(test.backend, adHoc(database.url, await writeFolder(test.folder, first)));
  await database.query("INSERT INTO patient (name) SELECT CONCAT('name ', seq) FROM seq_1_to_300000");
  const target = adHoc(database.url, await writeFolder(test.folder, both));
  if (rehearsal) expect(await rehearsed(test, target)).toMatchObject({ outcome: 'passed', problem: null });

  const dying = migrating({ dataDirectory: context.workspace.dataDirectory, target });
  const session = 'SELECT ID FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND ID <> CONNECTION_ID()';
  let orphan = 0;
  await until(async () => {
    orphan = await numberOf(database, `${session} AND INFO LIKE 'ALTER TABLE patient%'`);
    return orphan > 0;
  });
  const [newest] = await listRuns(context, { environment: null, adHoc: null, limit: 1 });
  const id = newest?.id ?? '';
  // The server has the rest of the script, too: what follows the statement must wait until there is nobody to do it.
  const blocking = await createConnection(database.url);
  try {
    await blocking.query('BEGIN');
    await blocking.query('SELECT * FROM lockkeeper.step WHERE run_id = ? FOR UPDATE', [id]);
    await dying.kill();
    await until(async () => (await numberOf(database, added)) === 1);
    await database.query(`KILL ${orphan}`);
    await until(async () => (await numberOf(database, `${session} AND ID = ${orphan}`)) === 0);
  } finally {
    await blocking.end();
  }
  const ask = { run: id, target, orphan: 'wait', answer: null, reason: null } as const;
  const view = await reconcileRun(context, ask);
  expect(view.steps).toMatchObject([{ verdict: { kind: verdict }, evidence: expect.stringMatching(told) }]);
  expect(view.problem?.code ?? null).toBe(rehearsal ? null : 'run.unknown');
  if (!rehearsal) return;
  expect(await database.query('SELECT version FROM schema_migrations ORDER BY version')).toEqual([
    { version: '1' },
    { version: '2' },
  ]);
});
