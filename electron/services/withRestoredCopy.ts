/** Restores a backup into a database of its own that reaches nothing else, lets it be used, and removes it again. */
import { randomBytes } from 'node:crypto';
import { ulid } from 'ulid';
import type { Backup } from '../../shared/model/backup.ts';
import type { Connection } from '../../shared/model/environment.ts';
import type { BackupContent, CopyIsolation } from '../../shared/model/proof.ts';
import type { SchemaObject } from '../../shared/model/snapshot.ts';
import { nothingChanged, type Problem, ProblemError, raise } from '../../shared/problem.ts';
import { readContent } from '../backups/archive/contentFile.ts';
import type { BackupProgress } from '../backups/backupTaker.ts';
import type { CopyMaker, CopyRequest } from '../backups/copies/copyMaker.ts';
import { copyMakerFor } from '../backups/copies/copyMakers.ts';
import type { LoadedRows, RestoreRequest, Restorer } from '../backups/restorer.ts';
import { createDatabase } from '../databases/sqlite/index.ts';
import { snapshotSha256 } from '../engine/compareSnapshots.ts';
import { ServerFault, type Session } from '../engine/ports.ts';
import { unlockArchive } from './archiveKeys.ts';
import type { Context } from './context.ts';
import { copyFile, copyName, removeCopyRecord, writeCopyRecord } from './copyRecords.ts';
import { requireRoom } from './copyRoom.ts';
import { type CopyServer, copyServerOf } from './copyServer.ts';
import { openOther, restoreRequest, restorerOf } from './planRestore.ts';
import { asProblem } from './problems.ts';
import { openSession, type TargetDatabase } from './target.ts';

/** Accepts that what runs on the copy does so with the environment's own account. */
export const sharedLogin = 'sharedLogin';

export interface RestoredCopy {
  /** The copy, with the login that was made for it; of no environment. */
  readonly target: TargetDatabase;
  readonly connection: Connection;
  readonly password: string | null;
  /** On the copy, with that login. Closed afterwards. */
  readonly session: Session;
  readonly isolation: CopyIsolation;
  /** What was recorded when the backup was taken; null: by an earlier version, which recorded nothing. */
  readonly content: BackupContent | null;
  /** What of the backup is not on the copy, in words. */
  readonly leftOut: readonly string[];
  readonly loaded: LoadedRows;
}

export interface CopyOptions {
  readonly signal: AbortSignal;
  /** `sharedLogin`, `busyServer`. */
  readonly accept: readonly string[];
  readonly progress: BackupProgress;
  /** What a person should know, in words. */
  warn(message: string): void;
}

/**
 * Whatever happens in `use`, and whatever fails, database and login are removed; after a crash by
 * `removeAbandonedCopies`.
 * @throws {ProblemError} `backup.*`, `restore.*`, those of connecting, and what `use` throws
 */
export async function withRestoredCopy<T>(
  context: Context,
  target: TargetDatabase,
  backup: Backup,
  options: CopyOptions,
  use: (copy: RestoredCopy) => Promise<T>,
): Promise<T> {
  await unlockArchive(context, backup);
  const content = await readContent(backup, options.signal);
  const server = await copyServerOf(context, target);
  const maker = copyMakerFor(backup.engine);
  const name = copyName(ulid());
  const making: Making = { context, target, backup, content, server, name, options };
  return maker === null ? withFile(making, use) : withDatabase(making, maker, use);
}

/** The same with nothing in it yet but what only the account that makes it may make. `schema`: that it will get. */
export async function withEmptyCopy<T>(
  context: Context,
  target: TargetDatabase,
  schema: readonly SchemaObject[],
  options: CopyOptions,
  use: (copy: RestoredCopy) => Promise<T>,
): Promise<T> {
  const server = await copyServerOf(context, target);
  const maker = copyMakerFor(target.driver.id);
  const content = { schema, schemaSha256: snapshotSha256(schema), tables: [], sequences: [], database: {} };
  const making: Making = { context, target, backup: null, content, server, name: copyName(ulid()), options };
  return maker === null ? withFile(making, use) : withDatabase(making, maker, use);
}

interface Making {
  readonly context: Context;
  readonly target: TargetDatabase;
  /** Null: nothing is loaded. */
  readonly backup: Backup | null;
  readonly content: BackupContent | null;
  readonly server: CopyServer;
  readonly name: string;
  readonly options: CopyOptions;
}

async function withFile<T>(making: Making, use: (copy: RestoredCopy) => Promise<T>): Promise<T> {
  const { context, target, backup, name } = making;
  const file = copyFile(context, name);
  await requireRoom(context, making, null);
  await record(making, '');
  try {
    const connection = { engine: 'sqlite', file } as const;
    const there = { ...target, environment: { ...target.environment, id: '', connection } };
    // Nothing of the live file is needed; the session is only part of the request.
    const session = await openSession(context, target, true);
    try {
      return await loaded(making, { there, session, isolation: 'file', leftOut: [], names: file }, use);
    } finally {
      await session.close();
    }
  } catch (thrown) {
    throw asProblem(thrown, { engine: 'sqlite', file: backup?.path ?? file });
  } finally {
    await removeCopyRecord(context, name);
  }
}

async function withDatabase<T>(making: Making, maker: CopyMaker, use: (copy: RestoredCopy) => Promise<T>): Promise<T> {
  const { context, server, name } = making;
  const { connection } = server.target.environment;
  const session = await openSession(context, server.target, false);
  try {
    await requireRoom(context, making, session);
    await record(making, server.target.driver.formatUrl(connection));
    return await onDatabase(making, maker, session, use);
  } catch (thrown) {
    throw asProblem(thrown, connection);
  } finally {
    await session.close().catch(() => undefined);
    await cleanUp(making, maker, name);
  }
}

/** On a session of its own: the one that made the copy may be what was lost. */
async function cleanUp({ context, server, options }: Making, maker: CopyMaker, name: string): Promise<void> {
  try {
    await removeCopy(context, server.target, maker, name);
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    options.warn(`The copy ${name} could not be removed (${why}); it is tried again at the next start.`);
  }
}

export async function removeCopy(
  context: Context,
  target: TargetDatabase,
  maker: CopyMaker,
  name: string,
): Promise<void> {
  const session = await openSession(context, target, false);
  try {
    await maker.remove(session, name);
  } finally {
    await session.close();
  }
  await removeCopyRecord(context, name);
}

const record = ({ context, target, name }: Making, url: string): Promise<void> =>
  writeCopyRecord(context, { name, url, environmentId: target.environment.id });

async function onDatabase<T>(
  making: Making,
  maker: CopyMaker,
  session: Session,
  use: (copy: RestoredCopy) => Promise<T>,
): Promise<T> {
  const { context, server, name, content } = making;
  const { connection } = server.target.environment;
  if (connection.engine === 'sqlite') throw new Error('A file has no server');
  const asked = { name, session, dialect: server.target.driver.dialect, content, sameServer: !server.proving };
  const password = randomBytes(24).toString('base64url');
  const isolated = await madeLogin(making, maker, { ...asked, isolated: true }, password);
  const request: CopyRequest = { ...asked, isolated };
  await maker.makeDatabase(request);
  const inside = await openOther(context, server.target, false)(name);
  let leftOut: string[];
  try {
    leftOut = await maker.prepare(request, inside);
  } finally {
    await inside.close();
  }
  const there: TargetDatabase = {
    ...server.target,
    ...(isolated ? { password, passwordNote: null } : {}),
    environment: {
      ...server.target.environment,
      id: '',
      connection: { ...connection, database: name, ...(isolated ? { user: name } : {}) },
    },
  };
  const isolation = server.proving ? 'provingServer' : isolated ? 'login' : 'sharedLogin';
  return loaded(making, { there, session, isolation, leftOut, names: name }, use);
}

/** On a proving server the account's own login will do; beside the database itself only where that was accepted. */
async function madeLogin(
  { server, options }: Making,
  maker: CopyMaker,
  request: CopyRequest,
  password: string,
): Promise<boolean> {
  try {
    await maker.makeLogin(request, password);
    return true;
  } catch (thrown) {
    if (!(thrown instanceof ServerFault) || thrown.kind !== 'rights') throw thrown;
    if (server.proving || options.accept.includes(sharedLogin)) return false;
    throw new ProblemError(notIsolated(thrown.message), { cause: thrown });
  }
}

const notIsolated = (serverMessage: string): Problem => ({
  code: 'backup.notIsolated',
  message:
    'This account may not make a login that reaches only the copy, so what runs on the copy could reach other databases.',
  state: nothingChanged,
  hint: `Set a proving server for this environment, give the account the right to create logins, or accept it: --accept ${sharedLogin}`,
  serverMessage,
});

interface Made {
  readonly there: TargetDatabase;
  /** On the live database or the proving server. */
  readonly session: Session;
  readonly isolation: CopyIsolation;
  readonly leftOut: readonly string[];
  /** The copy's name, or its file's path. */
  readonly names: string;
}

async function loaded<T>(making: Making, made: Made, use: (copy: RestoredCopy) => Promise<T>): Promise<T> {
  const rows = await fill(making, made);
  const { there, isolation, leftOut } = made;
  const session = await openSession(making.context, there, false);
  try {
    return await use({
      target: there,
      connection: there.environment.connection,
      password: there.password,
      session,
      isolation,
      content: making.content,
      leftOut,
      loaded: rows,
    });
  } finally {
    await session.close().catch(() => undefined);
  }
}

async function fill(making: Making, made: Made): Promise<LoadedRows> {
  const { context, target, backup, options } = making;
  if (backup !== null) {
    const restorer = restorerOf(context, target);
    const request = loadRequest(making, backup, made);
    if (made.isolation === 'file') await restorer.create(request, options.signal);
    return load(restorer, request, options);
  }
  if (made.isolation === 'file') await createDatabase(made.names);
  return new Map();
}

async function load(
  restorer: Restorer,
  request: RestoreRequest,
  { progress, signal }: CopyOptions,
): Promise<LoadedRows> {
  try {
    return await restorer.load(request, progress, signal);
  } catch (thrown) {
    if (signal.aborted || !(thrown instanceof ProblemError)) throw thrown;
    return raise({ ...thrown.problem, state: nothingChanged }, thrown);
  }
}

function loadRequest({ context, target }: Making, backup: Backup, { there, session, names }: Made): RestoreRequest {
  const live = target.environment.connection;
  const prepared = {
    target: there,
    archive: { kind: 'backup', backup },
    names: { live: live.engine === 'sqlite' ? live.file : live.database, restored: names, kept: names },
    intoExisting: false,
    placement: 'beside',
  } as const;
  return { ...restoreRequest(context, prepared, session, false), asCopy: true };
}
