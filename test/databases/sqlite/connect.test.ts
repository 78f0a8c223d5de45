import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { createDatabase } from '../../../electron/databases/sqlite/connect.ts';
import { skipBecause } from '../../setup/skip.ts';
import {
  control,
  emptyDatabase,
  failedSend,
  faultOf,
  holder,
  openSession,
  send,
  statement,
  temporaryFolder,
} from './support.ts';

test('says what it reached', async () => {
  const file = await emptyDatabase();
  const { identity } = await openSession(file);
  expect(identity).toMatchObject({
    product: 'SQLite',
    id: `sqlite:${file}`,
    database: 'app.db',
    user: userInfo().username,
    readOnly: false,
  });
  expect(identity.version).toMatch(/^3\.\d+\.\d+/);
  expect(identity.backend).toMatch(/^process \d+$/);
});

test('a symbolic link leads to the same identity', async () => {
  const file = await emptyDatabase();
  const link = join(temporaryFolder(), 'link.db');
  symlinkSync(file, link);
  expect((await openSession(link)).identity.id).toBe((await openSession(file)).identity.id);
});

test('a missing file is no database and is not created', async () => {
  const file = join(temporaryFolder(), 'missing.db');
  expect((await faultOf(openSession(file))).kind).toBe('noDatabase');
  expect(existsSync(file)).toBe(false);
});

test('createDatabase makes an empty database and never replaces a file', async () => {
  const file = join(temporaryFolder(), 'new.db');
  await createDatabase(file);
  expect(await (await openSession(file)).query('SELECT count(*) AS n FROM sqlite_schema')).toEqual([{ n: 0 }]);
  expect((await faultOf(createDatabase(file))).message).toContain('already');
});

test('a folder, a text file and a damaged file are told apart from a database', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'folder.db'));
  expect((await faultOf(openSession(join(folder, 'folder.db')))).kind).toBe('noDatabase');

  writeFileSync(join(folder, 'notes.db'), 'These are notes, and no database at all. '.repeat(100));
  expect(await faultOf(openSession(join(folder, 'notes.db')))).toMatchObject({
    kind: 'noDatabase',
    code: 'SQLITE_NOTADB',
  });

  const damaged = join(folder, 'damaged.db');
  const database = new Database(damaged);
  database.exec('CREATE TABLE t (a)');
  database.close();
  const bytes = readFileSync(damaged);
  bytes.fill(0x41, 100, 200);
  writeFileSync(damaged, bytes);
  expect((await faultOf(openSession(damaged))).kind).toBe('unsupportedServer');
});

test('a name that ends in white space is refused: the library would open another file', async () => {
  const file = await emptyDatabase();
  writeFileSync(`${file} `, '');
  expect((await faultOf(openSession(`${file} `))).kind).toBe('noDatabase');
});

test('a file that another connection keeps locked is told apart', async () => {
  const file = await emptyDatabase();
  const other = new Database(file);
  other.exec('PRAGMA locking_mode = EXCLUSIVE; CREATE TABLE t (a)');
  expect((await faultOf(openSession(file, { lockTimeoutMs: 50 }))).kind).toBe('lockTimeout');
  expect((await faultOf(openSession(file, { lockTimeoutMs: 0, connectTimeoutMs: 1000 }))).kind).toBe('unreachable');
  other.close();
});

test('a session that only reads writes nothing, whatever it is told', async () => {
  const file = await emptyDatabase();
  await send(await openSession(file), statement('CREATE TABLE t (a)'));
  const session = await openSession(file, { readOnly: true });
  for (const sql of [
    'INSERT INTO t VALUES (1)',
    'DROP TABLE t',
    `ATTACH '${file}-other' AS other`,
    `VACUUM INTO '${file}-copy'`,
  ]) {
    const { fault } = await failedSend(session, statement('PRAGMA query_only = OFF'), statement(sql));
    expect(fault.kind, sql).toBe('readOnly');
  }
  expect((await faultOf(session.query('DELETE FROM t'))).kind).toBe('readOnly');
  expect(existsSync(`${file}-other`) || existsSync(`${file}-copy`)).toBe(false);
  expect(session.identity.readOnly).toBe(false);
});

test('a session that only reads can read after a crash left a journal', async () => {
  const file = await emptyDatabase();
  const writer = await openSession(file);
  await send(writer, statement('CREATE TABLE t (a)'), statement('INSERT INTO t VALUES (1)'));
  // So small a cache that the change is spilled into the file, with the journal that undoes it.
  await send(
    writer,
    statement('PRAGMA cache_size = 1'),
    control('BEGIN IMMEDIATE'),
    statement(
      'INSERT INTO t WITH RECURSIVE c (x) AS (SELECT 2 UNION ALL SELECT x + 1 FROM c WHERE x < 50000) SELECT x FROM c',
    ),
  );
  expect(existsSync(`${file}-journal`)).toBe(true);
  process.kill(Number(writer.identity.backend.replace('process ', '')), 'SIGKILL');
  await faultOf(writer.query('SELECT 1'));
  expect(await (await openSession(file, { readOnly: true })).query('SELECT count(*) AS n FROM t')).toEqual([{ n: 1 }]);
});

test('a file without the right to write is read-only', async (context) => {
  if (process.getuid?.() === 0) skipBecause(context, 'root may write every file');
  const file = await emptyDatabase();
  chmodSync(file, 0o444);
  const session = await openSession(file);
  expect(session.identity.readOnly).toBe(true);
  expect((await failedSend(session, statement('CREATE TABLE t (a)'))).fault.kind).toBe('readOnly');
});

test('a file with a second name is not locked for a run', async () => {
  const file = await emptyDatabase();
  linkSync(file, join(temporaryFolder(), 'second.db'));
  expect((await faultOf((await openSession(file)).tryLock('history', holder('anna')))).message).toContain('hard link');
});

test('a session whose process died can be closed', async () => {
  const session = await openSession(await emptyDatabase());
  process.kill(Number(session.identity.backend.split(' ')[1]), 'SIGKILL');
  await session.close();
  expect((await faultOf(session.query('SELECT 1'))).kind).toBe('connectionLost');
});
