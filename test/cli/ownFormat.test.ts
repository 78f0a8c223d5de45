/** What the command line shows of our own format's extras, before it asks for anything and after. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase, writeFolder } from '../services/backend.ts';
import { lockkeeper } from './lockkeeper.ts';

let folder: string;
let home: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lockkeeper-cli-'));
  home = path.join(folder, 'home');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const source = () =>
  writeFolder(folder, {
    'lockkeeper.json':
      '{ "lockkeeper": 1, "applications": [{ "version": "2026.1", "database": "2", "changes": ["Numbers"] }] }',
    '1_numbers.sql': `-- prerequisites: The nightly import is over\n-- notes: Takes a while\n--   and is quiet\n-- timeout: 5s\ncreate table numbers (id integer, done integer);\ninsert into numbers values (1, 0), (2, 0), (\${three}, 0);\n`,
    '2_done.sql':
      '-- lockkeeper:no-transaction\n-- lockkeeper:batch pause=1ms\nupdate numbers set done = 1 where rowid in (select rowid from numbers where done = 0 limit 1);\n',
  });

it('prints notes, what must be so before, batches and values before it asks for a confirmation', async () => {
  await using database = await testDatabase('sqlite');
  const refused = await lockkeeper(home, [
    ...['up', '--url', database.url, '--source', await source(), '--set', 'three=3'],
    ...['--tier', 'production', '--non-interactive'],
  ]);
  expect(refused.code).toBe(7);
  for (const told of [
    'before: The nightly import is over',
    'Takes a while',
    'and is quiet',
    'each statement may take 5',
    'line 3 repeats until nothing is left, at most 10000 times',
    'values: three=3',
  ])
    expect(refused.stdout).toContain(told);
});

it('refuses a missing value with its place, and takes it with --set', async () => {
  await using database = await testDatabase('sqlite');
  const on = ['--url', database.url, '--source', await source(), '--json'];
  const refused = await lockkeeper(home, ['up', ...on]);
  expect(refused.code).toBe(2);
  expect(refused.json()).toMatchObject({
    problem: { code: 'script.placeholderMissing', path: '1_numbers.sql', line: 6, column: 45 },
  });
  const done = await lockkeeper(home, ['up', ...on, '--set', 'three=3']);
  expect(done.json()).toMatchObject({ outcome: 'succeeded', steps: [{ statements: 2 }, { statements: 1 }] });
  expect((await lockkeeper(home, ['status', ...on])).json()).toMatchObject({
    applicationVersion: '2026.1',
    applications: [{ version: '2026.1', database: '2', changes: ['Numbers'] }],
  });
  expect((await lockkeeper(home, ['info', '1', ...on, '--set', 'three=3'])).json()).toMatchObject({
    sentSql: { up: expect.stringContaining('(3, 0)'), down: null },
  });
});

it('keeps batches as events', async () => {
  await using database = await testDatabase('sqlite');
  const done = await lockkeeper(home, [
    ...['--events', 'up', '--url', database.url, '--source', await source(), '--set', 'three=3'],
  ]);
  const lines = done.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.filter((line) => line['type'] === 'batchProgress').at(-1)).toMatchObject({
    step: 1,
    line: 3,
    batches: 3,
    rows: 3,
  });
});

it('keeps values with an environment, and changes single settings of its source', async () => {
  await using database = await testDatabase('sqlite');
  const folderOfIt = await source();
  const edit = (...args: string[]) => lockkeeper(home, ['env', 'edit', 'garden', ...args, '--json']);
  await lockkeeper(home, [
    ...['env', 'add', 'garden', '--url', database.url, '--source', folderOfIt, '--set', 'three=4', '--json'],
  ]);
  expect((await edit('--set', 'three=5', '--tool', 'lockkeeper')).json()).toMatchObject({
    source: { path: folderOfIt, tool: 'lockkeeper', placeholders: { three: '5' } },
  });
  const plan = await lockkeeper(home, ['plan', '--env', 'garden', '--json']);
  expect(plan.json()).toMatchObject({ problems: [], steps: [{ placeholders: { three: '5' } }, {}] });
});

it('tells whether the database suits a version of the application, and exits with 4 unless it does', async () => {
  await using database = await testDatabase('sqlite');
  const on = ['--url', database.url, '--source', await source(), '--set', 'three=3'];
  const compat = (...args: string[]) => lockkeeper(home, ['compat', ...on, ...args]);
  const before = await compat('--app', '2026.1', '--json');
  expect(before.code).toBe(4);
  expect(before.json()).toMatchObject({
    basis: 'manifest',
    current: null,
    verdict: { application: '2026.1', suitability: 'tooOld', missing: ['1', '2'] },
  });
  expect((await compat()).code).toBe(0);
  await lockkeeper(home, ['up', ...on]);
  const after = await compat('--app', 'v2026.1.7');
  expect(after.code).toBe(0);
  expect(after.stdout).toContain('suits version v2026.1.7 (judged as 2026.1, the newest before it)');
  expect(after.stdout).toContain('· Numbers');
  expect((await compat('--app', 'Sunrise', '--json')).code).toBe(4);
});
