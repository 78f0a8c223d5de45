/** Begins a fleet, and goes on with one: what its members' gates ask in common is asked before anything is begun. */
import { ulid } from 'ulid';
import { tiers } from '../../../shared/model/environment.ts';
import {
  type Fleet,
  type FleetApprovals,
  type FleetMember,
  type FleetPolicy,
  type FleetTarget,
  fleetConfirmation,
  isSettled,
  type Shard,
} from '../../../shared/model/fleet.ts';
import { ProblemError, raise } from '../../../shared/problem.ts';
import { confirmationMissing } from '../../engine/fleetSchedule.ts';
import type { Context } from '../context.ts';
import { ownProcess } from '../processLife.ts';
import { recordAudit } from '../recordAudit.ts';
import { approvalsOf, chooseMembers, newMember } from './chooseMembers.ts';
import { endDeadFleets, findFleet } from './findFleet.ts';
import { beginFleet, type StartedFleet } from './performFleet.ts';

interface FleetAnswers {
  /** `fleetConfirmation` as typed. */
  readonly confirm: string | null;
  readonly reason: string | null;
  readonly accept: readonly string[];
  /** Absent: as each member's protection says. */
  readonly backup?: boolean;
  /** For all members, kept nowhere; absent: each has its own. */
  readonly password?: string;
  /** For those of the members whose protection asks for one. */
  readonly approvals?: FleetApprovals;
}

export interface FleetRequest extends FleetAnswers {
  readonly name: string;
  /** Ids or names of environments and tenants. */
  readonly environmentIds: readonly string[];
  readonly wanted: FleetTarget;
  readonly policy: FleetPolicy;
  readonly shard: Shard | null;
  /** Of the plans that a person saw, by id; absent: none was shown. */
  readonly fingerprints?: Readonly<Record<string, string>>;
}

/** @throws {ProblemError} before anything was begun: no members, confirmation, reason */
export function startFleet(context: Context, request: FleetRequest): StartedFleet {
  const { name, wanted, policy, shard, reason, accept, backup, password } = request;
  if (request.environmentIds.length === 0)
    raise({
      code: 'fleet.empty',
      message: `The fleet ${name} has no members.`,
      hint: 'Name a group, environments, or tenants of one.',
    });
  const members = chooseMembers(context, request.environmentIds, shard).map((environment) =>
    newMember(environment, request.fingerprints?.[environment.id] ?? null, request.approvals),
  );
  requireAnswers(context, name, members, request);
  const fleet: Fleet = {
    ...{ id: ulid(), name, wanted, policy, shard, reason, accept },
    ...(backup === undefined ? {} : { backup }),
    actor: context.host.user,
    host: context.host.hostName,
    process: ownProcess(),
    stage: null,
    startedAt: now(context),
    finishedAt: null,
    outcome: null,
    problem: null,
    sources: {},
  };
  recordFleet(context, 'fleet started', fleet, members);
  context.workspace.fleets.add(fleet, members);
  return beginFleet(context, fleet, members, password);
}

export interface FleetResume extends FleetAnswers {
  readonly id: string;
  /** Those that failed or were refused, too. */
  readonly retryFailed: boolean;
  /** Their stages wait for them no more. */
  readonly leaveFailed: boolean;
}

/**
 * Goes on with what is not done: after a crash, a cancellation, a pause, or a failure. A person answers for it anew.
 * @throws {ProblemError} `fleet.notFound`, `fleet.active`, `plan.nothingToDo`, confirmation, reason
 */
export async function resumeFleet(context: Context, request: FleetResume): Promise<StartedFleet> {
  await endDeadFleets(context);
  const { fleet: before, members: all } = findFleet(context, request.id);
  if (before.outcome === null) throw new ProblemError(active(before));
  const members = all.map((member) => resumed(context, member, request));
  const rest = members.filter(({ state }) => state === 'waiting');
  if (rest.length === 0 && members.every((member, index) => member === all[index]))
    raise({
      code: 'plan.nothingToDo',
      message: `No member of the fleet ${before.name} is left to do.`,
      hint: 'Those that failed are done again with --retry-failed, and set aside with --leave-failed.',
    });
  const reason = request.reason ?? before.reason;
  requireAnswers(context, before.name, rest, { ...request, reason });
  const fleet: Fleet = {
    ...before,
    ...(request.backup === undefined ? {} : { backup: request.backup }),
    reason,
    accept: [...new Set([...before.accept, ...request.accept])],
    process: ownProcess(),
    host: context.host.hostName,
    // Whoever goes on with one that waits has given the go-ahead.
    stage: before.outcome === 'paused' ? nextStage(members) : before.stage,
    ...{ finishedAt: null, outcome: null, problem: null },
  };
  if (!context.workspace.fleets.claim(fleet, before)) throw new ProblemError(active(before));
  recordFleet(context, 'fleet resumed', fleet, rest);
  for (const [index, member] of members.entries())
    if (member !== all[index]) context.workspace.fleets.saveMember(fleet.id, member);
  return beginFleet(context, fleet, members, request.password);
}

function resumed(context: Context, member: FleetMember, request: FleetResume): FleetMember {
  const { retryFailed, leaveFailed, approvals = {} } = request;
  const { state } = member;
  if (state === 'succeeded' || state === 'upToDate') return member;
  const failed = state === 'failed' || state === 'refused';
  if (failed && leaveFailed) return { ...member, setAside: true };
  if (failed && !retryFailed) return member;
  const protection = context.workspace.environments.find(member.id)?.protection;
  const confirmed = member.confirmed || protection?.typedName === true;
  const waiting = { ...member, confirmed, state: 'waiting', setAside: false, fingerprint: null } as const;
  return { ...waiting, ...approvalsOf(member, approvals) };
}

const nextStage = (members: readonly FleetMember[]) =>
  tiers.find((tier) => members.some((member) => member.tier === tier && !isSettled(member))) ?? null;

/** What one run of each would ask: never less. The rest is asked by each one's own gate. */
function requireAnswers(
  context: Context,
  name: string,
  members: readonly FleetMember[],
  { confirm, reason }: Pick<FleetAnswers, 'confirm' | 'reason'>,
): void {
  const wanted = fleetConfirmation(name, members);
  if (wanted !== null && confirm !== wanted) throw new ProblemError(confirmationMissing(wanted, confirm));
  const asks = members.find(({ id }) => context.workspace.environments.find(id)?.protection.reason === true);
  if (asks !== undefined && (reason ?? '').trim() === '')
    raise({
      code: 'gate.reason',
      message: `${asks.name} asks for a reason.`,
      hint: 'Give one with --reason "…"; it is kept in the history of every member.',
    });
}

function recordFleet(context: Context, action: string, fleet: Fleet, members: readonly FleetMember[]): void {
  const { id, name, wanted, policy, shard, reason, accept } = fleet;
  const detail = {
    ...{ fleet: id, name, wanted, policy, shard, reason, accept },
    members: members.map((one) => one.name),
  };
  recordAudit(context, { action, environment: null, run: null, detail });
}

const now = ({ clock }: Context): string => new Date(clock.now()).toISOString();

const active = ({ id, process, host }: Fleet) => ({
  code: 'fleet.active' as const,
  message: `The fleet ${id} goes on, in process ${process.split(' ')[0]} on ${host}.`,
  state: 'Nothing was changed.',
  hint: `Wait for its end, or cancel it: lockkeeper fleet cancel ${id}`,
});
