/** Runs and backups that are begun by the clock, and what became of each time. */

import type { Problem } from '../problem.ts';
import type { Approval } from './approval.ts';
import type { Target } from './plan.ts';

export type ScheduleTime =
  /** Five fields (minute hour day month weekday) by the clock on the wall of a time zone. */
  | { readonly kind: 'cron'; readonly expression: string; readonly timeZone: string }
  /** ISO 8601 in UTC. */
  | { readonly kind: 'once'; readonly at: string };

export type ScheduledWork =
  | {
      readonly kind: 'up';
      readonly wanted: Target;
      /** Of the plan that was agreed upon; null: whatever is pending then. */
      readonly fingerprint: string | null;
      /** Of a second person, that came with the plan. */
      readonly approvals?: readonly Approval[];
      /** Tried on a copy right before; a failed rehearsal ends it. */
      readonly rehearse: boolean;
    }
  | { readonly kind: 'backup'; readonly prove: boolean };

/** What the gate asks, given beforehand by whoever made the schedule. */
export interface ScheduleAnswers {
  /** The environment's name as it was typed; null: it was not asked for. */
  readonly confirm: string | null;
  readonly reason: string;
  /** Codes of hazards. */
  readonly accept: readonly string[];
}

export interface Schedule {
  readonly id: string;
  readonly environmentId: string;
  readonly time: ScheduleTime;
  readonly work: ScheduledWork;
  readonly answers: ScheduleAnswers;
  /** Minutes after its time within which it is still begun, when Lockkeeper was not running then; 0: never late. */
  readonly lateMinutes: number;
  readonly paused: boolean;
  readonly createdBy: string;
  /** ISO 8601 in UTC. */
  readonly createdAt: string;
}

/**
 * `begun`: as a run. `upToDate`: nothing was pending. `missed`: nobody ran Lockkeeper at its time, or not soon enough after.
 * `overlapped`: a run went on in that environment. `refused`: what was given beforehand is not enough, or it is outside of
 * the change windows.
 */
export type FiringOutcome = 'begun' | 'upToDate' | 'missed' | 'overlapped' | 'refused';

/** What became of one time of a schedule. */
export interface Firing {
  /** ISO 8601 in UTC. */
  readonly due: string;
  readonly at: string;
  readonly outcome: FiringOutcome;
  /** The run that tells of it; null: there was nothing to do. */
  readonly run: string | null;
  readonly problem: Problem | null;
  /** Earlier times that passed while nobody ran Lockkeeper. */
  readonly passed: number;
}

export interface ScheduleView {
  readonly schedule: Schedule;
  readonly environment: string;
  /** Null: paused, or there is none any more. */
  readonly next: string | null;
  /** Why that time would be refused by its change windows; null: it would not. */
  readonly nextProblem: Problem | null;
  readonly last: Firing | null;
}

/** `every day`, as it was written. */
export const scheduleTimeWords = (time: ScheduleTime): string =>
  time.kind === 'once' ? `once at ${time.at}` : `${time.expression} (${time.timeZone})`;

export const scheduledWorkWords = (work: ScheduledWork): string => {
  if (work.kind === 'backup') return work.prove ? 'Back up and prove' : 'Back up';
  return work.rehearse ? 'Rehearse and migrate' : 'Migrate';
};
