/** A fleet from its first member to its end: asks what comes next, begins it, waits for whatever ends first. */
import type { Fleet, FleetMember } from '../../../shared/model/fleet.ts';
import type { Problem } from '../../../shared/problem.ts';
import { nextMove } from '../../engine/fleetSchedule.ts';
import type { Context } from '../context.ts';
import { recordAudit } from '../recordAudit.ts';
import { heedCancels } from './cancelFleet.ts';
import { LiveFleet } from './liveFleet.ts';
import { runMember } from './runMember.ts';

export interface StartedFleet {
  readonly id: string;
  readonly finished: Promise<Fleet>;
}

/** The fleet and its members are in the workspace already. It belongs to this process from now on, not to who asked. */
export function beginFleet(
  context: Context,
  fleet: Fleet,
  members: readonly FleetMember[],
  password: string | undefined,
): StartedFleet {
  const live = new LiveFleet(context, fleet, members, password);
  context.fleets.set(fleet.id, live);
  context.changes.publish({ kind: 'fleets', environmentId: null });
  const heeding = heedCancels(context, live);
  const finished = perform(context, live).finally(() => {
    heeding[Symbol.dispose]();
    context.fleets.delete(fleet.id);
    live.end();
    context.changes.publish({ kind: 'fleets', environmentId: null });
  });
  finished.catch(() => undefined);
  return { id: fleet.id, finished };
}

async function perform(context: Context, live: LiveFleet): Promise<Fleet> {
  const going = new Set<Promise<void>>();
  try {
    return await performAll(context, live, going);
  } catch (thrown) {
    // What cannot be written down any more is not gone on with; what runs ends as it does.
    live.cancel();
    await Promise.allSettled(going);
    throw thrown;
  }
}

async function performAll(context: Context, live: LiveFleet, going: Set<Promise<void>>): Promise<Fleet> {
  for (;;) {
    const move = nextMove(live.fleet, live.members(), live.signal.aborted);
    switch (move.kind) {
      case 'start':
        if (move.stage !== live.fleet.stage) live.change({ stage: move.stage });
        for (const member of move.members) going.add(begin(context, live, member, going));
        break;
      case 'wait':
        await Promise.race(going);
        break;
      case 'pause':
        return finish(context, live, 'paused', pausedBefore(live.fleet.id, move.stage));
      case 'end':
        return finish(context, live, move.outcome, move.problem);
    }
  }
}

function begin(context: Context, live: LiveFleet, member: FleetMember, going: Set<Promise<void>>): Promise<void> {
  // Not kept: until its run begins nothing is done that a crash could leave.
  live.changeMember(member.id, { state: 'running', startedAt: now(context), finishedAt: null, problem: null }, false);
  const work: Promise<void> = runMember(context, live, member).then((change) => {
    going.delete(work);
    // Whoever cancels a member's run, as a shell that quits does, wants no other one begun in its place.
    if (change.state === 'cancelled') live.stop();
    live.changeMember(member.id, { ...change, finishedAt: now(context) });
  });
  return work;
}

function finish(context: Context, live: LiveFleet, outcome: Fleet['outcome'], problem: Problem | null): Fleet {
  live.change({ outcome, problem, finishedAt: now(context) });
  const { id, name } = live.fleet;
  recordAudit(context, { action: 'fleet ended', environment: null, run: null, detail: { fleet: id, name, outcome } });
  return live.fleet;
}

const now = ({ clock }: Context): string => new Date(clock.now()).toISOString();

const pausedBefore = (id: string, stage: string): Problem => ({
  code: 'fleet.paused',
  message: `The stage ${stage} waits for your go-ahead.`,
  state: 'Everything before it is done; nothing of it was touched.',
  hint: `Look at what was done, then go on: lockkeeper fleet resume ${id}`,
});
