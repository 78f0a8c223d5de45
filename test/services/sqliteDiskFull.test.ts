/** A disk that is really full: SQLite ends the transaction by itself, and what follows would be committed at once. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createDatabase } from '../../electron/databases/sqlite/index.ts';
import { skipBecause } from '../setup/skip.ts';
import { adHoc, run, type TestBackend, testBackend, writeFolder } from './backend.ts';

let test: TestBackend;
beforeAll(async () => {
  test = await testBackend();
});
afterAll(() => test[Symbol.asyncDispose]());

const mount = (folder: string) =>
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=600k', 'none', folder], { stdio: 'pipe' });

beforeEach((context) => {
  const folder = mkdtempSync(path.join(test.folder, 'tried-'));
  try {
    mount(folder);
    execFileSync('umount', [folder]);
  } catch {
    skipBecause(context, 'this account may not mount a small file system');
  }
});

function smallDisk(folder: string): Disposable {
  mount(folder);
  return { [Symbol.dispose]: () => void execFileSync('umount', ['--lazy', folder]) };
}

it.each([
  ['a step that is one transaction', '', ['rolledBack', 'notExecuted'], 0],
  ['a step that is none', '-- lockkeeper:no-transaction\n', ['failed', 'notExecuted'], 1],
] as const)('stops %s, and commits nothing that it began', async (_name, mark, outcomes, tables) => {
  const folder = await mkdtemp(path.join(test.folder, 'disk-'));
  using _ = smallDisk(folder);
  const file = path.join(folder, 'data.db');
  await createDatabase(file);
  const at = adHoc(
    `sqlite:${file}`,
    await writeFolder(test.folder, {
      'lockkeeper.json': '{ "lockkeeper": 1 }',
      '1_fill.sql': `${mark}PRAGMA cache_size = 5;
create table towns (id integer);
create table mayors as with recursive n (i) as (select 1 union all select i + 1 from n where i < 2000) select hex(randomblob(400)) as name from n;
create table villages (id integer);
`,
      '2_more.sql': 'create table hamlets (id integer);\n',
    }),
  );
  const { run: full } = await run(test.backend, at);
  expect(full.problem).toMatchObject({ code: 'database.diskFull', path: '1_fill.sql' });
  expect(full.steps.map(({ outcome }) => outcome)).toEqual(outcomes);
  const { default: Sqlite } = await import('better-sqlite3');
  const database = new Sqlite(file);
  const there = database.prepare("select name from sqlite_schema where name in ('towns', 'mayors', 'villages')");
  expect(there.all()).toHaveLength(tables);
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  database.close();
});
