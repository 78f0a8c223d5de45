import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { planMigration } from '../../electron/services/planMigration.ts';
import { readStatus } from '../../electron/services/readStatus.ts';
import { detectSource } from '../../electron/tools/detect.ts';
import { parsePlan } from '../../electron/tools/sqitch/plan.ts';
import type { Problem } from '../../shared/problem.ts';
import { adHoc, run, testBackend, testDatabase } from '../services/backend.ts';
import { folderOf } from './folder.ts';
import { places, read, samples } from './reading.ts';

const head = '%syntax-version=1.0.0\n%project=orchard\n\n';
const by = '2026-01-05T09:00:00Z Ida Berg <ida@example.org>';

test('ids are those that sqitch computes', async () => {
  const { source } = await read('sqitch', path.join(samples, 'sqitch'));
  expect(source.migrations.map(({ historyKey }) => historyKey)).toEqual([
    '57f1fbd9c2722b85474ad3d101ad99252382b3c9',
    '30880c2f7df88535b93e4de6758f11f56de58338',
    '1ce09f6f0f4117d0deac9c52859b6c7bc745d91b',
    'd94e3ca3d3ec9a46e44c0d282ae0cfe342c299bb',
    'b1a21b546d9156cd12d3e62ad01caf25d7d19d95',
  ]);
  const plan = '%project=proj\n\nfirst 2026-11-20T04:32:38Z A B <a@b.c> # first change\n';
  expect(parsePlan('sqitch.plan', plan, []).changes[0]?.id).toBe('bcc4c2995edf448292c6c5e511006d026b2fce0c');
});

test.each([
  ['no project', '%syntax-version=1.0.0\n\n', 'source.invalidMetadata', 1],
  ['no blank line after the pragmas', `%project=orchard\ntrees ${by}\n`, 'source.invalidMetadata', 2],
  ['a change without its planner', `${head}trees 2026-01-05T09:00:00Z\n`, 'source.invalidMetadata', 4],
  ['a name that begins with punctuation', `${head}-trees- ${by}\n`, 'source.invalidMetadata', 4],
  ['a change twice', `${head}trees ${by}\ntrees ${by}\n`, 'source.duplicateVersion', 5],
  ['a tag twice', `${head}trees ${by}\n@v1 ${by}\nsoil ${by}\n@v1 ${by}\n`, 'source.duplicateVersion', 7],
  ['a tag before every change', `${head}@v1 ${by}\n`, 'source.invalidMetadata', 4],
  ['a dependency that comes later', `${head}trees [soil] ${by}\nsoil ${by}\n`, 'source.order', 4],
  ['merge marks of Git', `${head}<<<<<<< HEAD\ntrees ${by}\n`, 'source.invalidMetadata', 4],
])('a plan with %s', (_, plan, code, line) => {
  const problems: Problem[] = [];
  parsePlan('sqitch.plan', plan, problems);
  expect(problems).toMatchObject([{ code, line, path: 'sqitch.plan' }]);
});

test('a messy plan: CRLF, comments, names beyond ASCII, folders in names, notes with escapes', () => {
  const problems: Problem[] = [];
  const plan = `${head}# trees first\r\nbäume ${by} # größe\\nund art\r\n\r\n  funktionen/alter [bäume] ${by}\r\n`;
  const { changes } = parsePlan('sqitch.plan', plan.replaceAll(/\r?\n/g, '\r\n'), problems);
  expect(problems).toEqual([]);
  expect(changes.map(({ name, note }) => [name, note])).toEqual([
    ['bäume', 'größe\nund art'],
    ['funktionen/alter', ''],
  ]);
});

test('scripts that are missing, the same twice, or in no plan', async () => {
  await using tree = await folderOf({
    'sqitch.plan': `${head}trees ${by}\nsoil ${by}\nrain ${by}\nother [weather:sun] ${by}\n`,
    'deploy/trees.sql': 'SELECT 1;\n',
    'deploy/soil.sql': 'SELECT 1;\n',
    'deploy/other.sql': '',
    'deploy/forgotten.sql': 'SELECT 2;\n',
  });
  const { source, problems, notices } = await read('sqitch', tree.path, 'postgres');
  expect(places(problems)).toEqual(['source.unreadable deploy/rain.sql', 'source.duplicateVersion deploy/soil.sql']);
  expect(places(notices)).toEqual(['source.unknownName deploy/forgotten.sql']);
  expect(source.migrations.map(({ down, verify }) => [down, verify])).toEqual(
    source.migrations.map(() => [null, null]),
  );
  expect(source.migrations.at(-1)?.notRunnable).toContain('weather:sun');
});

test('settings move the scripts and the registry, and lead nowhere else', async () => {
  await using tree = await folderOf({
    'sqitch.conf':
      '[core]\n\tengine = pg\n\ttop_dir = db ; where all is\n\tdeploy_dir = ../elsewhere\n[engine "pg"]\n\tregistry = "own registry"\n',
    'db/sqitch.plan': `${head}trees ${by}\n`,
    'db/revert/trees.sql': 'SELECT 1;\n',
  });
  const { problems, historyTable, source } = await read('sqitch', tree.path, 'postgres');
  expect(historyTable).toEqual({ schema: 'own registry', name: 'changes' });
  expect(source.migrations[0]?.down?.path).toBe('db/revert/trees.sql');
  expect(places(problems)).toContain('source.unsupported sqitch.conf');
  expect((await detectSource(tree.path)).candidates[0]).toMatchObject({ tool: 'sqitch', migrations: 1 });
});

test('a command of psql is refused with its line; nothing is written', async () => {
  await using database = await testDatabase('postgres15');
  await using desk = await testBackend();
  await using tree = await folderOf({
    'sqitch.plan': `${head}trees ${by}\n`,
    'deploy/trees.sql': '-- Deploy\n\\set size 10\nSELECT :size;\n',
  });
  const { plan } = await planMigration(desk.backend.context, adHoc(database.url, tree.path), { direction: 'up' });
  expect(plan.problems).toMatchObject([{ code: 'script.clientCommand', path: 'deploy/trees.sql', line: 2 }]);
  expect(await database.query("SELECT 1 FROM pg_namespace WHERE nspname = 'sqitch'")).toEqual([]);
});

test('a failure is an event; a verify script that finds something tells it; questions make no registry', async () => {
  await using database = await testDatabase('sqlite');
  await using desk = await testBackend();
  await using tree = await folderOf({
    'sqitch.plan': `${head}trees ${by}\nsoil ${by}\n`,
    'deploy/trees.sql': 'BEGIN;\nCREATE TABLE trees (id INTEGER);\nCOMMIT;\n',
    'verify/trees.sql': 'BEGIN;\nSELECT nothing FROM trees;\nROLLBACK;\n',
    'deploy/soil.sql': 'CREATE TABLE trees (id INTEGER);\n',
  });
  const target = adHoc(database.url, tree.path);
  const statuses = async () =>
    (await readStatus(desk.backend.context, target)).migrations.map(({ version, status }) => [version, status]);
  expect(await statuses()).toEqual([
    ['trees', 'pending'],
    ['soil', 'pending'],
  ]);
  const registry = path.join(path.dirname(database.url.replace(/^sqlite:/, '')), 'sqitch.db');
  expect(existsSync(registry)).toBe(false);
  const one = await run(desk.backend, target, { wanted: { direction: 'up', steps: 1 } });
  expect(one.run.problem).toMatchObject({ code: 'run.verification', path: 'verify/trees.sql' });
  const other = await run(desk.backend, target);
  expect(other.run.outcome).toBe('failed');
  expect(await statuses()).toEqual([
    ['trees', 'applied'],
    ['soil', 'failed'],
  ]);
});
