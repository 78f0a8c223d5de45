import type { Problem } from '../problem.ts';
import type { Backup, BackupLevel, TableRows } from './backup.ts';
import type { Hazard } from './plan.ts';
import type { RunSummary } from './run.ts';

/**
 * What becomes of the restored database: it takes the live one's place, stays beside it under a name of its own, or
 * is an empty database that somebody else made.
 */
export const restorePlacements = ['swap', 'beside', 'into'] as const;
export type RestorePlacement = (typeof restorePlacements)[number];

/**
 * How far a restore has come. Until `swapping` the live database is untouched. `undone`: the live database is again
 * what it was before.
 */
export type RestoreStage = 'loading' | 'verified' | 'swapping' | 'swapped' | 'left' | 'removed' | 'undoing' | 'undone';

/** Where a restore put what: enough to finish or undo it after a crash. */
export interface RestoreRecord {
  /** The backup's id; null for somebody else's dump. */
  readonly backup: string | null;
  /** Path of the archive or dump. */
  readonly file: string;
  readonly placement: RestorePlacement;
  /** The database that applications use; for SQLite a path, as the other two. */
  readonly live: string;
  /** Where the data is restored before it takes the live one's name, or for good. */
  readonly restored: string;
  /** Where the live one is kept after the swap. */
  readonly kept: string;
  readonly stage: RestoreStage;
}

/** A session of somebody else on the live database. Texts come from the server. */
export interface OpenSession {
  readonly id: string;
  readonly user: string;
  readonly program: string;
  readonly host: string;
  readonly state: string;
}

/** One table's rows in the backup and now; null where it is not there or not known. */
export interface RowDifference {
  readonly table: string;
  readonly inBackup: TableRows | null;
  readonly now: TableRows | null;
}

/** A migration that the live database's history has, and the backup has not, or not so. */
export interface LaterMigration {
  readonly version: string;
  readonly name: string | null;
  /** ISO 8601 in UTC; null where the history keeps none. */
  readonly appliedAt: string | null;
}

/** What a restore would do and lose, before anything is done. */
export interface RestorePlan {
  readonly backup: Backup | null;
  readonly file: string;
  readonly placement: RestorePlacement;
  readonly environment: string;
  /** Connection without its secret, as a URL. */
  readonly server: string;
  readonly live: string;
  readonly restored: string;
  /** Null: the live database stays as it is. */
  readonly kept: string | null;
  /** The moment the data is of; null when unknown. What was written later is lost. */
  readonly takenAt: string | null;
  /** Migrations that the live database has and the backup has not, whoever applied them; null: not known. */
  readonly migrationsSince: readonly LaterMigration[] | null;
  /** Runs of Lockkeeper on this environment since then, newest first. */
  readonly runsSince: readonly RunSummary[];
  /** Tables whose number of rows differs, as far as the backup recorded it. Changed rows are not seen by it. */
  readonly rows: readonly RowDifference[];
  /** False: the backup recorded no numbers to compare with. */
  readonly rowsKnown: boolean;
  readonly sessions: readonly OpenSession[];
  /** What the restore will not bring back, in words. */
  readonly notCovered: readonly string[];
  readonly warnings: readonly string[];
  readonly hazards: readonly Hazard[];
  readonly gate: RestoreGate;
  /** What prevents it. */
  readonly problems: readonly Problem[];
}

/** What undoing a restore would do. */
export interface UndoPlan {
  readonly run: string;
  readonly environment: string;
  readonly restore: RestoreRecord;
  readonly sessions: readonly OpenSession[];
  readonly hazards: readonly Hazard[];
  readonly gate: RestoreGate;
  readonly problems: readonly Problem[];
}

export interface RestoreGate {
  readonly typedName: string | null;
  readonly reason: boolean;
  readonly backup: 'none' | BackupLevel;
  readonly hazardsToAccept: readonly string[];
  /** The first of `stops`. */
  readonly blocked: Problem | null;
  readonly stops: readonly Problem[];
  /** Milliseconds since the epoch; null: no change window closes. */
  readonly closesAt: number | null;
}
