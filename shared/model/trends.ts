/** How durations and sizes went over time, for charts and their tables. */
import type { Backup } from './backup.ts';

/** One migration as it was applied or rolled back, to its end. */
export interface StepDuration {
  /** ISO 8601 in UTC. */
  readonly at: string;
  /** The environment's name then, or the ad hoc target's. */
  readonly environment: string;
  readonly version: string;
  readonly name: string;
  readonly action: 'apply' | 'revert';
  readonly durationMs: number;
  readonly run: string;
}

/** A whole run that succeeded, its backup included. */
export interface RunDuration {
  readonly at: string;
  readonly environment: string;
  readonly action: string;
  readonly durationMs: number;
  readonly run: string;
}

/** The archive of one backup; `covers` tells which are comparable. */
export interface BackupSize extends Pick<Backup, 'id' | 'environment' | 'covers' | 'bytes' | 'durationMs'> {
  readonly at: string;
}

/** All oldest first. */
export interface Trends {
  readonly steps: readonly StepDuration[];
  readonly runs: readonly RunDuration[];
  readonly backups: readonly BackupSize[];
  /** There were more than are told of: only the newest are here. */
  readonly shortened: boolean;
}
