/** A plan × what its rehearsal saw → the plan with that in place of guesses. Pure. */
import type { Hazard, HazardCategory, Plan, Step } from '../../shared/model/plan.ts';
import type { Rehearsal, RehearsedStatement, RehearsedStep } from '../../shared/model/rehearsal.ts';

export function rehearsedPlan(plan: Plan, rehearsal: Rehearsal | null): Plan {
  if (rehearsal === null) return plan;
  return { ...plan, steps: plan.steps.map((step) => rehearsedStep(step, rehearsal)) };
}

function rehearsedStep(step: Step, { steps }: Rehearsal): Step {
  const seen = steps.find(({ version, action }) => version === step.version && action === step.action);
  if (seen === undefined || seen.outcome !== 'succeeded') return step;
  const { estimateMs } = seen;
  return {
    ...step,
    hazards: judgedAll(step.hazards, seen),
    estimate: estimateMs === null ? step.estimate : { ms: estimateMs, source: 'rehearsal' },
  };
}

/** Guesses beside what was seen of the statements that they are about. */
export const judgedAll = (hazards: readonly Hazard[], seen: Seen): Hazard[] =>
  hazards.map(({ seen: _, ...hazard }) => judged(hazard, seen));

type Seen = Pick<RehearsedStep, 'statements' | 'unlisted'>;

function judged(hazard: Hazard, { statements, unlisted }: Seen): Hazard {
  const { category, line } = hazard;
  const witness = category === undefined ? undefined : witnesses[category];
  if (witness === undefined || line === null) return hazard;
  const told = statements.filter((one) => one.line === line).map(witness);
  if (told.includes('yes')) return { ...hazard, seen: 'confirmed' };
  return told.length > 0 && unlisted === 0 && told.every((one) => one === 'no')
    ? { ...hazard, seen: 'refuted' }
    : hazard;
}

/** Null: this server does not tell. */
type Witness = (statement: RehearsedStatement) => 'yes' | 'no' | null;

const locking =
  (...who: readonly string[]): Witness =>
  ({ locks }) =>
    locks === null ? null : locks.some(({ keepsOut }) => who.includes(keepsOut)) ? 'yes' : 'no';

const witnesses: Partial<Record<HazardCategory, Witness>> = {
  locksReads: locking('everybody'),
  locksWrites: locking('everybody', 'writers'),
  rewritesTable: ({ rewritten, algorithm }) => {
    if (rewritten !== null) return rewritten.length > 0 ? 'yes' : 'no';
    if (algorithm === null) return null;
    return algorithm.algorithm === 'COPY' ? 'yes' : algorithm.algorithm === 'INPLACE' ? null : 'no';
  },
  scansTable: ({ scanned, rewritten }) =>
    scanned === null ? null : scanned.length > 0 || (rewritten ?? []).length > 0 ? 'yes' : 'no',
};
