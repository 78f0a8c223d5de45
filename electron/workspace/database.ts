/** The workspace's database file: opened, brought to this version's schema, or refused with what to do. */
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { ProblemError, raise } from '../../shared/problem.ts';
import { schemaChanges } from './schema.ts';

/** Milliseconds to wait for another process that writes. */
const patience = 5000;
/** Bytes up to which the whole file is checked each time it is opened: a few milliseconds. */
const checkedSize = 4 * 1024 * 1024;

/** @throws {ProblemError} `workspace.newer`, `workspace.damaged`, `workspace.unwritable` */
export function openDatabase(directory: string): Database.Database {
  const file = join(directory, 'workspace.db');
  let database: Database.Database | null = null;
  try {
    prepareFile(directory, file);
    database = new Database(file, { timeout: patience });
    checkContent(database, file);
    refuseNewer(database, file);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF');
    changeSchema(database, file);
    return database;
  } catch (error) {
    database?.close();
    if (isDamage(error)) return setAside(file, error);
    throw isFileError(error) ? unwritable(directory, error) : error;
  }
}

/** Holds who did what and where databases are: nobody else's business on a shared computer. */
function prepareFile(directory: string, file: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (existsSync(file)) return;
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
}

class DamagedError extends Error {}

function checkContent(database: Database.Database, file: string): void {
  database.prepare('SELECT 1 FROM sqlite_schema').get();
  if (statSync(file).size > checkedSize) return;
  const found = database.pragma('quick_check(1)', { simple: true });
  if (found !== 'ok') throw new DamagedError(String(found));
}

function changeSchema(database: Database.Database, file: string): void {
  if (versionOf(database) === schemaChanges.length) return;
  // Another process may be doing the same: decide under the lock.
  database
    .transaction(() => {
      refuseNewer(database, file);
      for (const change of schemaChanges.slice(versionOf(database))) database.exec(change);
      database.pragma(`user_version = ${String(schemaChanges.length)}`);
    })
    .immediate();
}

const versionOf = (database: Database.Database): number => Number(database.pragma('user_version', { simple: true }));

function refuseNewer(database: Database.Database, file: string): void {
  const version = versionOf(database);
  if (version <= schemaChanges.length) return;
  raise({
    code: 'workspace.newer',
    message: `The workspace was written by a newer Lockkeeper (schema ${String(version)}; this one knows up to ${String(schemaChanges.length)}).`,
    hint: 'Use the newer Lockkeeper, or point LOCKKEEPER_HOME to another directory.',
    path: file,
  });
}

/** Renames the file with its siblings, which may hold its last changes. */
function setAside(file: string, error: unknown): never {
  const aside = `${file}.damaged-${new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
  for (const suffix of ['', '-wal', '-shm', '-journal']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  }
  return raise(
    {
      code: 'workspace.damaged',
      message: `The workspace file is damaged and was set aside as ${aside}.`,
      state: 'No database was touched; nothing of the damaged file was deleted.',
      hint: 'Put back a copy of workspace.db, or start again to begin with an empty workspace.',
      path: aside,
      ...(error instanceof Error ? { serverMessage: error.message } : {}),
    },
    error,
  );
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

const isDamage = (error: unknown): boolean =>
  error instanceof DamagedError || /^SQLITE_(NOTADB|CORRUPT)/.test(codeOf(error));

/** What the disk or its rights refuse, said by SQLite or by the system. */
export const isFileError = (error: unknown): boolean =>
  /^SQLITE_(FULL|READONLY|CANTOPEN|IOERR|PERM|BUSY)|^(ENOSPC|EDQUOT|EACCES|EPERM|EROFS|EIO|ENOTDIR|EEXIST|EMFILE)$/.test(
    codeOf(error),
  );

export const unwritable = (directory: string, cause: unknown): ProblemError =>
  new ProblemError(
    {
      code: 'workspace.unwritable',
      message: `The workspace in ${directory} cannot be written.`,
      state: 'The workspace keeps what it held; no database was touched by this.',
      hint: 'Free space on its disk or correct its rights, or point LOCKKEEPER_HOME to another directory.',
      path: directory,
      ...(cause instanceof Error ? { serverMessage: cause.message } : {}),
    },
    { cause },
  );
