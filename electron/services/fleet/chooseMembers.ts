/** Which databases a fleet has, in which order, and which of them a shard takes. */
import { createHash } from 'node:crypto';
import { type Environment, tiers } from '../../../shared/model/environment.ts';
import type { FleetApprovals, FleetMember, Shard } from '../../../shared/model/fleet.ts';
import type { Context } from '../context.ts';
import { findEnvironment } from '../target.ts';

/**
 * By tier, then by name; each once. A shard's are told by a digest of the name, not by the place in the list: machines
 * whose lists differ still leave nobody out that both know.
 * @throws {ProblemError} `environment.notFound`
 */
export function chooseMembers(context: Context, ids: readonly string[], shard: Shard | null): readonly Environment[] {
  const found = new Map(ids.map((id) => findEnvironment(context, id)).map((one) => [one.id, one]));
  return [...found.values()].filter(({ name }) => shard === null || isInShard(name, shard)).sort(inOrder);
}

/** The same on every machine, whatever its language. */
function inOrder(left: Environment, right: Environment): number {
  const byTier = tiers.indexOf(left.tier) - tiers.indexOf(right.tier);
  return byTier !== 0 ? byTier : left.name < right.name ? -1 : left.name > right.name ? 1 : 0;
}

export const isInShard = (name: string, { index, count }: Shard): boolean =>
  createHash('sha256').update(name).digest().readUInt32BE() % count === index - 1;

export const newMember = (
  environment: Environment,
  fingerprint: string | null,
  approvals: FleetApprovals = {},
): FleetMember => ({
  id: environment.id,
  name: environment.name,
  tier: environment.tier,
  colour: environment.colour,
  confirmed: environment.protection.typedName,
  state: 'waiting',
  setAside: false,
  run: null,
  steps: null,
  done: 0,
  startedAt: null,
  finishedAt: null,
  problem: null,
  fingerprint,
  ...approvalsOf(environment, approvals),
});

/** Those that came with it, as the member keeps them: it may be gone on with by another process. */
export function approvalsOf({ id }: Pick<FleetMember, 'id'>, all: FleetApprovals): Pick<FleetMember, 'approvals'> {
  const approvals = all[id] ?? [];
  return approvals.length === 0 ? {} : { approvals };
}
