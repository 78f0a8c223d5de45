/** One wanted version over many databases: who its members are, what it may do, and how each of them stands. Pure. */
import type { Problem } from '../problem.ts';
import type { Approval } from './approval.ts';
import type { Environment, Tier } from './environment.ts';
import type { MigrationStatus } from './history.ts';
import type { Target } from './plan.ts';
import type { RunOutcome } from './run.ts';

export type FleetTarget = Extract<Target, { readonly direction: 'up' }>;

export interface FleetPolicy {
  /** Members that run at once, from 1 to `mostJobs`. */
  readonly jobs: number;
  /** The first so many of each stage go before its others, which wait until all of them are done. */
  readonly canary: number;
  /** In one stage: as many end the fleet; null: the others of a stage go on whatever fails. */
  readonly maxFailures: number | null;
  /** Every stage but the first waits for a person. */
  readonly pauseBetweenStages: boolean;
  /** Members whose protection asks for a rehearsal that is not there are rehearsed first. */
  readonly rehearse: boolean;
}

export const mostJobs = 256;

export const usualFleetPolicy: FleetPolicy = {
  jobs: 8,
  canary: 0,
  maxFailures: 1,
  pauseBetweenStages: false,
  rehearse: false,
};

/** One of `count` parts, from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** `upToDate`: there was nothing to do. */
export type FleetMemberState = 'waiting' | 'running' | 'upToDate' | RunOutcome;

export interface FleetMember {
  /** Of the environment or tenant. */
  readonly id: string;
  readonly name: string;
  readonly tier: Tier;
  readonly colour: Environment['colour'];
  /** Its name had to be typed for a run of its own: the fleet's confirmation counts it. */
  readonly confirmed: boolean;
  readonly state: FleetMemberState;
  /** It has failed, and a person set it aside: its stage does not wait for it. */
  readonly setAside: boolean;
  /** The last one; null: it has had none. */
  readonly run: string | null;
  /** Migrations of that run; null: not planned yet. */
  readonly steps: number | null;
  /** Those of them that are done. */
  readonly done: number;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly problem: Problem | null;
  /** Of the plan that a person saw; another one is refused as stale. Null: none was shown. */
  readonly fingerprint: string | null;
  /** Of a second person, of its plan; absent: none came with it. */
  readonly approvals?: readonly Approval[];
}

/** By the member's id. */
export type FleetApprovals = Readonly<Record<string, readonly Approval[]>>;

/** `paused`: the next stage waits for a person. `interrupted`: its process ended in the middle of it. */
export type FleetOutcome = 'succeeded' | 'failed' | 'cancelled' | 'paused' | 'interrupted';

export interface Fleet {
  readonly id: string;
  /** Of the group, or what it was called. */
  readonly name: string;
  readonly wanted: FleetTarget;
  readonly policy: FleetPolicy;
  /** Null: it has all members. */
  readonly shard: Shard | null;
  readonly actor: string;
  readonly host: string;
  /** Of the operating system, with its start where that is known: who goes on with it, or did so last. */
  readonly process: string;
  readonly reason: string | null;
  readonly accept: readonly string[];
  /** Absent: as each member's protection says. */
  readonly backup?: boolean;
  /** The last stage that was begun; null: none was. */
  readonly stage: Tier | null;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  /** Null while it goes on. */
  readonly outcome: FleetOutcome | null;
  /** Why it did not go on to its end. */
  readonly problem: Problem | null;
  /** What each folder held when its first member was planned: whoever finds another content is refused. */
  readonly sources: Readonly<Record<string, string>>;
}

/**
 * What asking one to stop came to. `asked`: its process, another one, looks every second. `unheard`: the same, but
 * whether that process lives cannot be told from here. `ended`: there was nothing to stop.
 */
export type FleetCancellation = 'begun' | 'asked' | 'unheard' | 'ended';

export type FleetCounts = Readonly<Record<FleetMemberState, number>>;

export interface FleetSummary
  extends Pick<Fleet, 'id' | 'name' | 'wanted' | 'shard' | 'actor' | 'startedAt' | 'finishedAt' | 'outcome'> {
  readonly counts: FleetCounts;
}

/** What a watcher is told: the whole at first, then what differs. */
export type FleetEvent =
  | { readonly type: 'fleet'; readonly fleet: Fleet }
  | { readonly type: 'members'; readonly members: readonly FleetMember[] };

/** What the fleet would do with one member, and what that asks for. */
export interface FleetMemberPlan extends Pick<FleetMember, 'id' | 'name' | 'tier' | 'colour'> {
  readonly fingerprint: string | null;
  readonly versions: readonly string[];
  /** Milliseconds; null: nothing is known. */
  readonly estimateMs: number | null;
  readonly backup: 'none' | 'taken' | 'checked' | 'proven';
  readonly typedName: boolean;
  readonly reason: boolean;
  readonly hazardsToAccept: readonly string[];
  /** The second person's approval that its protection asks for is not there. */
  readonly approval: Problem | null;
  /** The rehearsal that its protection asks for is not there. */
  readonly rehearsal: Problem | null;
  /** Why it could not run now; null: nothing is in the way. */
  readonly problem: Problem | null;
}

export type FleetPlanEvent =
  | { readonly type: 'members'; readonly members: readonly Pick<FleetMember, 'id' | 'name' | 'tier' | 'colour'>[] }
  | { readonly type: 'planned'; readonly plan: FleetMemberPlan }
  | { readonly type: 'progress'; readonly done: number; readonly total: number };

const settledStates: readonly FleetMemberState[] = ['succeeded', 'upToDate'];
const failedStates: readonly FleetMemberState[] = ['failed', 'refused', 'interrupted'];

/** Its stage waits for it no more. */
export const isSettled = ({ state, setAside }: Pick<FleetMember, 'state' | 'setAside'>): boolean =>
  settledStates.includes(state) || setAside;

export const hasFailed = ({ state, setAside }: Pick<FleetMember, 'state' | 'setAside'>): boolean =>
  failedStates.includes(state) && !setAside;

export function countMembers(members: readonly Pick<FleetMember, 'state'>[]): FleetCounts {
  const counts = {
    ...{ waiting: 0, running: 0, upToDate: 0, succeeded: 0 },
    ...{ failed: 0, cancelled: 0, interrupted: 0, refused: 0 },
  };
  for (const { state } of members) counts[state] += 1;
  return counts;
}

/** What is typed to confirm: the fleet, and how many of its members would each have asked for their name. Null: none would. */
export const fleetConfirmation = (name: string, members: readonly Pick<FleetMember, 'confirmed'>[]): string | null => {
  const count = members.filter(({ confirmed }) => confirmed).length;
  return count === 0 ? null : `${name} ${count}`;
};

/** Null: it could not be read. */
export interface FleetStatus {
  readonly environment: string;
  readonly tier: Tier;
  readonly group: string;
  readonly current: string | null;
  readonly pending: number | null;
  /** Things that a person should look at before going on. */
  readonly attention: number | null;
  readonly counts: Readonly<Record<MigrationStatus, number>> | null;
  readonly problem: Problem | null;
  readonly readAt: string | null;
}
