import type { Problem } from '../problem.ts';
import type { EngineId } from './environment.ts';

/** Each level includes the ones before it. */
export const backupLevels = ['taken', 'checked', 'proven'] as const;
export type BackupLevel = (typeof backupLevels)[number];

/** Does `level` satisfy a gate that asks for `needed`? */
export function satisfies(level: BackupLevel | null, needed: 'none' | BackupLevel): boolean {
  if (needed === 'none') return true;
  return level !== null && backupLevels.indexOf(level) >= backupLevels.indexOf(needed);
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
  readonly encrypted: boolean;
  readonly covers: 'everything' | 'schema' | 'tables';
  /** What a restore will not bring back, in words. */
  readonly notCovered: readonly string[];
  /** What a person should know before relying on it, in words. */
  readonly warnings?: readonly string[];
  /** SQLite: rows that refer to missing rows in the database itself, as it was when the backup was taken. */
  readonly danglingReferences?: number;
  readonly objects: ObjectCounts;
  /** As of the snapshot. Absent: not recorded. */
  readonly rows?: readonly TableRows[];
  readonly program: { readonly name: string; readonly version: string } | null;
  readonly serverVersion: string;
  readonly checkedAt: string | null;
  /** What the last check found. */
  readonly problem: Problem | null;
}
