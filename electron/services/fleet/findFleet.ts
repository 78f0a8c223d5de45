/** Fleets as the workspace knows them, those of other processes included; and following one. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Fleet, FleetEvent, FleetMember, FleetSummary } from '../../../shared/model/fleet.ts';
import { type Problem, raise } from '../../../shared/problem.ts';
import type { Context } from '../context.ts';
import { isAlive } from '../processLife.ts';
import { endDeadRuns } from '../settleRun.ts';

export interface FoundFleet {
  readonly fleet: Fleet;
  readonly members: readonly FleetMember[];
}

/** @throws {ProblemError} `fleet.notFound` */
export function findFleet(context: Context, id: string): FoundFleet {
  const live = context.fleets.get(id);
  if (live !== undefined) return { fleet: live.fleet, members: live.members() };
  const { fleets } = context.workspace;
  const fleet =
    fleets.get(id) ??
    raise({
      code: 'fleet.notFound',
      message: `There is no fleet ${id} in this workspace.`,
      hint: 'List them: lockkeeper fleet list',
    });
  return { fleet, members: fleets.members(id) };
}

/** Newest first. */
export async function listFleets(context: Context, limit: number): Promise<FleetSummary[]> {
  await endDeadFleets(context);
  return context.workspace.fleets.list(limit);
}

/** Fleets and runs whose process died are told as interrupted: nobody else would ever say so. */
export async function endDeadFleets(context: Context): Promise<void> {
  await endDeadRuns(context);
  const { fleets } = context.workspace;
  for (const fleet of fleets.unfinished()) {
    if (context.fleets.has(fleet.id) || isAlive(context, fleet.host, fleet.process) !== false) continue;
    const finishedAt = new Date(context.clock.now()).toISOString();
    for (const member of fleets.members(fleet.id))
      if (member.state === 'running')
        fleets.saveMember(fleet.id, { ...member, state: 'interrupted', finishedAt, problem: diedWithin(member) });
    fleets.claim({ ...fleet, outcome: 'interrupted', finishedAt, problem: died(fleet) }, fleet);
  }
}

/** Milliseconds between two looks at a fleet of another process. */
const lookEveryMs = 1000;

/** The whole, then what changes, until it ends or `signal` aborts. @throws {ProblemError} `fleet.notFound` */
export async function* watchFleet(context: Context, id: string, signal: AbortSignal): AsyncGenerator<FleetEvent> {
  const told = new Map<string, string>();
  for (;;) {
    const live = context.fleets.get(id);
    if (live !== undefined) yield* live.watch(signal);
    await endDeadFleets(context);
    const { fleet, members } = findFleet(context, id);
    if (isNew(told, '', fleet)) yield { type: 'fleet', fleet };
    const changed = members.filter((member) => isNew(told, member.id, member));
    if (changed.length > 0) yield { type: 'members', members: changed };
    if (fleet.outcome !== null || signal.aborted) return;
    await delay(lookEveryMs, undefined, { signal }).catch(() => undefined);
  }
}

function isNew(told: Map<string, string>, key: string, value: unknown): boolean {
  const text = JSON.stringify(value);
  if (told.get(key) === text) return false;
  told.set(key, text);
  return true;
}

const died = ({ id }: Fleet): Problem => ({
  code: 'fleet.interrupted',
  message: `The process of the fleet ${id} ended in the middle of it.`,
  state:
    'Members that were done stay done; what became of those that ran is found out before anything is done there again.',
  hint: `Go on: lockkeeper fleet resume ${id}`,
});

const diedWithin = ({ run }: FleetMember): Problem => ({
  code: 'run.unknown',
  message: `The process of run ${run ?? ''} ended in the middle of it.`,
  state: 'What it had begun may be in the database; its journal tells.',
  hint: `Going on with the fleet finds it out; or look at it: lockkeeper run reconcile ${run ?? 'RUN'}`,
});
