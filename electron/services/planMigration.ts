/** From a request to a plan and what its gate asks. A question: nothing is written. */
import type { Plan, Target } from '../../shared/model/plan.ts';
import { raise } from '../../shared/problem.ts';
import { type GateNeeds, gateNeeds } from '../engine/gate.ts';
import { buildPlan } from '../engine/plan.ts';
import type { Session } from '../engine/ports.ts';
import { selectSteps } from '../engine/select.ts';
import { analyseScript } from './analyseScript.ts';
import type { Context } from './context.ts';
import { measuredDurations } from './measuredDurations.ts';
import { protectionOf } from './protection.ts';
import { formatTable, type OpenSource, problemsFor, readSource } from './readSource.ts';
import { readComparison } from './readStatus.ts';
import { resolveTarget, type TargetDatabase, type TargetRequest, withSession } from './target.ts';

/** A plan with everything that running it needs. */
export interface PreparedPlan {
  readonly plan: Plan;
  readonly gate: GateNeeds;
  readonly target: TargetDatabase;
  readonly source: OpenSource;
  /** The history table is there already. */
  readonly tableExists: boolean;
}

/** @throws {ProblemError} when source or database cannot be read; what is wrong with single migrations is in the plan */
export async function planMigration(context: Context, request: TargetRequest, wanted: Target): Promise<PreparedPlan> {
  const target = await resolveTarget(context, request);
  const source = await readSource(target);
  return withSession(context, target, (session) => prepare(context, target, source, session, wanted));
}

async function prepare(
  context: Context,
  target: TargetDatabase,
  source: OpenSource,
  session: Session,
  wanted: Target,
): Promise<PreparedPlan> {
  const { entries, tableExists, comparison } = await readComparison(source, session);
  const selection = selectSteps(
    comparison,
    wanted,
    source.tool.rules,
    entries.map((entry) => entry.historyKey),
  );
  const analyses = [];
  for (const step of selection.steps) analyses.push(await analyseScript(step.script, target.driver, source.pieces));
  const held = protectionOf(context, target, session);
  const wrong = problemsFor(source, selection.steps);
  const blocking = held.problem === null ? wrong : [...wrong, held.problem];
  const plan = buildPlan({
    selection: { ...selection, problems: [...blocking, ...selection.problems] },
    request: wanted,
    target: {
      environment: target.environment.name,
      engine: target.driver.id,
      server: session.identity.id,
      database: session.identity.database,
      tool: source.tool.id,
      historyTable: formatTable(source.history.table),
    },
    analyses,
    entries,
    capabilities: target.driver.capabilities,
    toolTransactional: source.tool.rules.transactional,
    retriesFailed: source.tool.rules.retriesFailed,
    measured: measuredDurations(context, target.environment.id),
  });
  return { plan, gate: gateNeeds(held.name, held.protection, plan.steps), target, source, tableExists };
}

/** @throws {ProblemError} the first thing that prevents the plan from being run, or `plan.stale` */
export function requireRunnable(plan: Plan, fingerprint: string | null): void {
  const [problem] = plan.problems;
  if (problem !== undefined) raise(problem);
  if (fingerprint !== null && fingerprint !== plan.fingerprint)
    raise({
      code: 'plan.stale',
      message: 'The plan is out of date: files, history or target have changed since it was shown.',
      hint: 'Look at the new plan, then start again.',
    });
}
