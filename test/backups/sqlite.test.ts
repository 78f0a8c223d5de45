import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sqliteTaker as taker } from '../../electron/backups/sqlite/index.ts';
import type { Backup } from '../../shared/model/backup.ts';
import {
  damageArchive,
  damageContent,
  decompressedContent,
  fileRequest,
  filesIn,
  never,
  problemOf,
  quiet,
  take,
  temporaryFolder,
} from './support.ts';

/** A file with an open writer. */
async function ward(sql: string, journal = 'delete'): Promise<{ file: string; writer: Database.Database }> {
  const file = join(await temporaryFolder(), "ward 7 'é'.db");
  const writer = new Database(file);
  onTestFinished(() => void writer.close());
  writer.pragma(`journal_mode = ${journal}`);
  writer.exec(sql);
  return { file, writer };
}

async function restored(backup: Backup): Promise<Database.Database> {
  const file = join(await temporaryFolder(), 'copy.db');
  await writeFile(file, await decompressedContent(backup));
  const copy = new Database(file);
  onTestFinished(() => void copy.close());
  return copy;
}

const everyKind = `
CREATE TABLE patient (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE);
CREATE INDEX by_name ON patient (name DESC);
CREATE VIEW well AS SELECT * FROM patient;
CREATE TRIGGER touched AFTER INSERT ON patient BEGIN SELECT 1; END;
INSERT INTO patient (name) VALUES ('a'), ('b');`;

describe.each(['delete', 'wal'])('SQLite backup, journal mode %s', (journal) => {
  test('holds every kind of object, is checked, and restores', async () => {
    const { file } = await ward(everyKind, journal);
    const request = await fileRequest(file);
    const preflight = await taker.preflight(request);
    const expected = { table: 1, index: 1, view: 1, trigger: 1 };
    expect(preflight.objects).toEqual(expected);
    const backup = await taker.take(request, preflight, quiet, never);
    expect(backup).toMatchObject({
      engine: 'sqlite',
      level: 'taken',
      objects: expected,
      danglingReferences: 0,
      warnings: [],
      program: null,
    });
    expect(await filesIn(request.folder)).toHaveLength(2);
    expect(await taker.check(backup, never)).toBeNull();
    expect(await filesIn(request.folder)).toHaveLength(2);
    expect((await restored(backup)).prepare('SELECT name FROM patient').pluck().all()).toEqual(['a', 'b']);
  });

  test('is of one moment while others write', async () => {
    const { file, writer } = await ward(
      'CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (id INTEGER PRIMARY KEY, filler TEXT)',
      journal,
    );
    writer.exec(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) INSERT INTO b (filler) SELECT hex(randomblob(200)) FROM n; INSERT INTO a SELECT id FROM b`,
    );
    const request = await fileRequest(file);
    const insert = writer.transaction(() => writer.exec('INSERT INTO a DEFAULT VALUES; INSERT INTO b DEFAULT VALUES'));
    let writing = true;
    let written = 0;
    writer.pragma('busy_timeout = 0');
    const writes = (async () => {
      while (writing) {
        // In journal mode `delete` a writer cannot commit while the copy is being made.
        try {
          insert();
          written += 1;
        } catch (error) {
          expect(error).toMatchObject({ code: 'SQLITE_BUSY' });
        }
        // A writer that never pauses keeps every reader of a rollback journal out.
        await pause(2);
      }
    })();
    const backup = await take(taker, request);
    writing = false;
    await writes;
    expect(written).toBeGreaterThan(0);
    expect(await taker.check(backup, never)).toBeNull();
    const copy = await restored(backup);
    expect(copy.prepare('SELECT (SELECT count(*) FROM a) = (SELECT count(*) FROM b)').pluck().get()).toBe(1);
  });
});

describe('SQLite backup', () => {
  test('takes an empty file', async () => {
    const file = join(await temporaryFolder(), 'empty.db');
    await writeFile(file, '');
    expect(await taker.check(await take(taker, await fileRequest(file)), never)).toBeNull();
  });

  test('takes rows that refer to missing rows as they are, and says so', async () => {
    const { file } = await ward(
      'PRAGMA foreign_keys = OFF; CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p INTEGER REFERENCES p (id)); INSERT INTO c VALUES (1), (2)',
    );
    const backup = await take(taker, await fileRequest(file));
    expect(backup).toMatchObject({
      danglingReferences: 2,
      warnings: [expect.stringContaining('2 rows refer to missing rows')],
    });
    expect(await taker.check(backup, never)).toBeNull();
    expect(await taker.check({ ...backup, danglingReferences: 1 }, never)).toMatchObject({ code: 'backup.damaged' });
  });

  test('never creates a missing database', async () => {
    const { file } = await ward(everyKind);
    const request = await fileRequest(file);
    const missing = { ...request, connection: { engine: 'sqlite', file: `${file}.missing` } } as const;
    expect(await problemOf(taker.preflight(missing))).toMatchObject({ code: 'connect.noDatabase' });
    expect(await problemOf(taker.take(missing, await taker.preflight(request), quiet, never))).toMatchObject({
      code: 'backup.programFailed',
    });
    expect(existsSync(missing.connection.file)).toBe(false);
    expect(await filesIn(request.folder)).toEqual([]);
  });

  test('refuses to leave something out', async () => {
    const { file } = await ward(everyKind);
    expect(await problemOf(taker.preflight({ ...(await fileRequest(file)), covers: 'schema' }))).toMatchObject({
      code: 'usage.invalid',
    });
  });
});

describe('Checking a SQLite backup', () => {
  test('finds a changed byte anywhere', async () => {
    const { file } = await ward(everyKind);
    const backup = await take(taker, await fileRequest(file));
    const content = await readFile(backup.path);
    for (let place = 0; place < content.length; place += 7) {
      await writeFile(backup.path, content.with(place, (content[place] ?? 0) ^ 0x10));
      expect(await taker.check(backup, never)).toMatchObject({ code: 'backup.damaged' });
    }
    await writeFile(backup.path, content);
    expect(await taker.check(backup, never)).toBeNull();
    await damageArchive(backup, (archive) => archive.subarray(0, 100));
    expect(await taker.check(backup, never)).toMatchObject({ code: 'backup.damaged' });
  });

  test('finds pages destroyed before the digest was taken', async () => {
    const { file } = await ward(everyKind);
    const backup = await damageContent(await take(taker, await fileRequest(file)), (content) =>
      Buffer.concat([content.subarray(0, 4096), Buffer.alloc(content.length - 4096)]),
    );
    expect(await taker.check(backup, never)).toMatchObject({ code: 'backup.damaged' });
    const header = await damageContent(backup, (content) => content.fill('x', 0, 16));
    expect(await taker.check(header, never)).toMatchObject({
      code: 'backup.damaged',
      message: expect.stringContaining('cannot read'),
    });
    expect(await filesIn(join(backup.path, '..'))).toHaveLength(2);
  });

  test('finds missing objects', async () => {
    const { file } = await ward(everyKind);
    const backup = await take(taker, await fileRequest(file));
    expect(await taker.check({ ...backup, objects: { ...backup.objects, trigger: 2 } }, never)).toMatchObject({
      code: 'backup.incomplete',
    });
  });
});
