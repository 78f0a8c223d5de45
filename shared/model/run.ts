import type { Problem } from '../problem.ts';
import type { ActivitySession, ServerProgress } from './activity.ts';
import type { Backup, BackupLevel } from './backup.ts';
import type { BatchCount } from './directive.ts';
import type { LockHolder } from './lock.ts';
import type { Rehearsal } from './rehearsal.ts';
import type { RepairAction } from './repair.ts';
import type { RestoreRecord } from './restore.ts';

export const runActions = [
  'up',
  'down',
  'backup',
  'check',
  'prove',
  'rehearse',
  'restore',
  'undoRestore',
  'repair',
  'baseline',
  'force',
  'adopt',
] as const;
export type RunAction = (typeof runActions)[number];
/** Runs that leave the database as it is. */
const reading: readonly RunAction[] = ['backup', 'check', 'prove', 'rehearse'];
export const onlyReads = (action: RunAction): boolean => reading.includes(action);

export const runOutcomes = ['succeeded', 'failed', 'cancelled', 'interrupted', 'refused'] as const;
export type RunOutcome = (typeof runOutcomes)[number];
/** `rolledBack`: it failed and nothing of it remains. `failed`: it failed and part of it may remain. */
export type StepOutcome = 'succeeded' | 'failed' | 'rolledBack' | 'unknown' | 'notExecuted';

/** The phases of one run in order (design.md section 4); `copy`, `rehearse` and `back` are a rehearsal's. */
export const runPhases = [
  'hooksBefore',
  'prepare',
  'lock',
  'backup',
  'check',
  'copy',
  'prove',
  'rehearse',
  'back',
  'migrate',
  'restore',
  'verify',
  'swap',
  'report',
  'hooksAfter',
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
  /** Of the operating system, with its start where that is known; absent in runs of an earlier version. */
  readonly process?: string;
  readonly reason: string | null;
  /** Digest of the bundle that its migrations come from; absent: from the environment's folder. */
  readonly bundle?: string;
}

/** A session that the running statement waits for. */
export type Blocker = Pick<ActivitySession, 'pid' | 'user' | 'application' | 'query' | 'ageMs' | 'state' | 'inferred'>;

export interface LockRetry {
  /** The try that comes next, from 2, and how many there are at most. */
  readonly attempt: number;
  readonly attempts: number;
  /** Milliseconds until then. */
  readonly waitMs: number;
}

/** `again`: applied once more after it was rolled back. */
export interface RehearsalProgress {
  readonly way: 'forth' | 'back' | 'again';
  readonly version: string;
  /** From 1. */
  readonly position: number;
  readonly of: number;
}

/** Where the result of a rehearsal is found. */
export type RehearsalRef = Pick<Rehearsal, 'id' | 'outcome' | 'direction'>;

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
  /** What is being tried on the copy now. */
  | ({ readonly type: 'rehearsalProgress' } & RehearsalProgress)
  | { readonly type: 'rehearsalFinished'; readonly rehearsal: RehearsalRef }
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
      /** Present where a verify script asked, before the first step or after the last. */
      readonly verification?: 'before' | 'after';
    }
  | { readonly type: 'notice'; readonly step: number | null; readonly severity: string; readonly message: string }
  /** Who keeps the running statement waiting, as a second connection sees it; nobody any more when empty. */
  | { readonly type: 'blocked'; readonly blockers: readonly Blocker[] }
  /** Coalesced: how far the server is with one long statement; null: it is over, or the server does not tell. */
  | { readonly type: 'serverProgress'; readonly progress: ServerProgress | null }
  /** A step or statement that waited too long for a lock is tried again; null: what comes before the first step. */
  | ({ readonly type: 'lockRetry'; readonly step: number | null } & LockRetry)
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
  /** Digest of the bundle that its migrations come from. */
  readonly bundle?: string;
  readonly process?: string;
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
  /** Of the step that is being tried on the copy. Absent: none, or the run of an earlier version. */
  readonly rehearsalProgress?: RehearsalProgress | null;
  readonly rehearsal?: RehearsalRef;
  readonly waitingForLock: LockHolder | null;
  /** Of the running statement. */
  readonly blockers: readonly Blocker[];
  readonly serverProgress: ServerProgress | null;
  /** The running step is tried again after it waited too long for a lock. */
  readonly lockRetry: LockRetry | null;
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
