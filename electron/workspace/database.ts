/** The workspace's database file: opened, brought to this version's schema, or refused with what to do. */
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { ProblemError, raise } from '../../shared/problem.ts';
import { entryHash } from '../engine/auditChain.ts';
import { type Recovered, recover } from './recover.ts';
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
    database = connect(file);
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

/** With the functions that the schema calls. */
export function connect(file: string): Database.Database {
  const database = new Database(file, { timeout: patience });
  database.function(
    'audit_hash',
    { deterministic: true },
    (previous: string, at: string, actor: string, action: string, environment, run, detail: string) =>
      entryHash(previous, { at, actor, action, environment, run, detail }),
  );
  return database;
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
  const isDoubted = existsSync(doubtOf(file));
  if (statSync(file).size > checkedSize && !isDoubted) return;
  const found = database.pragma('quick_check(1)', { simple: true });
  if (found !== 'ok') throw new DamagedError(String(found));
  if (isDoubted) rmSync(doubtOf(file), { force: true });
}

function changeSchema(database: Database.Database, file: string): void {
  const version = versionOf(database);
  if (version === schemaChanges.length) return;
  if (version > 0) keepCopy(database, file, version);
  // Another process may be doing the same: decide under the lock.
  database
    .transaction(() => {
      refuseNewer(database, file);
      for (const change of schemaChanges.slice(versionOf(database))) database.exec(change);
      database.pragma(`user_version = ${String(schemaChanges.length)}`);
    })
    .immediate();
}

/** What an older Lockkeeper needs, should somebody go back to it: the file as it was, made as a whole or not at all. */
function keepCopy(database: Database.Database, file: string, version: number): void {
  const copy = `${file}.schema-${String(version)}`;
  if (existsSync(copy)) return;
  const temporary = `${copy}.${String(process.pid)}`;
  try {
    closeSync(openSync(temporary, 'w', 0o600));
    database.prepare('VACUUM INTO ?').run(temporary);
    // Another process may have changed the schema meanwhile: then it has kept the copy.
    if (versionOf(database) === version) renameSync(temporary, copy);
  } finally {
    rmSync(temporary, { force: true });
  }
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

/** Renames the file with its siblings, which may hold its last changes, and begins a new one with what can be read of it. */
function setAside(file: string, error: unknown): never {
  const aside = `${file}.damaged-${new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '')}-${String(process.pid)}`;
  for (const suffix of ['', '-wal', '-shm', '-journal']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  }
  rmSync(doubtOf(file), { force: true });
  const recovered = rebuild(file, aside);
  return raise(
    {
      code: 'workspace.damaged',
      message: `The workspace file is damaged and was set aside as ${aside}. ${toldOf(recovered)}`,
      state: 'No database was touched; nothing of the damaged file was deleted.',
      hint: `Put back a copy of workspace.db, or start again to ${recovered === null ? 'begin with an empty workspace' : 'go on with what could be read: look at the environments and their protection first'}.`,
      path: aside,
      ...(error instanceof Error ? { serverMessage: error.message } : {}),
    },
    error,
  );
}

/** Null: nothing could be read. The file is there as a whole or not at all. */
function rebuild(file: string, damaged: string): Recovered | null {
  const temporary = `${file}.recovering-${String(process.pid)}`;
  try {
    prepareFile(dirname(file), temporary);
    const database = connect(temporary);
    let recovered: Recovered;
    try {
      changeSchema(database, temporary);
      recovered = recover(damaged, database);
    } finally {
      database.close();
    }
    const isEmpty = recovered.values().every((rows) => rows === 0);
    // Another process may have begun a new one meanwhile.
    if (!isEmpty && !existsSync(file)) renameSync(temporary, file);
    return isEmpty ? null : recovered;
  } catch (error) {
    if (isDamage(error) || isFileError(error)) return null;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

function toldOf(recovered: Recovered | null): string {
  if (recovered === null) return 'Nothing of it could be read.';
  const found = [...recovered].filter(([, rows]) => rows > 0).map(([table, rows]) => `${rows} of ${table}`);
  return `Read of it and taken over: ${found.join(', ')}; what is not among them is only in that file.`;
}

/** Present once something of a large file could not be read: then the whole of it is checked when it is opened. */
const doubtOf = (file: string): string => `${file}.doubt`;

/** Of what was found while it was in use. */
export function damagedInUse(directory: string, error: Error): ProblemError {
  const file = join(directory, 'workspace.db');
  closeSync(openSync(doubtOf(file), 'a', 0o600));
  return new ProblemError(
    {
      code: 'workspace.damaged',
      message: `The workspace file is damaged: ${file}.`,
      state: 'No database was touched by this.',
      hint: 'End Lockkeeper and start it again: the file is set aside then, and what can be read of it is taken over.',
      path: file,
      serverMessage: error.message,
    },
    { cause: error },
  );
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

export const isDamage = (error: unknown): error is Error =>
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
