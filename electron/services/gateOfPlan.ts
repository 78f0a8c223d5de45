/** What the environment's protection asks for a plan that is to be run. */
import type { Approval } from '../../shared/model/approval.ts';
import type { Plan } from '../../shared/model/plan.ts';
import type { Rehearsal } from '../../shared/model/rehearsal.ts';
import { type GateNeeds, gateNeeds } from '../engine/gate.ts';
import { approvalOf, gateFacts } from './approvals.ts';
import type { Context } from './context.ts';
import { type HalfDone, restartProblem } from './halfDone.ts';
import type { HoldingProtection } from './protection.ts';
import type { OpenSource } from './readSource.ts';
import { missingRehearsal } from './rehearsalOf.ts';
import type { TargetDatabase } from './target.ts';

interface PlanToGate {
  readonly plan: Plan;
  readonly rehearsal: Rehearsal | null;
  readonly halfDone: readonly HalfDone[];
  readonly approvals: readonly Approval[];
  /** It goes on with an interrupted run, or takes it back. */
  readonly resumes: boolean;
}

export async function gateOfPlan(
  context: Context,
  target: TargetDatabase,
  source: OpenSource,
  { name, protection: held }: HoldingProtection,
  { plan, rehearsal, halfDone: [first], approvals, resumes }: PlanToGate,
): Promise<GateNeeds> {
  // What was begun may be finished or undone after the window has closed, and was approved before: half done is worse.
  const protection = resumes ? { ...held, changeWindows: [], approvalHours: null } : held;
  const approval = await approvalOf(context, plan, protection, approvals);
  const needs = gateNeeds(name, protection, plan.steps, gateFacts(context, approval));
  // An interrupted run is gone on with from where a rehearsal cannot begin.
  const missing = resumes ? null : missingRehearsal(context, target, plan, rehearsal, protection, source);
  return {
    ...needs,
    ...(first === undefined ? {} : { restart: restartProblem(first, target) }),
    ...(missing === null ? {} : { rehearsal: missing }),
  };
}
