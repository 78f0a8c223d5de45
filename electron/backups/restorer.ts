import type { TableRows } from '../../shared/model/backup.ts';
import type { Connection, EngineId } from '../../shared/model/environment.ts';
import type { OpenSession, RestoreStage } from '../../shared/model/restore.ts';
import type { Dialect, Session, SqlText } from '../engine/ports.ts';
import type { BackupProgress } from './backupTaker.ts';
import type { Archive } from './restore/archive.ts';

/**
 * One engine's way to bring a backup back: into a new database first, verified there, then put in place of the live
 * one, which is kept. `restorers.ts` lists them. What has happened is read from the server or the disk, never
 * assumed from what was written down, so that each method may be called again after a crash.
 */
export interface Restorer<C extends Connection = Connection> {
  readonly engine: EngineId;
  /** Names that are free and of the engine's length: the restored database and where the live one will be kept. */
  names(connection: C, stamp: string): RestoreNames;
  /** Is there a database of this name (a file, for SQLite)? */
  exists(session: Session, database: string): Promise<boolean>;
  /**
   * Whether it can be done at all: rights, programs, space, what stands in the way. Writes nothing.
   * @throws {ProblemError}
   */
  preflight(request: RestoreRequest<C>): Promise<RestorePreflight>;
  /** Other people's sessions that swapping or undoing must end; none where it need not. @throws {ServerFault} */
  othersOn(session: Session, live: string): Promise<OpenSession[]>;
  /** Rows of the live database's tables, counted up to `budget` rows, then estimated. @throws {ServerFault} */
  countRows(session: Session, budget: number): Promise<TableRows[]>;
  /** Makes the new database, empty; nothing where it is there already. When it fails, nothing was made. @throws {ProblemError} */
  create(request: RestoreRequest<C>, signal: AbortSignal): Promise<void>;
  /** Loads the archive into it. What fails or is cancelled half-way is the caller's to discard. @throws {ProblemError} */
  load(request: RestoreRequest<C>, progress: BackupProgress, signal: AbortSignal): Promise<LoadedRows>;
  /** Compares what was loaded with the archive's record. @throws {ProblemError} `restore.verification` */
  verify(request: RestoreRequest<C>, loaded: LoadedRows, signal: AbortSignal): Promise<void>;
  /**
   * Puts the restored database in place of the live one. Closes `request.session`. When it fails, the live database
   * is what it was.
   * @throws {ProblemError}
   */
  swap(request: SwapRequest<C>): Promise<void>;
  /** Removes the restored database if it is still beside the live one. */
  discard(request: SwapRequest<C>): Promise<void>;
  /** After a crash, before anything else: makes the live database usable where the crash left it half-renamed. */
  settle?(names: RestoreNames, stage: RestoreStage): Promise<void>;
  /**
   * Brings the kept database back, whatever moment a crash has left; the restored one goes back beside it. Closes
   * `request.session`. Resolves with what it found.
   * @throws {ProblemError} `restore.notUndoable`
   */
  undo(request: UndoRequest<C>): Promise<'undone' | 'removed'>;
}

/** Rows by table that the server said it took; empty where the program that loads does not tell. */
export type LoadedRows = ReadonlyMap<string, number>;

export interface RestoreNames {
  /** For SQLite a path, as the other two. */
  readonly live: string;
  readonly restored: string;
  readonly kept: string;
}

export interface SwapRequest<C extends Connection = Connection> {
  readonly connection: C;
  readonly names: RestoreNames;
  /** On the live database; holds the migration lock. */
  readonly session: Session;
  readonly dialect: Dialect;
  /** Sessions of other people on the live database may be ended. */
  readonly closeSessions: boolean;
  /** A session of the same account on another database of the server, or file. @throws {ProblemError} */
  open(database: string): Promise<Session>;
  /** Writes down, on this computer's disk, what is about to be done. */
  note(move: string): Promise<void>;
}

export interface UndoRequest<C extends Connection = Connection> extends SwapRequest<C> {
  /** The last one written down. */
  readonly stage: RestoreStage;
  /** Writes down that the databases begin to change places: from then on `stage` is `undoing`. */
  begins(): Promise<void>;
}

export interface RestoreRequest<C extends Connection = Connection> extends SwapRequest<C> {
  readonly password: string | null;
  readonly archive: Archive;
  readonly sql: SqlText;
  /** The live database will be replaced. */
  readonly swaps: boolean;
  /** A database of this name is expected to be there and empty; else `names.restored` is created. */
  readonly intoExisting: boolean;
  /** For temporary files. */
  readonly folder: string;
  /** Into a copy to be thrown away: owners, rights and all that reaches beyond it stay out (`copies/copyMaker.ts`). */
  readonly asCopy?: true;
}

export interface RestorePreflight {
  /** Other people's sessions, which the swap must end; empty where it need not. */
  readonly sessions: readonly OpenSession[];
  readonly warnings: readonly string[];
}
