/** Sums over a plan, and the words that name it. */
import type { PlanStepView, PlanView } from '../../../shared/contract/views.ts';
import type { Hazard } from '../../../shared/model/plan.ts';

/** Milliseconds; null when no step has an estimate. */
export function planDuration(plan: PlanView): number | null {
  const estimates = plan.steps.flatMap((step) => (step.estimate === null ? [] : [step.estimate.ms]));
  return estimates.length === 0 ? null : estimates.reduce((sum, ms) => sum + ms, 0);
}

/** `Migrate 3 on acme-prod`: verb, count, target. */
export const planLabel = (plan: PlanView): string =>
  `${plan.direction === 'up' ? 'Migrate' : 'Roll back'} ${plan.steps.length} on ${plan.environment}`;

export interface HazardToAccept {
  readonly code: string;
  readonly hazard: Hazard | null;
  readonly versions: readonly string[];
}

/** The hazards the gate wants accepted, with where they occur. */
export const hazardsToAccept = (plan: PlanView): readonly HazardToAccept[] =>
  plan.gate.hazardsToAccept.map((code) => {
    const steps = plan.steps.filter((step) => step.hazards.some((hazard) => hazard.code === code));
    return {
      code,
      hazard: steps[0]?.hazards.find((hazard) => hazard.code === code) ?? null,
      versions: steps.map((step) => step.version),
    };
  });

export interface GateAnswers {
  readonly typed: string;
  readonly reason: string;
  readonly accepted: ReadonlySet<string>;
  readonly backup: boolean;
  readonly continueOnError: boolean;
}

/** Skipping a backup always needs a reason, whatever the protection asks for. */
export const reasonNeeded = (plan: PlanView, answers: GateAnswers): boolean =>
  plan.gate.reason || (!answers.backup && plan.gate.backup !== 'none');

/** What still keeps the plan from being started, in words. */
export function openQuestions(plan: PlanView, answers: GateAnswers): readonly string[] {
  const open: string[] = [];
  if (answers.backup && plan.backup?.problem != null) open.push('the backup cannot be taken');
  const unaccepted = plan.gate.hazardsToAccept.filter((code) => !answers.accepted.has(code)).length;
  if (unaccepted > 0) open.push(`${unaccepted} ${unaccepted === 1 ? 'hazard' : 'hazards'} to accept`);
  if (reasonNeeded(plan, answers) && answers.reason.trim() === '') open.push('a reason');
  if (plan.gate.typedName !== null && answers.typed !== plan.gate.typedName) open.push('the typed name');
  return open;
}

export const isBlocked = (plan: PlanView): boolean => plan.problems.length > 0 || plan.gate.blocked !== null;

export const needsAttention = (step: PlanStepView): boolean =>
  step.hazards.length > 0 || step.requiresDowntime || !step.reversible || !step.transactional;
