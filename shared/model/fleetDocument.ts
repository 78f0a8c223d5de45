/** A fleet as scripts read it, and what several shards of one come to together. Pure. */
import { exitCodeOf, exitCodes, type Problem } from '../problem.ts';
import { tiers } from './environment.ts';
import {
  countMembers,
  type Fleet,
  type FleetCounts,
  type FleetMember,
  type FleetMemberState,
  type FleetOutcome,
  type FleetTarget,
  type Shard,
} from './fleet.ts';

export interface FleetDocumentMember
  extends Pick<FleetMember, 'tier' | 'setAside' | 'run' | 'steps' | 'done' | 'startedAt' | 'finishedAt' | 'problem'> {
  readonly environment: string;
  readonly outcome: FleetMemberState;
}

export interface FleetDocument {
  /** One; several where they were merged. */
  readonly fleet: string | readonly string[];
  readonly name: string;
  readonly wanted: FleetTarget;
  readonly shard: Shard | null;
  readonly outcome: FleetOutcome | 'running';
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly counts: FleetCounts;
  readonly members: readonly FleetDocumentMember[];
  readonly problem: Problem | null;
  readonly next: readonly string[];
}

export const fleetDocument = (fleet: Fleet, members: readonly FleetMember[]): FleetDocument => ({
  fleet: fleet.id,
  name: fleet.name,
  wanted: fleet.wanted,
  shard: fleet.shard,
  outcome: fleet.outcome ?? 'running',
  startedAt: fleet.startedAt,
  finishedAt: fleet.finishedAt,
  counts: countMembers(members),
  members: members.map((member) => ({
    environment: member.name,
    tier: member.tier,
    outcome: member.state,
    setAside: member.setAside,
    run: member.run,
    steps: member.steps,
    done: member.done,
    startedAt: member.startedAt,
    finishedAt: member.finishedAt,
    problem: member.problem,
  })),
  problem: fleet.problem,
  next: fleet.outcome === 'succeeded' || fleet.outcome === null ? [] : [`lockkeeper fleet resume ${fleet.id}`],
});

/** Where shards overlap, what one of them has reached counts: the others met its lock, or found nothing left to do. */
const rank: readonly FleetMemberState[] = [
  'succeeded',
  'upToDate',
  'interrupted',
  'failed',
  'running',
  'refused',
  'cancelled',
  'waiting',
];

export interface MergedFleet extends FleetDocument {
  /** Of shards: those that no document is of. */
  readonly missingShards: readonly number[];
}

/** Null: they are not parts of one fleet, for they want different versions or are split differently. */
export function mergeFleets(documents: readonly FleetDocument[]): MergedFleet | null {
  const [first] = documents;
  if (first === undefined || !documents.every((one) => isPartOf(one, first))) return null;
  const members = mergedMembers(documents.flatMap((one) => one.members));
  const present = new Set(documents.flatMap(({ shard }) => shard?.index ?? []));
  const all = Array.from({ length: first.shard?.count ?? 0 }, (_, index) => index + 1);
  const missingShards = all.filter((index) => !present.has(index));
  const problem = documents.find((one) => one.problem !== null)?.problem ?? null;
  const outcome = mergedOutcome(documents, members, missingShards.length > 0);
  return {
    ...first,
    fleet: documents.flatMap(({ fleet }) => fleet),
    shard: null,
    outcome,
    startedAt: documents.map((one) => one.startedAt).reduce(least),
    finishedAt: documents.every((one) => one.finishedAt !== null)
      ? documents.flatMap((one) => one.finishedAt ?? []).reduce(greatest)
      : null,
    counts: countMembers(members.map((one) => ({ state: one.outcome }))),
    members,
    problem: outcome === 'succeeded' ? null : problem,
    next: outcome === 'succeeded' ? [] : documents.flatMap(({ next }) => next),
    missingShards,
  };
}

const isPartOf = (one: FleetDocument, first: FleetDocument): boolean =>
  one.name === first.name &&
  one.shard?.count === first.shard?.count &&
  one.wanted.to === first.wanted.to &&
  one.wanted.steps === first.wanted.steps;

function mergedMembers(all: readonly FleetDocumentMember[]): readonly FleetDocumentMember[] {
  const found = new Map<string, FleetDocumentMember>();
  for (const member of all) {
    const before = found.get(member.environment);
    if (before === undefined || rank.indexOf(member.outcome) < rank.indexOf(before.outcome))
      found.set(member.environment, member);
  }
  return [...found.values()].sort(
    (left, right) =>
      tiers.indexOf(left.tier) - tiers.indexOf(right.tier) || (left.environment < right.environment ? -1 : 1),
  );
}

function mergedOutcome(
  documents: readonly FleetDocument[],
  members: readonly FleetDocumentMember[],
  incomplete: boolean,
): FleetDocument['outcome'] {
  const done = members.every(({ outcome }) => outcome === 'succeeded' || outcome === 'upToDate');
  if (done && !incomplete) return 'succeeded';
  const worst = (['running', 'interrupted', 'failed', 'cancelled', 'paused'] as const).find((outcome) =>
    documents.some((one) => one.outcome === outcome),
  );
  return worst ?? 'failed';
}

const least = (left: string, right: string): string => (left < right ? left : right);
const greatest = (left: string, right: string): string => (left > right ? left : right);

/** Worst first: what a person must do first. */
const worstFirst: readonly number[] = [
  exitCodes.unknownState,
  exitCodes.runFailed,
  exitCodes.verification,
  exitCodes.connection,
  exitCodes.locked,
  exitCodes.refused,
  exitCodes.usage,
];

/** Of the command line: the worst of the members', else the fleet's own. */
export function fleetExitCode({ outcome, members, problem }: FleetDocument): number {
  if (outcome === 'succeeded') return exitCodes.done;
  const codes = members.filter(({ setAside }) => !setAside).flatMap(exitCodesOf);
  const worst = worstFirst.find((code) => codes.includes(code));
  if (worst !== undefined && outcome !== 'cancelled') return worst;
  if (worst === exitCodes.unknownState) return worst;
  if (outcome === 'cancelled') return exitCodes.cancelled;
  return problem === null ? exitCodes.runFailed : exitCodeOf(problem);
}

function exitCodesOf({ outcome, problem, done }: FleetDocumentMember): number[] {
  if (outcome === 'interrupted') return [exitCodes.unknownState];
  if (outcome === 'failed' && (problem === null || done > 0)) return [exitCodes.runFailed];
  return (outcome === 'failed' || outcome === 'refused') && problem !== null ? [exitCodeOf(problem)] : [];
}
