import type { Problem } from '../problem.ts';
import type { EngineId } from './environment.ts';
import type { BackupProof } from './proof.ts';

/** Each level includes the ones before it. */
export const backupLevels = ['taken', 'checked', 'proven'] as const;
export type BackupLevel = (typeof backupLevels)[number];

/** `custom`: PostgreSQL's own archive. `plain`: SQL text; on MySQL and MariaDB the only one. SQLite's is its file. */
export const archiveFormats = ['custom', 'plain'] as const;
export type ArchiveFormat = (typeof archiveFormats)[number];

/** zstd's levels that are worth having: 1 is as fast as the dump, each further one slower and a little smaller. */
export const compressionLevels = { least: 1, most: 19 } as const;

export const reaches = (level: BackupLevel, needed: BackupLevel): boolean =>
  backupLevels.indexOf(level) >= backupLevels.indexOf(needed);

/** Does a backup satisfy a gate that asks for `needed`? Only one of everything does, or an external one where that is allowed. */
export function satisfies(
  backup: Pick<Backup, 'level' | 'covers' | 'external'> | null,
  needed: 'none' | BackupLevel,
  allowsExternal = false,
): boolean {
  if (needed === 'none') return true;
  if (backup?.external !== undefined) return allowsExternal;
  return backup !== null && backup.covers === 'everything' && reaches(backup.level, needed);
}

export interface ExternalBackup {
  /** By which it is found where it lies. */
  readonly name: string;
  /** Why it is relied upon. */
  readonly reason: string;
  readonly recordedBy: string;
}

/** Number of objects by kind, from the catalogue or from the archive. */
export type ObjectCounts = Readonly<Partial<Record<ObjectKind, number>>>;
export type ObjectKind =
  | 'table'
  | 'view'
  | 'index'
  | 'trigger'
  | 'routine'
  | 'sequence'
  | 'event'
  | 'materializedView'
  | 'type'
  | 'extension';

/** Rows of one table. */
export interface TableRows {
  /** Qualified by its schema on PostgreSQL. */
  readonly table: string;
  readonly rows: number;
  /** `counted` one by one, or the server's `estimated` statistics. */
  readonly source: 'counted' | 'estimated';
}

export interface Backup {
  readonly id: string;
  /** The environment's name when it was taken, or the ad hoc target's. */
  readonly environment: string;
  readonly engine: EngineId;
  readonly database: string;
  readonly level: BackupLevel;
  /** The moment the data is of; ISO 8601 in UTC. */
  readonly takenAt: string;
  readonly durationMs: number;
  /** Size of the archive on disk. */
  readonly bytes: number;
  /** Absolute path of the archive. */
  readonly path: string;
  /** SHA-256 of the archive, lower-case hex. */
  readonly sha256: string;
  /** When the archive was written, by its file system; milliseconds since 1970. Absent: not recorded. */
  readonly modifiedAt?: number;
  readonly encrypted: boolean;
  /** Id of the key it is encrypted with; the key itself is in the keychain, or comes from a passphrase. */
  readonly key?: string;
  readonly covers: 'everything' | 'schema' | 'tables';
  /** With `covers: 'tables'`: as they were named. */
  readonly tables?: readonly string[];
  /** Absent: `custom` on PostgreSQL. */
  readonly format?: ArchiveFormat;
  /** What a restore will not bring back, in words. */
  readonly notCovered: readonly string[];
  /** What a person should know before relying on it, in words. */
  readonly warnings?: readonly string[];
  /** Keys of the migrations that its history had just before; absent: it could not be read, or an earlier version took it. */
  readonly applied?: readonly string[];
  /** SQLite: rows that refer to missing rows in the database itself, as it was when the backup was taken. */
  readonly danglingReferences?: number;
  readonly objects: ObjectCounts;
  /** MySQL, MariaDB: accounts (`user@host`) whose rights views and stored programs run with. Absent: not recorded. */
  readonly definers?: readonly string[];
  /** As of the snapshot. Absent: not recorded. */
  readonly rows?: readonly TableRows[];
  /** The record beside the archive of what it must hold (`BackupContent`): its size and SHA-256. Absent: nothing was recorded. */
  readonly content?: { readonly bytes: number; readonly sha256: string };
  /** The last time that it was restored and compared. */
  readonly proof?: BackupProof;
  /** Taken by somebody else and only named here: a snapshot of storage, of a machine, of a provider. It has no archive. */
  readonly external?: ExternalBackup;
  readonly program: { readonly name: string; readonly version: string } | null;
  readonly serverVersion: string;
  readonly checkedAt: string | null;
  /** What the last check found. */
  readonly problem: Problem | null;
}
