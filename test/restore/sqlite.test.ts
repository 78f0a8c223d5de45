/** What belongs to SQLite's way of restoring: files in use, WAL, links, rights of files, dumps of the shell. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, lstat, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { TargetRequest } from '../../electron/services/target.ts';
import {
  adHoc,
  type TestBackend,
  type TestDatabase,
  testBackend,
  testDatabase,
  writeFolder,
} from '../services/backend.ts';
import { skipBecause } from '../setup/skip.ts';
import { change, contentOf, fill } from './databases.ts';
import { backUp, plan, restore, undo, wanted } from './support.ts';

let test: TestBackend;
let source: string;
beforeAll(async () => {
  test = await testBackend();
  source = await writeFolder(test.folder, {
    '20260101000001_a.sql': '-- migrate:up\nselect 1;\n-- migrate:down\nselect 1;\n',
  });
});
afterAll(() => test[Symbol.asyncDispose]());

const fileOf = (database: Pick<TestDatabase, 'url'>): string => database.url.slice('sqlite:'.length);

const madeBy = async (database: TestDatabase): Promise<string[]> =>
  (await readdir(dirname(fileOf(database)))).filter((name) => /\.(restored|before)_/.test(name));

/** Another process that has the file open. */
async function holder(file: string, sql: string): Promise<() => Promise<void>> {
  const program = `import Sqlite from 'better-sqlite3'; const d = new Sqlite(process.argv[1]); d.exec(process.argv[2]); console.log('ready'); setInterval(() => d.pragma('user_version'), 1e6)`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, file, sql], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return async () => {
    child.kill('SIGKILL');
    await once(child, 'close');
  };
}

describe('in use by another program', () => {
  it.each([
    ['in the middle of writing', 'BEGIN IMMEDIATE; CREATE TABLE other (id)'],
    ['in WAL mode', 'PRAGMA journal_mode = WAL; SELECT 1'],
    ['doing nothing', 'SELECT count(*) FROM patient'],
  ])('%s, is refused until it ends', async (name, sql) => {
    await using database = await testDatabase('sqlite');
    await fill('sqlite', database);
    const target = adHoc(database.url, source);
    const backup = await backUp(test.backend.context, target);
    const end = await holder(fileOf(database), sql);
    const shown = await plan(test.backend.context, wanted(target, backup));
    if (process.platform === 'linux') expect(shown.problems, name).toMatchObject([{ code: 'restore.inUse' }]);
    await expect(restore(test.backend.context, wanted(target, backup))).rejects.toMatchObject({
      problem: { code: 'restore.inUse' },
    });
    await end();
    const run = await restore(test.backend.context, wanted(target, backup));
    expect(run.problem).toBeNull();
    expect(await madeBy(database)).toEqual([basename(run.restore?.kept ?? '')]);
  });

  it('coming after the plan, is refused by its locks too', async () => {
    const { exchange } = await import('../../electron/backups/sqlite/restore/swap.ts');
    const { connect } = await import('../../electron/databases/sqlite/connect.ts');
    await using database = await testDatabase('sqlite');
    await fill('sqlite', database);
    const file = fileOf(database);
    await change(database, 'PRAGMA journal_mode = WAL');
    const end = await holder(file, 'BEGIN; SELECT * FROM patient');
    const options = {
      password: null,
      applicationName: 't',
      readOnly: false,
      connectTimeoutMs: 5_000,
      lockTimeoutMs: 300,
    };
    const session = await connect({ engine: 'sqlite', file }, options);
    onTestFinished(() => session.close());
    await writeFile(`${file}.new`, '');
    const request = {
      connection: { engine: 'sqlite', file },
      names: { live: file, restored: `${file}.new`, kept: `${file}.old` },
      session,
    } as Parameters<typeof exchange>[0];
    await expect(exchange(request, `${file}.old`, `${file}.new`)).rejects.toMatchObject({
      problem: { code: 'restore.inUse' },
    });
    expect(await database.query('SELECT count(*) AS n FROM patient')).toEqual([{ n: 500 }]);
    await end();
  });
});

it('keeps WAL, the rights of the file and the link that leads to it', async () => {
  await using database = await testDatabase('sqlite');
  await fill('sqlite', database);
  const file = fileOf(database);
  const link = join(dirname(file), 'link.db');
  await symlink(file, link);
  await chmod(file, 0o640);
  await change(database, 'PRAGMA journal_mode = WAL');
  const target = adHoc(`sqlite:${link}`, source);
  const before = await contentOf('sqlite', database);
  const backup = await backUp(test.backend.context, target);
  await change(database, "INSERT INTO patient (name) VALUES ('later')");
  const run = await restore(test.backend.context, wanted(target, backup));
  expect(run.problem).toBeNull();
  expect((await lstat(link)).isSymbolicLink()).toBe(true);
  expect((await stat(file)).mode & 0o777).toBe(0o640);
  expect(await database.query('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
  expect(await contentOf('sqlite', database)).toEqual(before);
  // Nothing of the one file's log lies beside the other.
  expect((await madeBy(database)).every((name) => !/-(wal|shm|journal)$/.test(name))).toBe(true);
  expect((await undo(test.backend.context, run, target)).problem).toBeNull();
  expect(await database.query('PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
  expect(await database.query("SELECT name FROM patient WHERE name = 'later'")).toHaveLength(1);
});

it('a program that opened the file before cannot write to the kept one unnoticed', async () => {
  await using database = await testDatabase('sqlite');
  await fill('sqlite', database);
  const target = adHoc(database.url, source);
  const backup = await backUp(test.backend.context, target);
  const before = new Sqlite(fileOf(database));
  onTestFinished(() => void before.close());
  before.prepare('SELECT 1 FROM patient').get();
  // Of this very process, which is not looked for among the others.
  const run = await restore(test.backend.context, wanted(target, backup));
  expect(run.problem).toBeNull();
  expect(() => before.exec("INSERT INTO ward VALUES (3, 'lost')")).toThrow(/readonly/);
});

describe('a dump of somebody else', () => {
  const foreign = (target: TargetRequest, file: string) => ({
    backup: null,
    file,
    target,
    placement: 'swap' as const,
    into: null,
  });
  const trusted = { accept: ['foreignDump'] };

  it('as a file is restored after trust only', async () => {
    await using origin = await testDatabase('sqlite');
    await fill('sqlite', origin);
    await using database = await testDatabase('sqlite');
    const target = adHoc(database.url, source);
    await expect(restore(test.backend.context, foreign(target, fileOf(origin)), { accept: [] })).rejects.toMatchObject({
      problem: { code: 'gate.hazard' },
    });
    const run = await restore(test.backend.context, foreign(target, fileOf(origin)), trusted);
    expect(run.problem).toBeNull();
    expect(await contentOf('sqlite', database)).toEqual(await contentOf('sqlite', origin));
  });

  it('as SQL of the shell is restored', async (context) => {
    await using origin = await testDatabase('sqlite');
    await fill('sqlite', origin);
    await using database = await testDatabase('sqlite');
    const file = join(test.folder, 'shell.sql');
    const text = await new Promise<string | Error>((resolve) =>
      execFile('sqlite3', [fileOf(origin), '.dump'], { maxBuffer: 1e8 }, (error, stdout) => resolve(error ?? stdout)),
    );
    if (typeof text !== 'string') skipBecause(context, `there is no sqlite3 program: ${text.message}`);
    await writeFile(file, text);
    const run = await restore(test.backend.context, foreign(adHoc(database.url, source), file), trusted);
    expect(run.problem).toBeNull();
    expect(await contentOf('sqlite', database)).toEqual(await contentOf('sqlite', origin));
  });

  it.each([
    ['a command of the shell', '.shell touch /tmp/never\n', 'script.clientCommand'],
    ['another file', "ATTACH '/tmp/never.db' AS other;", 'restore.unfit'],
    ['a file written by VACUUM', "VACUUM INTO '/tmp/never.db';", 'restore.unfit'],
    ['a hidden schema', 'PRAGMA writable_schema = ON;', 'restore.unfit'],
  ])('with %s is refused, and nothing is left', async (_name, text, code) => {
    await using database = await testDatabase('sqlite');
    await change(database, 'CREATE TABLE kept (id)');
    const file = join(test.folder, `dump-${process.hrtime.bigint()}.sql`);
    await writeFile(file, `CREATE TABLE t (id);\n${text}\n`);
    const run = await restore(test.backend.context, foreign(adHoc(database.url, source), file), trusted);
    expect(run.problem).toMatchObject({ code });
    expect(await madeBy(database)).toEqual([]);
    expect(await database.query('SELECT id FROM kept')).toEqual([]);
  });
});
