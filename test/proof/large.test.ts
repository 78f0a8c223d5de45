/** Backups large enough to be restored by several connections; where one of them fails, nothing is left. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBackup } from '../../electron/services/startBackup.ts';
import { change } from '../restore/databases.ts';
import { unavailable } from '../servers/index.ts';
import { adHoc, type TestBackend, testBackend, testDatabase } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

/** Some 20 MB that do not compress, in two tables of which one refers to the other, and a trigger that counts. */
const statements = {
  postgres15: [
    'CREATE EXTENSION pgcrypto',
    'CREATE TABLE scan (id serial PRIMARY KEY, noise bytea)',
    'INSERT INTO scan (noise) SELECT gen_random_bytes(1000) FROM generate_series(1, 20000)',
    'CREATE TABLE page (id serial PRIMARY KEY, scan integer NOT NULL REFERENCES scan, name text UNIQUE)',
    "INSERT INTO page (scan, name) SELECT id, 'page ' || id FROM scan",
  ],
  mariadb: [
    'CREATE TABLE scan (id integer AUTO_INCREMENT PRIMARY KEY, noise blob)',
    'INSERT INTO scan (noise) SELECT random_bytes(1000) FROM seq_1_to_20000',
    'CREATE TABLE page (id integer AUTO_INCREMENT PRIMARY KEY, scan integer NOT NULL, name varchar(40) UNIQUE, FOREIGN KEY (scan) REFERENCES scan (id))',
    "INSERT INTO page (scan, name) SELECT id, concat('page ', id) FROM scan",
    'CREATE TABLE counted (number integer)',
    'INSERT INTO counted VALUES (0)',
    'CREATE TRIGGER counts AFTER INSERT ON scan FOR EACH ROW UPDATE counted SET number = number + 1',
  ],
} as const;

describe.each(['postgres15', 'mariadb'] as const)('%s', (engine) => {
  it('is restored by several connections and proven', async (context) => {
    const reason = unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
    await using database = await testDatabase(engine);
    for (const sql of statements[engine]) await change(database, sql);
    const target = adHoc(database.url, test.folder);
    const { finished } = await startBackup(test.backend.context, target, { prove: [] });
    const run = await finished;
    expect(run.problem).toBeNull();
    expect(run.finishedPhases).toEqual(['backup', 'check', 'prove']);
    const [backup] = test.backend.context.workspace.backups.list({ environment: run.environment });
    expect(backup?.bytes).toBeGreaterThan(16 << 20);
    expect(backup).toMatchObject({ level: 'proven', problem: null, checkedAt: expect.any(String) });
    expect(backup?.proof).toMatchObject({ notDigested: [], rows: engine === 'mariadb' ? 40_001 : 40_000 });
    expect(await readdir(path.join(test.folder, 'data', 'copies'))).toEqual([]);
    expect((await readdir(path.dirname(backup?.path ?? ''))).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });
});
