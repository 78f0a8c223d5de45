// Scripts that assume what the server does not have: in every tool's tree a Problem with file, line and remedy.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { planMigration } from '../../electron/services/planMigration.ts';
import type { TargetRequest } from '../../electron/services/target.ts';
import { unavailable } from '../servers/index.ts';
import { run, type TestBackend, testBackend, testDatabase } from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { folderOf } from '../tools/folder.ts';
import { type Files, type Layout, layouts, type Written } from './messyTrees.ts';

/** Tools whose migrations are SQL, on PostgreSQL. */
const code = ['knex', 'umzug', 'typeorm', 'rails', 'alembic', 'django', 'hmis'];
const scripted = layouts.filter(({ tool }) => !code.includes(tool));

let desk: TestBackend;
beforeAll(async () => {
  desk = await testBackend();
});
afterAll(() => desk[Symbol.asyncDispose]());
beforeEach((context) => {
  const reason = unavailable('postgres15');
  if (reason !== undefined) skipBecause(context, reason);
});

const first: Written = {
  number: 1,
  name: 'first',
  up: 'CREATE TABLE first (id integer);\n',
  down: 'DROP TABLE first;\n',
};

/** The second of two migrations, and where in the tree its statement `marked` stands. */
function treeWith({ tree }: Layout, up: string, marked: string): { files: Files; path: string; line: number } {
  const files = tree([first, { number: 2, name: 'second', up, down: 'SELECT 1;\n' }]);
  const [path, text] = Object.entries(files).find(([, content]) => content.includes(marked)) ?? ['', ''];
  return { files, path, line: String(text).slice(0, text.indexOf(marked)).split('\n').length };
}

/** The same, in a folder, for an empty database. */
async function open(layout: Layout, up: string, marked: string) {
  const { files, path, line } = treeWith(layout, up, marked);
  const folder = await folderOf(files);
  const database = await testDatabase('postgres15');
  const target: TargetRequest = {
    kind: 'adHoc',
    url: database.url,
    overrides: { path: folder.path, tool: layout.tool },
  };
  return {
    target,
    place: { path, line },
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}

describe.each(scripted)('$tool', (layout) => {
  test('a command of psql is told before anything runs', async () => {
    await using tree = await open(layout, 'CREATE TABLE second (id integer);\n\\i other.sql\n', '\\i other');
    const { plan } = await planMigration(desk.backend.context, tree.target, { direction: 'up' });
    expect(plan.problems).toContainEqual(
      expect.objectContaining({
        code: 'script.clientCommand',
        hint: expect.stringContaining('included file'),
        ...tree.place,
      }),
    );
  });

  test('a role that nobody has made', async () => {
    const owned = 'CREATE TABLE second (id integer);\nALTER TABLE second OWNER TO nobody_here;\n';
    await using tree = await open(layout, owned, 'ALTER TABLE');
    const { run: failed } = await run(desk.backend, tree.target);
    expect(failed.problem).toMatchObject({
      code: 'database.statementFailed',
      hint: expect.stringContaining('create the role "nobody_here"'),
      ...tree.place,
    });
  });
});

test('an extension that the server does not have', async () => {
  const [layout] = layouts;
  if (layout === undefined) throw new Error('there are no layouts');
  await using tree = await open(layout, 'SELECT 1;\nCREATE EXTENSION nowhere;\n', 'CREATE EXTENSION');
  const { run: failed } = await run(desk.backend, tree.target);
  expect(failed.problem).toMatchObject({
    code: 'database.statementFailed',
    hint: expect.stringContaining('install the extension "nowhere" on the server'),
    ...tree.place,
  });
});
