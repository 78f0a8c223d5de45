import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chooseTool, detectSource } from '../../electron/tools/detect.ts';
import { toolFor } from '../../electron/tools/registry.ts';
import { folderOf } from './folder.ts';
import { fixtures } from './reading.ts';

test('two formats in one folder: asks, naming both', async () => {
  const folder = join(fixtures, 'mixed-dbmate-and-lockkeeper');
  const { candidates, problems } = await detectSource(folder);
  expect(candidates.map((candidate) => candidate.tool).sort()).toEqual(['dbmate', 'lockkeeper']);
  expect(problems).toMatchObject([
    {
      code: 'source.ambiguousTool',
      hint: expect.stringMatching(/--tool dbmate .* --tool lockkeeper|--tool lockkeeper .* --tool dbmate/),
    },
  ]);
  await expect(chooseTool(folder, null)).rejects.toMatchObject({ problem: { code: 'source.ambiguousTool' } });
  expect((await chooseTool(folder, 'dbmate')).id).toBe('dbmate');
});

test('files of no known tool: says what was seen', async () => {
  const { candidates, problems } = await detectSource(join(fixtures, 'unknown-naming'));
  expect(candidates).toEqual([]);
  expect(problems).toMatchObject([
    { code: 'source.unknownTool', message: expect.stringContaining('create.sql, readme.txt') },
  ]);
});

test("a project's root: says where in it the migrations are", async () => {
  const { problems } = await detectSource(join(fixtures, 'project-root'));
  expect(problems).toMatchObject([{ code: 'source.unknownTool', hint: 'Choose db/migrations in it.' }]);
});

test('names alone do not choose a tool: a history of our own must not begin beside another', async () => {
  await using flyway = await folderOf({ 'V1__init.sql': 'select 1;' });
  await using pairs = await folderOf({ '20260101000000_a.up.sql': 'select 1;', '20260101000000_a.down.sql': '' });
  for (const [{ path }, tool] of [
    [flyway, 'flyway'],
    [pairs, 'dcms'],
  ] as const) {
    const { candidates, problems } = await detectSource(path);
    expect(candidates[0]?.tool).toBe(tool);
    expect(problems).toMatchObject([{ code: 'source.unknownTool', hint: expect.stringContaining(`--tool ${tool}`) }]);
  }
});

test('an empty folder, a missing folder, an unknown tool', async () => {
  await using folder = await folderOf();
  await mkdir(join(folder.path, 'empty'));
  expect((await detectSource(join(folder.path, 'empty'))).problems).toMatchObject([{ code: 'source.empty' }]);
  await expect(detectSource(join(folder.path, 'gone'))).rejects.toMatchObject({
    problem: { code: 'source.unreadable' },
  });
  await expect(chooseTool(folder.path, 'none')).rejects.toMatchObject({
    problem: { code: 'source.unknownTool', hint: expect.stringContaining('dbmate') },
  });
});

test('a manifest makes our own format certain', async () => {
  await using folder = await folderOf({
    'lockkeeper.json': '{ "lockkeeper": 1 }',
    '20260101000000_a.up.sql': 'select 1;',
  });
  const { candidates, problems } = await detectSource(folder.path);
  expect(problems).toEqual([]);
  expect(candidates[0]).toMatchObject({ tool: 'lockkeeper', certainty: 1, migrations: 1 });
  expect(candidates.slice(1).every(({ certainty }) => certainty < 0.5)).toBe(true);
});

test('files that cannot be read do not stop detection, hostile names are shown safely', async () => {
  await using folder = await folderOf({ '1_\u001b[31m.sql': '-- migrate:up\n-- migrate:down\n', '2_b.sql/x': '' });
  const { candidates } = await detectSource(folder.path);
  expect(candidates[0]?.tool).toBe('dbmate');
  expect(JSON.stringify(candidates)).not.toContain('\\u001b[31m');
});

test('every tool tells an empty tree of its own from a readable one', async () => {
  await using folder = await folderOf();
  for (const id of [
    'lockkeeper',
    'hmis',
    'guest-registration',
    'dcms',
    'dbmate',
    'flyway',
    'goose',
    'sqlx',
    'refinery',
    'diesel',
  ]) {
    const { source, problems } = await toolFor(id).read(folder.path, {
      engine: null,
      historyTable: null,
      placeholders: {},
    });
    expect([source.migrations, problems.map((problem) => problem.code)]).toEqual([[], ['source.empty']]);
  }
});

test('the tools that name files alike: settings, a manifest of the project, or markers decide; names alone do not', async () => {
  const one = { 'V1__a.sql': 'select 1;' };
  const pair = { '1_a.up.sql': 'select 1;', '1_a.down.sql': 'select 1;' };
  const cargo = (crate: string) => ({ 'Cargo.toml': `[dependencies]\n${crate} = "1"\n` });
  const chosen: Record<string, Record<string, string>> = {
    flyway: { ...one, 'flyway.conf': '' },
    refinery: { ...one, ...cargo('refinery') },
    sqlx: { ...pair, ...cargo('sqlx') },
    diesel: { '1_a/up.sql': 'select 1;', ...cargo('diesel') },
    goose: { '1_a.sql': '-- +goose Up\nselect 1;\n', ...cargo('sqlx') },
  };
  for (const [tool, files] of Object.entries(chosen)) {
    await using folder = await folderOf(files);
    const { candidates, problems } = await detectSource(folder.path);
    expect([candidates[0]?.tool, problems]).toEqual([tool, []]);
  }
  // Repeatable ones are Flyway's, a project in Rust with refinery is not: both fit.
  await using both = await folderOf({ ...one, 'R__v.sql': '', ...cargo('refinery') });
  expect((await detectSource(both.path)).problems).toMatchObject([{ code: 'source.ambiguousTool' }]);
});

test.each([
  [{ '1_a.sql': '-- +migrate Up\nselect 1;' }, 'sql-migrate'],
  [{ '1_a_up.sql': '', '1_a_down.sql': '' }, 'named by another rule'],
  [{ 'up/1.sql': '', 'down/1.sql': '' }, 'folders “up” and “down”'],
  [{ '1_a.up.fizz': '' }, 'pop'],
])('migrations of a tool that is not known are told what they look like: %s', async (files, words) => {
  await using folder = await folderOf(files);
  expect((await detectSource(folder.path)).problems).toMatchObject([
    { code: 'source.unknownTool', message: expect.stringContaining(words), hint: expect.stringContaining('baseline') },
  ]);
});

test.skipIf(process.platform === 'win32')('a pipe with the name of a settings file is not waited for', async () => {
  await using folder = await folderOf({ '1_a.sql': '-- migrate:up\nselect 1;\n-- migrate:down\n' });
  execFileSync('mkfifo', [join(folder.path, 'Cargo.toml'), join(folder.path, 'liquibase.properties')]);
  expect((await chooseTool(folder.path, null)).id).toBe('dbmate');
});

test('what is added after one look is seen by the next', async () => {
  await using folder = await folderOf({ '1_a.sql': '-- migrate:up\nselect 1;\n-- migrate:down\n' });
  expect((await detectSource(folder.path)).candidates[0]).toMatchObject({ tool: 'dbmate', migrations: 1 });
  await writeFile(join(folder.path, '2_b.sql'), '-- migrate:up\nselect 2;\n-- migrate:down\n');
  expect((await detectSource(folder.path)).candidates[0]).toMatchObject({ tool: 'dbmate', migrations: 2 });
});
