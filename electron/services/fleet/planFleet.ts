/** What a fleet would do with each member, and what it would ask: questions, many at once. Writes to no database. */
import type { Environment } from '../../../shared/model/environment.ts';
import type {
  FleetApprovals,
  FleetMemberPlan,
  FleetPlanEvent,
  FleetTarget,
  Shard,
} from '../../../shared/model/fleet.ts';
import type { Step } from '../../../shared/model/plan.ts';
import { problemFrom } from '../../../shared/problem.ts';
import type { Context } from '../context.ts';
import { readOnce } from '../folders.ts';
import { inTurn } from '../inTurn.ts';
import { type PreparedPlan, planMigration } from '../planMigration.ts';
import { createQueue } from '../queue.ts';
import { chooseMembers } from './chooseMembers.ts';
import { FileSlots } from './fileSlots.ts';

export interface FleetPlanRequest {
  readonly environmentIds: readonly string[];
  readonly wanted: FleetTarget;
  readonly shard: Shard | null;
  /** Members that are asked at once. */
  readonly jobs: number;
  readonly password?: string;
  readonly approvals?: FleetApprovals;
}

/** The members in their order, then each one's plan as it is made. @throws {ProblemError} `environment.notFound` */
export async function* planFleet(
  context: Context,
  request: FleetPlanRequest,
  signal: AbortSignal,
): AsyncGenerator<FleetPlanEvent> {
  const members = chooseMembers(context, request.environmentIds, request.shard);
  const folders = readOnce();
  const slots = new FileSlots();
  const ending = new AbortController();
  const planned = createQueue<FleetMemberPlan>(AbortSignal.any([signal, ending.signal]));
  yield { type: 'members', members: members.map(facts) };
  inTurn(members, request.jobs, ending.signal, async (environment) => {
    const { id } = environment;
    using _ = await slots.take(environment);
    const target = { kind: 'environment', nameOrId: id, ...passwordOf(request) } as const;
    const approvals = request.approvals?.[id];
    const plan = await planMigration(context, target, request.wanted, [], folders, approvals).then(
      (prepared) => planOf(environment, prepared),
      (thrown: unknown) => ({ ...unplanned(environment), problem: problemFrom(thrown) }),
    );
    planned.push(plan);
  }).finally(() => planned.end());
  try {
    let done = 0;
    yield { type: 'progress', done, total: members.length };
    for await (const plan of planned.drain()) {
      yield { type: 'planned', plan };
      done += 1;
      yield { type: 'progress', done, total: members.length };
    }
  } finally {
    ending.abort();
  }
}

const passwordOf = ({ password }: FleetPlanRequest) => (password === undefined ? {} : { password });

const facts = ({ id, name, tier, colour }: Environment) => ({ id, name, tier, colour });

const unplanned = (environment: Environment): FleetMemberPlan => ({
  ...facts(environment),
  ...{ fingerprint: null, versions: [], estimateMs: null, hazardsToAccept: [], rehearsal: null, problem: null },
  approval: null,
  backup: environment.protection.backup,
  typedName: environment.protection.typedName,
  reason: environment.protection.reason,
});

const planOf = (environment: Environment, { plan, gate }: PreparedPlan): FleetMemberPlan => ({
  ...facts(environment),
  fingerprint: plan.fingerprint,
  versions: plan.steps.map(({ version }) => version),
  estimateMs: estimateOf(plan.steps),
  backup: gate.backup,
  typedName: gate.typedName !== null,
  reason: gate.reason,
  hazardsToAccept: gate.hazards,
  approval: gate.stops.find(({ code }) => code === 'gate.approval') ?? null,
  rehearsal: gate.rehearsal ?? null,
  problem: plan.problems[0] ?? gate.blocked ?? gate.restart ?? null,
});

function estimateOf(steps: readonly Step[]): number | null {
  const known = steps.flatMap(({ estimate }) => estimate?.ms ?? []);
  return known.length === 0 ? null : known.reduce((sum, ms) => sum + ms, 0);
}
