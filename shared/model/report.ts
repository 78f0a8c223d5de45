/** One run or rehearsal with everything that is known of it: evidence to be kept, or to be sent to somebody. */
import type { Problem } from '../problem.ts';
import type { Backup } from './backup.ts';
import type { Tier } from './environment.ts';
import type { PlanTarget } from './plan.ts';
import type { Rehearsal } from './rehearsal.ts';
import type { RestoreRecord } from './restore.ts';
import type { ResultSet, Run, RunPhase, RunStep } from './run.ts';

export const reportFormats = ['html', 'json', 'pdf'] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** Of the JSON form. Fields are added freely; one that changes its meaning or goes raises the number. */
export const reportVersion = 'lockkeeper report 1';

export interface Report {
  readonly format: typeof reportVersion;
  /** Null: a rehearsal that belongs to no run of this workspace. */
  readonly run: ReportedRun | null;
  readonly environment: ReportedEnvironment;
  /** What was planned and what was answered to its gate; null: nothing was planned, or it was not written down. */
  readonly plan: ReportedPlan | null;
  /** As it is known now; null: there is none, or it was removed. */
  readonly backup: ReportedBackup | null;
  readonly phases: readonly ReportedPhase[];
  readonly steps: readonly RunStep[];
  /** What verify scripts asked, and the results of the scripts' own SELECTs, in order. */
  readonly results: readonly ReportedResult[];
  /** Notices and warnings, in order. */
  readonly messages: readonly ReportedMessage[];
  readonly restore: RestoreRecord | null;
  readonly rehearsal: Rehearsal | null;
  /** What the audit log has of it. */
  readonly audit: readonly ReportedEntry[];
  /** In what this report is not whole, in sentences. */
  readonly gaps: readonly string[];
}

export type ReportedRun = Pick<
  Run,
  'id' | 'action' | 'actor' | 'host' | 'reason' | 'startedAt' | 'finishedAt' | 'outcome' | 'problem' | 'next'
>;

export interface ReportedEnvironment {
  readonly name: string;
  /** Then; where that was not written down, now. */
  readonly tier: Tier | null;
  /** Without a secret, as it is now; null: it is no environment of this workspace. */
  readonly address: string | null;
  readonly serverVersion: string | null;
  /** Identity of server and database, tool and history table; null: not known. */
  readonly target: Omit<PlanTarget, 'environment'> | null;
}

export interface ReportedPlan {
  /** Null: it is no plan of migrations, or it was not written down. */
  readonly fingerprint: string | null;
  readonly versions: readonly string[];
  /** The environment's name was typed. Null: not written down. */
  readonly confirmed: boolean | null;
  readonly reason: string | null;
  /** A backup was asked for. */
  readonly backup: boolean;
  /** The protection asks for one, and it was skipped. */
  readonly skippedBackup: boolean;
  /** Codes of hazards that a person accepted. */
  readonly accepted: readonly string[];
  /** Hazards that the files accept themselves. */
  readonly acceptedInFiles: readonly { readonly version: string; readonly code: string; readonly reason: string }[];
  readonly hazards: readonly ReportedHazard[];
  /** Id of the rehearsal that the gate relied upon; null: none. */
  readonly rehearsal: string | null;
}

export interface ReportedHazard {
  readonly version: string;
  readonly code: string;
  readonly severity: string;
  readonly line: number | null;
}

export type ReportedBackup = Pick<
  Backup,
  | 'id'
  | 'level'
  | 'takenAt'
  | 'durationMs'
  | 'bytes'
  | 'path'
  | 'sha256'
  | 'encrypted'
  | 'covers'
  | 'notCovered'
  | 'serverVersion'
  | 'checkedAt'
> & { readonly provenAt: string | null; readonly problem: Problem | null };

export interface ReportedPhase {
  readonly phase: RunPhase;
  readonly startedAt: string;
  /** Null: it did not end. */
  readonly durationMs: number | null;
}

export interface ReportedResult {
  /** Null: asked by a verify script before the first step. */
  readonly version: string | null;
  readonly line: number;
  readonly asked: 'script' | 'verifyBefore' | 'verifyAfter';
  readonly result: ResultSet;
}

export interface ReportedMessage {
  readonly at: string;
  readonly version: string | null;
  readonly severity: string;
  readonly message: string;
}

/** `hash` is SHA-256 over `previous`, a line feed and the JSON text of [at, actor, action, environment, run, detail]. */
export interface ReportedEntry {
  readonly entry: number;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly environment: string | null;
  readonly run: string | null;
  /** JSON text. */
  readonly detail: string;
  readonly previous: string;
  readonly hash: string;
  /** The hash is that of this entry and the one before. */
  readonly sound: boolean;
}

/** A report as a file. */
export interface ReportFile {
  readonly name: string;
  readonly type: string;
  readonly content: Uint8Array<ArrayBuffer>;
}
