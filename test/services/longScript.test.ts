/** Scripts that travel in several messages, of which the next is collected while one is on its way. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unavailable } from '../servers/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { adHoc, engines, run, type TestBackend, testBackend, testDatabase, writeFolder } from './backend.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const note = 'x'.repeat(1000);
const insert = (id: number): string => `insert into notes values (${id}, '${note}');\n`;
/** 5 MB: two messages and more on every engine. */
const rows = 5000;
const inserts = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => insert(from + index)).join('');

const setup = '-- migrate:up\ncreate table notes (id integer primary key, note varchar(2000));\n-- migrate:down\n';

describe.each(engines)('on %s', (engine) => {
  beforeEach((context) => {
    const reason = engine === 'sqlite' ? undefined : unavailable(engine);
    if (reason !== undefined) skipBecause(context, reason);
  });

  it('each statement is run once and counted once', async () => {
    await using database = await testDatabase(engine);
    const files = { '1_notes.sql': setup, '2_rows.sql': `-- migrate:up\n${inserts(0, rows)}-- migrate:down\n` };
    const { run: up } = await run(test.backend, adHoc(database.url, await writeFolder(test.folder, files)));
    expect(up.steps.map((step) => [step.outcome, step.done])).toEqual([
      ['succeeded', 1],
      ['succeeded', rows],
    ]);
    const [found] = await database.query('select count(*) as found from notes');
    expect(Number(found?.['found'])).toBe(rows);
  });

  it.each([100, rows - 100])(
    'a failure at line %i is told in its place, and nothing of the script remains',
    async (at) => {
      await using database = await testDatabase(engine);
      const script = `-- migrate:up\n${inserts(0, at)}${insert(0)}${inserts(at, rows)}-- migrate:down\n`;
      const files = { '1_notes.sql': setup, '2_rows.sql': script };
      const { run: up } = await run(test.backend, adHoc(database.url, await writeFolder(test.folder, files)));
      expect(up.steps.map((step) => step.outcome)).toEqual(['succeeded', 'rolledBack']);
      expect(up.problem).toMatchObject({ code: 'database.statementFailed', line: at + 2 });
      const [found] = await database.query('select count(*) as found from notes');
      expect(Number(found?.['found'])).toBe(0);
    },
  );
});
