/** What a fleet does next: stages by tier, canaries first, and where it stops. Pure. */
import { type Tier, tiers } from '../../shared/model/environment.ts';
import { type Fleet, type FleetMember, hasFailed, isSettled } from '../../shared/model/fleet.ts';
import { nothingChanged, type Problem } from '../../shared/problem.ts';

export type FleetMove =
  | { readonly kind: 'start'; readonly stage: Tier; readonly members: readonly FleetMember[] }
  /** For those that run. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'pause'; readonly stage: Tier }
  | { readonly kind: 'end'; readonly outcome: 'succeeded' | 'failed' | 'cancelled'; readonly problem: Problem | null };

type Scheduled = Pick<Fleet, 'id' | 'policy' | 'stage'>;

/** `members`: in their order; `cancelled`: nothing more is to be started. */
export function nextMove(fleet: Scheduled, members: readonly FleetMember[], cancelled: boolean): FleetMove {
  const running = members.filter(({ state }) => state === 'running').length;
  const ended = (move: FleetMove): FleetMove => (running > 0 ? { kind: 'wait' } : move);
  if (cancelled) return ended({ kind: 'end', outcome: 'cancelled', problem: null });
  const stage = tiers.find((tier) => members.some((member) => member.tier === tier && !isSettled(member)));
  if (stage === undefined) return { kind: 'end', outcome: succeededOf(members), problem: null };
  const ofStage = members.filter(({ tier }) => tier === stage);
  const { canary, maxFailures, jobs } = fleet.policy;
  const canaries = ofStage.slice(0, canary);
  const failed = ofStage.filter(hasFailed);
  const stops = maxFailures !== null && failed.length >= maxFailures;
  if (stops || canaries.some(hasFailed))
    return ended({ kind: 'end', outcome: 'failed', problem: stopped(fleet.id, failed) });
  const candidates = canaries.every(isSettled) ? ofStage : canaries;
  const waiting = candidates.filter(({ state }) => state === 'waiting');
  if (waiting.length === 0)
    return ended({
      kind: 'end',
      outcome: 'failed',
      problem: stageNotDone(fleet.id, stage, failed.length, isLast(stage, members)),
    });
  if (needsGoAhead(fleet, stage)) return { kind: 'pause', stage };
  const free = jobs - running;
  return free <= 0 ? { kind: 'wait' } : { kind: 'start', stage, members: waiting.slice(0, free) };
}

const succeededOf = (members: readonly FleetMember[]) =>
  members.some(({ setAside }) => setAside) ? ('failed' as const) : ('succeeded' as const);

const needsGoAhead = ({ policy, stage: begun }: Scheduled, stage: Tier): boolean =>
  policy.pauseBetweenStages && begun !== null && tiers.indexOf(stage) > tiers.indexOf(begun);

const isLast = (stage: Tier, members: readonly FleetMember[]): boolean =>
  members.every(({ tier }) => tiers.indexOf(tier) <= tiers.indexOf(stage));

const how = (id: string): string =>
  `Look at what failed; then do it again: lockkeeper fleet resume ${id} --retry-failed, or go on without: --leave-failed`;

const stopped = (id: string, failed: readonly FleetMember[]): Problem => ({
  code: 'fleet.stopped',
  message: `The fleet stopped: ${failed.length === 1 ? '1 member' : `${failed.length} members`} failed (${namesOf(failed)}).`,
  state: 'Members that were done stay done; those that had not begun were not touched.',
  hint: how(id),
});

const stageNotDone = (id: string, stage: Tier, failed: number, isLastStage: boolean): Problem => ({
  code: 'fleet.stopped',
  message: `${failed === 1 ? '1 member' : `${failed} members`} of the stage ${stage} failed${isLastStage ? '.' : ': the next stage was not begun.'}`,
  state: 'Members that were done stay done; those that had not begun were not touched.',
  hint: how(id),
});

const mostNames = 5;

const namesOf = (members: readonly FleetMember[]): string =>
  members
    .slice(0, mostNames)
    .map(({ name }) => name)
    .join(', ') + (members.length > mostNames ? ' …' : '');

/** Why nothing was begun; nothing was changed by it. */
export const confirmationMissing = (wanted: string, typed: string | null): Problem => ({
  code: 'gate.confirmation',
  message:
    typed === null
      ? `Members of this fleet are protected: its name and their number must be typed to confirm.`
      : `The typed “${typed}” is not “${wanted}”.`,
  state: nothingChanged,
  hint: `Confirm with the fleet’s name and the number of its protected members: --confirm "${wanted}"`,
});
