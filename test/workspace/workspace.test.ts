import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { connect, openDatabase } from '../../electron/workspace/database.ts';
import { schemaChanges } from '../../electron/workspace/schema.ts';
import { Settings } from '../../electron/workspace/settings.ts';
import { Store } from '../../electron/workspace/store.ts';
import { openWorkspace } from '../../electron/workspace/workspace.ts';
import { skipBecause } from '../setup/skip.ts';
import { environment, newDirectory, open, problemOf } from './support.ts';

test('makes its directory and files for this user only', async (context) => {
  if (process.platform === 'win32') skipBecause(context, 'Windows has no such modes');
  const directory = newDirectory();
  open(directory).settings.set('a', 1);
  const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);
  expect(mode(directory)).toBe('700');
  expect(
    readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => mode(join(directory, entry.name))),
  ).toEqual(['600', '600', '600']);
});

test('what one process wrote another one reads', async () => {
  const directory = newDirectory();
  const [first, second] = [open(directory), open(directory)];
  first.environments.add(environment('e1', 'Praxis'));
  expect(second.environments.find('praxis')?.id).toBe('e1');
});

test('eight processes that open and write a new workspace at once lose nothing', async () => {
  const directory = newDirectory();
  const program = fileURLToPath(new URL('./writeMany.ts', import.meta.url));
  const children = Array.from({ length: 8 }, (_, index) =>
    spawn(process.execPath, [program, directory, String(index)], { stdio: ['ignore', 'ignore', 'inherit'] }),
  );
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0] as unknown));
  expect(codes).toEqual(Array.from({ length: 8 }, () => 0));
  const workspace = open(directory);
  expect(workspace.environments.list()).toHaveLength(8);
  expect(workspace.audit.list({ limit: 1000 })).toHaveLength(80);
});

test('a writer killed at any moment leaves what it had finished', async () => {
  const directory = newDirectory();
  const program = fileURLToPath(new URL('./writeMany.ts', import.meta.url));
  const child = spawn(process.execPath, [program, directory, 'endless'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let written = '';
  child.stdout.on('data', (data: Buffer) => {
    written += data.toString();
    if (written.length > 200) child.kill('SIGKILL');
  });
  await once(child, 'close');
  const acknowledged = written.split('\n').length - 1;
  expect(open(directory).audit.list({ limit: 100_000 }).length).toBeGreaterThanOrEqual(acknowledged);
});

test('what is only noted is there for others at once, and what is written afterwards is on the disk again', () => {
  const directory = newDirectory();
  const database = openDatabase(directory);
  const store = new Store(database, directory);
  new Settings(store).note('seen', 1);
  expect(open(directory).settings.get('seen')).toBe(1);
  expect(() => store.note('INSERT INTO settings (key, value) VALUES (NULL, NULL)')).toThrow('NOT NULL');
  new Settings(store).set('seen', 2);
  expect(database.pragma('synchronous', { simple: true })).toBe(2);
  store.close();
});

test('a file of a newer version is refused and left alone', () => {
  const directory = newDirectory();
  mkdirSync(directory);
  const file = join(directory, 'workspace.db');
  const newer = new Database(file);
  newer.pragma(`user_version = ${String(schemaChanges.length + 1)}`);
  newer.close();
  const before = readFileSync(file);
  expect(problemOf(() => openWorkspace(directory))).toMatchObject({ code: 'workspace.newer', path: file });
  expect(readFileSync(file)).toEqual(before);
});

test('a file of every older version is brought up to date', () => {
  for (let version = 0; version < schemaChanges.length; version++) {
    const directory = newDirectory();
    mkdirSync(directory);
    const older = connect(join(directory, 'workspace.db'));
    for (const change of schemaChanges.slice(0, version)) older.exec(change);
    older.pragma(`user_version = ${String(version)}`);
    older.close();
    const workspace = open(directory);
    workspace.environments.add(environment('e1', 'Praxis'));
    expect(workspace.environments.list()).toHaveLength(1);
  }
});

test.each([
  ['text in place of a database', (bytes: Buffer) => Buffer.from('not a database '.repeat(bytes.length / 15))],
  ['a header overwritten', (bytes: Buffer) => Buffer.concat([Buffer.alloc(100, 7), bytes.subarray(100)])],
  ['half of it missing', (bytes: Buffer) => bytes.subarray(0, bytes.length / 2)],
  [
    'a page of noise',
    (bytes: Buffer) => Buffer.concat([bytes.subarray(0, 4096), Buffer.alloc(4096, 0x5a), bytes.subarray(8192)]),
  ],
])('a damaged file (%s) is set aside, never emptied', async (_name, damage) => {
  const directory = newDirectory();
  const workspace = openWorkspace(directory);
  workspace.environments.add(environment('e1', 'Praxis'));
  await workspace.close();
  const file = join(directory, 'workspace.db');
  const damaged = damage(readFileSync(file));
  writeFileSync(file, damaged);
  const problem = problemOf(() => openWorkspace(directory));
  expect(problem.code).toBe('workspace.damaged');
  expect(problem.message).toContain(problem.path);
  expect(readFileSync(problem.path ?? '')).toEqual(damaged);
  const left = open(directory).environments.list();
  expect(problem.message.includes('1 of environments')).toBe(left.length === 1);
});

test('a directory that cannot be made is told', () => {
  const file = newDirectory();
  writeFileSync(file, '');
  expect(problemOf(() => openWorkspace(join(file, 'data')))).toMatchObject({
    code: 'workspace.unwritable',
    path: join(file, 'data'),
  });
});

test('a directory without the right to write is told', (context) => {
  if (process.getuid?.() === 0) skipBecause(context, 'root may write everywhere');
  const directory = newDirectory();
  chmodSync(dirname(directory), 0o500);
  expect(problemOf(() => openWorkspace(directory)).code).toBe('workspace.unwritable');
});
