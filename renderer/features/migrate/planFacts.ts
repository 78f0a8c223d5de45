/** Sums over a plan, and the words that name it. */
import type { PlanStepView, PlanView } from '../../../shared/contract/views.ts';
import type { Hazard } from '../../../shared/model/plan.ts';
import { type GateAnswers, openAnswers } from '../gate/gate.ts';
import { migrateTexts as texts } from './texts.ts';

/** Milliseconds; null when no step has an estimate. */
export function planDuration(plan: PlanView): number | null {
  const estimates = plan.steps.flatMap((step) => (step.estimate === null ? [] : [step.estimate.ms]));
  return estimates.length === 0 ? null : estimates.reduce((sum, ms) => sum + ms, 0);
}

/** `Migrate 3 on acme-prod`: verb, count, target. */
export const planLabel = (plan: PlanView): string =>
  `${plan.direction === 'up' ? 'Migrate' : 'Roll back'} ${plan.steps.length} on ${plan.environment}`;

/** What its button says: the backup comes first, where one is taken. */
export const startLabel = (plan: PlanView, { backup }: Pick<GateAnswers, 'backup'>): string => {
  const label = planLabel(plan);
  return backup ? `Back up, then ${label.charAt(0).toLowerCase()}${label.slice(1)}` : label;
};

/** With codes that must be accepted although no hazard of the plan tells of them. */
export const askedAlso = (plan: PlanView, codes: readonly string[]): PlanView => ({
  ...plan,
  gate: { ...plan.gate, hazardsToAccept: [...new Set([...plan.gate.hazardsToAccept, ...codes])] },
});

/** What accepting a hazard means in this plan: where it occurs, and what it says there. */
export function meaningOfHazard(plan: PlanView, code: string): string {
  const steps = plan.steps.filter((step) => step.hazards.some((hazard) => hazard.code === code));
  const hazard: Hazard | undefined = steps[0]?.hazards.find((one) => one.code === code);
  if (hazard === undefined) return texts.foundByARun;
  return `${steps.map((step) => step.version).join(', ')}: ${hazard.message}`;
}

/** What a person decides before this plan is run. */
export interface PlanAnswers extends GateAnswers {
  readonly continueOnError: boolean;
}

/** What still keeps the plan from being started, in words. */
export function openQuestions(plan: PlanView, answers: GateAnswers): readonly string[] {
  const open = openAnswers(plan.gate, answers);
  return answers.backup && plan.backup?.problem != null ? ['the backup cannot be taken', ...open] : open;
}

export const isBlocked = (plan: PlanView): boolean => plan.problems.length > 0 || plan.gate.blocked !== null;

export const needsAttention = (step: PlanStepView): boolean =>
  step.hazards.length > 0 || step.requiresDowntime || !step.reversible || !step.transactional;
