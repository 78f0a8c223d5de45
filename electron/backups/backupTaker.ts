import type { ArchiveFormat, Backup, ObjectCounts } from '../../shared/model/backup.ts';
import type { Connection, EngineId } from '../../shared/model/environment.ts';
import type { Problem } from '../../shared/problem.ts';
import type { Session } from '../engine/ports.ts';
import type { Recording } from './content/contentReader.ts';
import type { ArchiveKey } from './encryption/archiveKey.ts';
import type { DumpProgram } from './programs.ts';

/** One engine's way to take and check a backup; `registry.ts` lists them. */
export interface BackupTaker<C extends Connection = Connection> {
  readonly engine: EngineId;
  /**
   * Finds the dump program and checks its version, the account's rights and the free disk space before anything
   * starts. Writes nothing.
   * @throws {ProblemError}
   */
  preflight(request: BackupRequest<C>): Promise<Preflight>;
  /**
   * Writes the archive under a temporary name, compares its objects with the catalogue's, then renames it; a failed or
   * cancelled one leaves no file. On PostgreSQL the session is inside a transaction of its own until this returns:
   * use it for nothing else meanwhile.
   * @throws {ProblemError}
   */
  take(request: BackupRequest<C>, preflight: Preflight, progress: BackupProgress, signal: AbortSignal): Promise<Backup>;
  /**
   * Reads the archive to its end and compares it with its record. Null: it is sound.
   * @throws {ProblemError} when it could not be checked: `backup.cancelled`, `backup.programMissing`, `backup.diskFull`.
   */
  check(backup: Backup, signal: AbortSignal, progress?: BackupProgress): Promise<Problem | null>;
}

/**
 * Called at most ten times a second, and once at the end. `bytes`: data read so far, before compression; comparable
 * with `Preflight.estimatedBytes`. `current`: the table under way, untrusted text.
 */
export type BackupProgress = (bytes: number, current: string | null) => void;

export interface BackupRequest<C extends Connection = Connection> {
  readonly id: string;
  readonly environment: string;
  readonly connection: C;
  readonly password: string | null;
  /** An open session on the same database, for the catalogue. */
  readonly session: Session;
  /** Folder the archive goes into; created if missing. */
  readonly folder: string;
  readonly covers: Backup['covers'];
  /** With `covers: 'tables'`: `name` or `schema.name`. */
  readonly tables: readonly string[];
  /** `custom` is PostgreSQL's own; the others have but one and do not look at it. */
  readonly format: ArchiveFormat;
  /** zstd's level; `compressionLevels`. */
  readonly compression: number;
  /** Null: the archive is not encrypted. */
  readonly key: ArchiveKey | null;
  /** How to record what a backup of everything must hold; absent: it is not, and the backup can never be proven. */
  readonly recording?: Recording;
  /** Keys of the migrations that its history has; absent: not known. */
  readonly applied?: readonly string[];
}

export interface Preflight {
  readonly program: DumpProgram | null;
  /** The command a person could run, without secrets. */
  readonly command: string;
  /** Objects the archive must hold, as of now; `take` counts again at the moment the data is of. */
  readonly objects: ObjectCounts;
  /** Size of the data by the catalogue; null when unknown. */
  readonly estimatedBytes: number | null;
  /** Free bytes where the archive goes. */
  readonly freeBytes: number | null;
  /** What a restore will not bring back, in words. */
  readonly notCovered: readonly string[];
  /** What a person should know before relying on this backup, in words. */
  readonly warnings: readonly string[];
}
