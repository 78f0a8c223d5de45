import type { Backup, ObjectCounts } from '../../shared/model/backup.ts';
import type { Connection, EngineId } from '../../shared/model/environment.ts';
import type { Problem } from '../../shared/problem.ts';
import type { Session } from '../engine/ports.ts';

/** One engine's way to take and check a backup; `registry.ts` lists them. */
export interface BackupTaker<C extends Connection = Connection> {
  readonly engine: EngineId;
  /** Finds the dump program and checks its version and the account's rights before anything starts. @throws {ProblemError} */
  preflight(request: BackupRequest<C>): Promise<Preflight>;
  /** Writes to a temporary name, then renames; a failed or cancelled one leaves no file. @throws {ProblemError} */
  take(request: BackupRequest<C>, preflight: Preflight, progress: (bytes: number, current: string | null) => void, signal: AbortSignal): Promise<Backup>;
  /** Reads the archive to its end and compares it with its record. Null: it is sound. */
  check(backup: Backup, signal: AbortSignal): Promise<Problem | null>;
}

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
  readonly tables: readonly string[];
}

export interface Preflight {
  readonly program: { readonly name: string; readonly version: string; readonly path: string } | null;
  /** The command a person could run, without secrets. */
  readonly command: string;
  /** Objects the archive must hold. */
  readonly objects: ObjectCounts;
  /** Size of the data by the catalogue; null when unknown. */
  readonly estimatedBytes: number | null;
  /** Free bytes where the archive goes. */
  readonly freeBytes: number | null;
}
