/**
 * One runner per database file, over all processes of this computer.
 *
 * The lock is a write transaction held open on a small database of its own beside the file (`FILE-lockkeeper`):
 * the operating system ends it with the process that holds it, and it stands in no reader's or writer's way in the
 * file itself. The holder's row is committed before, so that others can read it. The small file is never removed:
 * another process may be about to lock it. It is one lock whatever its name, for SQLite has one writer per file anyway.
 * As with SQLite itself, file locks on network drives are only as good as that drive's.
 */
import { chmodSync, existsSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { LockHolder, LockInfo } from '../../../shared/model/lock.ts';
import { ServerFault } from '../../engine/ports.ts';
import { isSqliteFailure } from './faults.ts';

/** Milliseconds: longer than others take to write a row or to look whether the lock is free. */
const patience = 250;
const attempts = 20;

export const lockFileOf = (file: string): string => `${file}-lockkeeper`;

export class FileLock {
  readonly #file: string;
  readonly #names = new Set<string>();
  #held: { readonly database: Database.Database; readonly holder: LockHolder } | null = null;

  constructor(file: string) {
    this.#file = file;
  }

  /** @returns null when taken now or already ours. @throws {ServerFault} when the lock file cannot be used. */
  tryLock(name: string, holder: LockHolder): LockInfo | null {
    if (this.#held === null) {
      const other = this.#take(holder);
      if (other !== null) return other;
    }
    this.#names.add(name);
    return null;
  }

  unlock(name: string): void {
    if (this.#names.delete(name) && this.#names.size === 0) this.release();
  }

  release(): void {
    const held = this.#held;
    this.#held = null;
    this.#names.clear();
    if (held === null) return;
    try {
      held.database.exec('DELETE FROM holder; COMMIT');
    } catch (error) {
      // A reader may be in the way; the row then stays behind, and is seen to be nobody's.
      if (!isSqliteFailure(error)) throw error;
    } finally {
      held.database.close();
    }
  }

  info(): LockInfo {
    if (this.#held !== null) return { held: true, holder: this.#held.holder };
    if (!existsSync(lockFileOf(this.#file))) return { held: false, holder: null };
    const database = openLockFile(this.#file, false);
    try {
      const holder = readHolder(database);
      // Without a row nobody holds it; looking would only get in the way of one who is taking it.
      if (holder === null) return { held: false, holder: null };
      return tryBegin(database, 0) ? { held: false, holder: { ...holder, alive: false } } : { held: true, holder };
    } finally {
      database.close();
    }
  }

  #take(holder: LockHolder): LockInfo | null {
    refuseHardLinks(this.#file);
    const database = openLockFile(this.#file, true);
    try {
      for (let attempt = 0; attempt < attempts; attempt++) {
        if (!tryBegin(database, patience)) return heldByOther(database);
        const token = writeHolder(database, holder);
        if (!tryBegin(database, patience)) return heldByOther(database);
        // Between the row and the lock another may have written its own row, and then failed to lock.
        if (database.prepare('SELECT 1 FROM holder WHERE token = ?').get(token) !== undefined) {
          this.#held = { database, holder };
          return null;
        }
        database.exec('ROLLBACK');
      }
      return heldByOther(database);
    } finally {
      if (this.#held === null) database.close();
    }
  }
}

const heldByOther = (database: Database.Database): LockInfo => ({ held: true, holder: readHolder(database) });

/** Hard links have one content but two journals and two locks: sqlite.org/howtocorrupt.html section 2.5. */
function refuseHardLinks(file: string): void {
  if (statSync(file).nlink > 1)
    throw new ServerFault(
      'unsupportedServer',
      `The database file has a second name (a hard link); SQLite cannot keep it safe: ${file}`,
    );
}

/** Another process may make the table and hold the lock between our look and our try: then it is there after all. */
function createHolderTable(database: Database.Database): void {
  if (hasHolderTable(database)) return;
  try {
    database.exec(
      'BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS holder (token TEXT NOT NULL, person TEXT, host TEXT, process TEXT, since TEXT); COMMIT',
    );
  } catch (error) {
    if (!isSqliteFailure(error) || !hasHolderTable(database)) throw error;
  }
}

function openLockFile(file: string, create: boolean): Database.Database {
  const path = lockFileOf(file);
  const isNew = create && !existsSync(path);
  try {
    const database = new Database(path, { fileMustExist: !create, timeout: patience });
    if (create) createHolderTable(database);
    // Nobody holds it after power was lost, whatever it says then: only that it is a whole database had to reach the disk.
    database.pragma('synchronous = OFF');
    // Whoever may write the database must be able to lock it.
    if (isNew) chmodSync(path, statSync(file).mode & 0o666);
    return database;
  } catch (error) {
    throw lockFileFault(path, error);
  }
}

const hasHolderTable = (database: Database.Database): boolean =>
  database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'holder'").get() !== undefined;

function lockFileFault(path: string, error: unknown): ServerFault {
  const code = isSqliteFailure(error) ? error.code : null;
  const kind =
    code?.startsWith('SQLITE_FULL') === true
      ? 'diskFull'
      : code?.startsWith('SQLITE_BUSY') === true
        ? 'lockTimeout'
        : 'rights';
  const damaged = code === 'SQLITE_NOTADB' || code?.startsWith('SQLITE_CORRUPT') === true;
  const message = damaged
    ? `The lock file is damaged; remove it while no migration runs on this database: ${path}`
    : `The lock file cannot be used: ${path}`;
  return new ServerFault(kind, message, { code, detail: error instanceof Error ? error.message : null, cause: error });
}

function tryBegin(database: Database.Database, waitMs: number): boolean {
  database.pragma(`busy_timeout = ${String(waitMs)}`);
  try {
    database.exec('BEGIN IMMEDIATE');
    return true;
  } catch (error) {
    if (isSqliteFailure(error) && /^SQLITE_(BUSY|READONLY)/.test(error.code)) return false;
    throw error;
  }
}

/** Replaces the row of whoever held it last and commits, which ends the transaction. */
function writeHolder(database: Database.Database, holder: LockHolder): string {
  const token = crypto.randomUUID();
  database.exec('DELETE FROM holder');
  database
    .prepare('INSERT INTO holder (token, person, host, process, since) VALUES (?, ?, ?, ?, ?)')
    .run(token, holder.person, holder.host, holder.process, holder.since);
  database.exec('COMMIT');
  return token;
}

interface HolderRow {
  readonly person: string | null;
  readonly host: string | null;
  readonly process: string | null;
  readonly since: string | null;
}

function readHolder(database: Database.Database): LockHolder | null {
  if (!hasHolderTable(database)) return null;
  const row = database.prepare<[], HolderRow>('SELECT person, host, process, since FROM holder').get();
  return row === undefined ? null : { ...row, alive: true };
}
