import type { Problem } from '../problem.ts';
import type { Backup, BackupLevel } from './backup.ts';
import type { BatchCount } from './directive.ts';
import type { LockHolder } from './lock.ts';
import type { RepairAction } from './repair.ts';
import type { RestoreRecord } from './restore.ts';

export type RunAction =
  | 'up'
  | 'down'
  | 'backup'
  | 'check'
  | 'restore'
  | 'undoRestore'
  | 'repair'
  | 'baseline'
  | 'force';
export type RunOutcome = 'succeeded' | 'failed' | 'cancelled' | 'interrupted' | 'refused';
/** `rolledBack`: it failed and nothing of it remains. `failed`: it failed and part of it may remain. */
export type StepOutcome = 'succeeded' | 'failed' | 'rolledBack' | 'unknown' | 'notExecuted';

/** The phases of one run in order (design.md section 4). */
export const runPhases = [
  'prepare',
  'lock',
  'backup',
  'check',
  'migrate',
  'restore',
  'verify',
  'swap',
  'report',
] as const;
export type RunPhase = (typeof runPhases)[number];

/** A result set of the script's own SELECT, shortened. */
export interface ResultSet {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** Rows the server returned; more than `rows.length` when shortened. */
  readonly rowCount: number;
}

export interface PlannedStep {
  readonly index: number;
  readonly version: string;
  readonly name: string;
  readonly action: 'apply' | 'revert' | RepairAction;
  readonly statements: number;
  readonly transactional: boolean;
  readonly estimateMs: number | null;
}

export interface RunOrigin {
  readonly id: string;
  readonly action: RunAction;
  readonly environment: string;
  readonly environmentId: string | null;
  readonly actor: string;
  readonly host: string;
  readonly reason: string | null;
}

/** What window, command line, log file and report all consume. */
export type RunEvent =
  | { readonly type: 'runStarted'; readonly origin: RunOrigin; readonly steps: readonly PlannedStep[] }
  | { readonly type: 'phaseStarted'; readonly phase: RunPhase }
  | { readonly type: 'phaseFinished'; readonly phase: RunPhase }
  | { readonly type: 'lockWaiting'; readonly holder: LockHolder | null }
  /** `totalBytes` is an estimate from the catalogue and may be passed. */
  | {
      readonly type: 'backupProgress';
      readonly bytes: number;
      readonly totalBytes: number | null;
      readonly current: string | null;
    }
  | { readonly type: 'backupFinished'; readonly backup: Backup }
  /** Bytes of the archive's content that were loaded. */
  | { readonly type: 'restoreProgress'; readonly bytes: number; readonly current: string | null }
  | { readonly type: 'restoreChanged'; readonly restore: RestoreRecord }
  | { readonly type: 'stepStarted'; readonly step: number }
  /** Coalesced: `done` of `total` statements; the one now running. */
  | {
      readonly type: 'statementProgress';
      readonly step: number;
      readonly done: number;
      readonly total: number;
      readonly line: number | null;
      readonly verb: string | null;
    }
  /** Coalesced: a batched statement of this line has committed so much. */
  | ({ readonly type: 'batchProgress'; readonly step: number; readonly line: number } & BatchCount)
  | {
      readonly type: 'resultSet';
      readonly step: number;
      readonly statement: number;
      readonly line: number;
      readonly result: ResultSet;
    }
  | { readonly type: 'notice'; readonly step: number | null; readonly severity: string; readonly message: string }
  | { readonly type: 'warning'; readonly message: string }
  | {
      readonly type: 'stepFinished';
      readonly step: number;
      readonly outcome: StepOutcome;
      readonly durationMs: number;
      readonly statements: number;
      readonly problem: Problem | null;
    }
  | { readonly type: 'cancelRequested' }
  | {
      readonly type: 'runFinished';
      readonly outcome: RunOutcome;
      readonly problem: Problem | null;
      readonly next: readonly string[];
    };

/** An event in its stream: resumable by `seq`. */
export type RunRecord = RunEvent & {
  /** From 0, without gaps. */
  readonly seq: number;
  /** ISO 8601 in UTC. */
  readonly at: string;
};

export interface RunStep extends PlannedStep {
  readonly state: 'waiting' | 'running' | 'finished';
  readonly outcome: StepOutcome | null;
  readonly startedAt: string | null;
  readonly durationMs: number | null;
  readonly done: number;
  readonly line: number | null;
  readonly verb: string | null;
  /** Of the batched statement that runs or ran last; null: none has. */
  readonly batch: BatchCount | null;
  readonly problem: Problem | null;
}

/** A run as reduced from its events. */
export interface Run {
  readonly id: string;
  readonly action: RunAction;
  readonly environment: string;
  readonly environmentId: string | null;
  readonly actor: string;
  readonly host: string;
  readonly reason: string | null;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  /** Null while it runs. */
  readonly outcome: RunOutcome | null;
  readonly phase: RunPhase | null;
  readonly finishedPhases: readonly RunPhase[];
  readonly steps: readonly RunStep[];
  readonly backup: { readonly id: string; readonly level: BackupLevel; readonly path: string } | null;
  readonly backupProgress: {
    readonly bytes: number;
    readonly totalBytes: number | null;
    readonly current: string | null;
  } | null;
  readonly restore: RestoreRecord | null;
  readonly restoreProgress: { readonly bytes: number; readonly current: string | null } | null;
  readonly waitingForLock: LockHolder | null;
  readonly cancelRequested: boolean;
  readonly warnings: readonly string[];
  readonly problem: Problem | null;
  /** Commands that are safe now. */
  readonly next: readonly string[];
  /** Of the last record reduced; -1 before the first. */
  readonly seq: number;
}

/** A line of `run list` and of the run history. */
export interface RunSummary {
  readonly id: string;
  readonly environment: string;
  readonly action: RunAction;
  readonly outcome: RunOutcome | null;
  readonly actor: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly versions: readonly string[];
}

/** A line of the history: one step of one run, or a run without steps. */
export interface HistoryLine {
  readonly at: string;
  /** The environment's name then, or the ad hoc target's. */
  readonly environment: string;
  readonly actor: string;
  readonly action: string;
  readonly version: string | null;
  readonly outcome: string;
  readonly durationMs: number | null;
  readonly run: string;
  readonly reason: string | null;
}
