/** A rehearsal tells what a plan does, and whether its way back restores schema and rows; nothing of it stays. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unavailable } from '../servers/index.ts';
import { adHoc, engines, run, type TestBackend, testBackend, testDatabase, writeFolder } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { leftovers, rehearsed } from './support.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const people = {
  '1_people.sql':
    "-- migrate:up\ncreate table people (id integer primary key, name varchar(50) not null);\ninsert into people values (1, 'Ada');\n-- migrate:down\ndrop table people;\n",
};

describe.each(engines)('on %s', (engine) => {
  beforeEach((context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  it('runs the plan on a copy, back and forth, and leaves the database as it was', async () => {
    await using database = await testDatabase(engine);
    const source = await writeFolder(test.folder, people);
    const target = adHoc(database.url, source);
    await run(test.backend, target);
    const more = await writeFolder(test.folder, {
      ...people,
      '2_towns.sql':
        '-- migrate:up\ncreate table towns (id integer primary key);\ninsert into towns values (1), (2);\nalter table people add column town integer;\n-- migrate:down\nalter table people drop column town;\ndrop table towns;\n',
    });
    const found = await rehearsed(test, adHoc(database.url, more));
    expect(found.problem).toBeNull();
    expect(found.outcome).toBe('passed');
    expect(found.copy.limits.filter((line) => /^Not made|^Not like/.test(line))).toEqual([]);
    expect(found.steps.map(({ version, outcome, statements }) => [version, outcome, statements.length])).toEqual([
      ['2', 'succeeded', 3],
    ]);
    expect(found.back).toMatchObject({
      versions: ['2'],
      stoppedAt: null,
      schema: [],
      rows: [],
      again: [],
      problem: null,
    });
    expect(found.rows.map(({ before, after }) => [before, after])).toEqual([[null, 2]]);
    await expect(database.query('select * from towns')).rejects.toThrow();
    expect(await leftovers(engine)).toEqual([]);
    const real = await run(test.backend, adHoc(database.url, more));
    expect(real.run.outcome).toBe('succeeded');
  });
});
