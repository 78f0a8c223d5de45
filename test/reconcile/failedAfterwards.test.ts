/** What fails after a statement that is sent alone, and done: going on must not run that one again. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unavailable } from '../servers/index.ts';
import {
  adHoc,
  run,
  type TestBackend,
  type TestDatabase,
  testBackend,
  testDatabase,
  writeFolder,
} from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { resume } from './support.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const script = (up: string) => ({
  '0_begin.sql': '-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 1;\n',
  '1_a.sql': `-- migrate:up transaction:false\n${up}\n-- migrate:down\nSELECT 1;\n`,
});

interface Engine {
  /** Sent alone, and fails when it is sent twice. */
  readonly alone: string;
  /** Nobody can write the history. */
  readonly refuse: readonly string[];
  readonly allow: readonly string[];
}

const engines: Readonly<Record<'postgres15' | 'mariadb' | 'sqlite', Engine>> = {
  postgres15: {
    alone: 'CREATE INDEX CONCURRENTLY by_id ON beds (id);',
    refuse: [
      "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not now'; END $$",
      'CREATE TRIGGER refuse BEFORE INSERT ON schema_migrations FOR EACH ROW EXECUTE FUNCTION refuse()',
    ],
    allow: ['DROP TRIGGER refuse ON schema_migrations', 'DROP FUNCTION refuse'],
  },
  mariadb: {
    alone: 'CREATE INDEX by_id ON beds (id);',
    refuse: [
      "CREATE TRIGGER refuse BEFORE INSERT ON schema_migrations FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'not now'",
    ],
    allow: ['DROP TRIGGER refuse'],
  },
  sqlite: {
    alone: 'BEGIN; CREATE INDEX by_id ON beds (id); COMMIT;',
    refuse: ["CREATE TRIGGER refuse BEFORE INSERT ON schema_migrations BEGIN SELECT raise(ABORT, 'not now'); END"],
    allow: ['DROP TRIGGER refuse'],
  },
};

describe.each(['postgres15', 'mariadb', 'sqlite'] as const)('on %s', (name) => {
  const { alone, refuse, allow } = engines[name];
  beforeEach((context) => {
    const reason = name === 'sqlite' ? undefined : unavailable(name);
    if (reason !== undefined) skipBecause(context, reason);
  });

  async function prepared(database: TestDatabase, up: string) {
    const at = adHoc(database.url, await writeFolder(test.folder, script(up)));
    await database.query('CREATE TABLE beds (id int)');
    // So that the history is there.
    await run(test.backend, at, { wanted: { direction: 'up', to: '0' } });
    return at;
  }

  it('the next statement', async () => {
    await using database = await testDatabase(name);
    const at = await prepared(database, `${alone}\nINSERT INTO linen VALUES (1);`);
    const { run: first } = await run(test.backend, at);
    expect(first.steps.map(({ outcome }) => outcome)).toEqual(['failed']);
    await database.query('CREATE TABLE linen (id int)');
    expect((await resume(test.backend.context, first.id, at)).problem).toBeNull();
    expect(await database.query('SELECT id FROM linen')).toEqual([{ id: 1 }]);
  });

  it('the row of the history', async () => {
    await using database = await testDatabase(name);
    const at = await prepared(database, `INSERT INTO beds VALUES (1);\n${alone}`);
    for (const sql of refuse) await database.query(sql);
    const { run: first } = await run(test.backend, at);
    expect(first.problem?.message).toBe('Migration 1 could not be completed.');
    for (const sql of allow) await database.query(sql);
    const resumed = await resume(test.backend.context, first.id, at).catch((thrown: unknown) => thrown);
    // All of it was done: only the history was missing, and reconciling wrote it.
    expect(resumed).toMatchObject({ problem: { code: 'plan.nothingToDo' } });
    expect(await database.query('SELECT id FROM beds')).toEqual([{ id: 1 }]);
    await expect(run(test.backend, at)).rejects.toMatchObject({ problem: { code: 'plan.nothingToDo' } });
  });
});
