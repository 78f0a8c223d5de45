/** A workspace that cannot be read as a whole: what can be is taken over, and everything is told. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openWorkspace } from '../../electron/workspace/workspace.ts';
import { environment, newDirectory, open, problemOf, run } from './support.ts';

const entry = (detail: Readonly<Record<string, unknown>>) => ({
  at: '',
  actor: 'anna',
  action: 'test',
  environment: null,
  run: null,
  detail,
});

/** With enough in it that each table has several pages. */
async function filled(): Promise<{ directory: string; file: string }> {
  const directory = newDirectory();
  const workspace = openWorkspace(directory);
  workspace.settings.setWorkspaceLayer({ lockTimeoutMs: 1234 });
  workspace.settings.setTierLayer('test', { protection: { readOnly: true } });
  for (let index = 0; index < 60; index += 1) {
    workspace.environments.add(environment(`e${index}`, `Praxis ${index}`));
    workspace.runs.save(run(`r${index}`, '2026-01-01T00:00:00.000Z'));
    workspace.audit.append(entry({ index }));
  }
  await workspace.close();
  return { directory, file: join(directory, 'workspace.db') };
}

/** Leaf pages of a table, from 1. */
function leavesOf(file: string, table: string): number[] {
  const database = new Database(file);
  const pages = database
    .prepare<[string], number>("SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path")
    .pluck()
    .all(table);
  database.close();
  return pages;
}

function overwrite(file: string, page: number): void {
  const bytes = readFileSync(file);
  bytes.fill(0x5a, (page - 1) * 4096, page * 4096);
  writeFileSync(file, bytes);
}

test('rows before and behind a damaged page are taken over, with settings, runs and the audit', async () => {
  const { directory, file } = await filled();
  const leaves = leavesOf(file, 'environments');
  expect(leaves.length).toBeGreaterThan(2);
  overwrite(file, leaves[1] ?? 0);
  const damaged = readFileSync(file);
  const problem = problemOf(() => openWorkspace(directory));
  expect(problem).toMatchObject({ code: 'workspace.damaged', hint: expect.stringContaining('protection') });
  expect(readFileSync(problem.path ?? '')).toEqual(damaged);

  const workspace = open(directory);
  const names = workspace.environments.list().map(({ name }) => name);
  expect(names.length).toBeLessThan(60);
  expect(names).toEqual(expect.arrayContaining(['Praxis 0', 'Praxis 59']));
  expect(problem.message).toContain(`${names.length} of environments, 2 of settings, 60 of runs, 60 of audit`);
  expect(workspace.settings.layers()).toMatchObject({
    workspace: { lockTimeoutMs: 1234 },
    tiers: { test: { protection: { readOnly: true } } },
  });
  expect(workspace.audit.list({ limit: 100 })).toHaveLength(60);
  expect(workspace.health().check).toBe('ok');
  expect(readdirSync(directory).filter((name) => /recovering|source|doubt/.test(name))).toEqual([]);
});

test('what the last writer left beside the file is read, too', async () => {
  const directory = newDirectory();
  const writing = open(directory);
  writing.environments.add(environment('e1', 'Praxis'));
  const file = join(directory, 'workspace.db');
  const copy = newDirectory();
  mkdirSync(copy);
  const beside = join(copy, 'workspace.db');
  writeFileSync(beside, readFileSync(file));
  writeFileSync(`${beside}-wal`, readFileSync(`${file}-wal`));
  expect(open(copy).environments.list()).toHaveLength(1);
});

test('half a value is not taken over', async () => {
  const { directory, file } = await filled();
  const database = new Database(file);
  database.exec(`UPDATE environments SET environment = substr(environment, 1, 20) WHERE id = 'e7'`);
  database.close();
  overwrite(file, leavesOf(file, 'runs')[0] ?? 0);
  const problem = problemOf(() => openWorkspace(directory));
  expect(problem.message).toContain('59 of environments');
  expect(open(directory).environments.find('Praxis 7')).toBeNull();
});

test('damage that is met only in use is told, and dealt with at the next start', async () => {
  const { directory, file } = await filled();
  const database = new Database(file);
  // Beyond the size up to which the whole file is checked each time.
  database.exec("INSERT INTO settings VALUES ('big', '\"' || hex(zeroblob(3000000)) || '\"')");
  database.close();
  overwrite(file, leavesOf(file, 'environments')[1] ?? 0);
  const workspace = open(directory);
  const problem = problemOf(() => workspace.environments.list());
  expect(problem).toMatchObject({ code: 'workspace.damaged', hint: expect.stringContaining('start it again') });
  await workspace.close();
  expect(problemOf(() => openWorkspace(directory)).message).toContain('of environments, 3 of settings');
  expect(open(directory).settings.layers().workspace).toEqual({ lockTimeoutMs: 1234 });
});

test('trust in programs is not taken over: a person gives it again', async () => {
  const { directory, file } = await filled();
  const database = new Database(file);
  database.exec("INSERT INTO trusted_programs VALUES ('d', 's', 'p', 't', 'b')");
  database.close();
  overwrite(file, leavesOf(file, 'runs')[0] ?? 0);
  problemOf(() => openWorkspace(directory));
  const workspace = open(directory);
  expect(workspace.environments.list()).toHaveLength(60);
  await workspace.close();
  const after = new Database(file, { readonly: true });
  expect(after.prepare('SELECT count(*) FROM trusted_programs').pluck().get()).toBe(0);
  after.close();
});
