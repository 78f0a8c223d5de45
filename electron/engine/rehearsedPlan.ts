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
  const told = statements.flatMap((one, index) =>
    one.line === line ? [witness(one, statements.slice(0, index))] : [],
  );
  if (told.includes('yes')) return { ...hazard, seen: 'confirmed' };
  return told.length > 0 && unlisted === 0 && told.every((one) => one === 'no')
    ? { ...hazard, seen: 'refuted' }
    : hazard;
}

/** Null: this server does not tell. `earlier`: the statements of the step before it. */
type Witness = (statement: RehearsedStatement, earlier: readonly RehearsedStatement[]) => 'yes' | 'no' | null;

const locking =
  (...who: readonly string[]): Witness =>
  ({ locks }, earlier) => {
    const keepsOut = (one: Pick<RehearsedStatement, 'locks'>): boolean =>
      one.locks?.some((lock) => who.includes(lock.keepsOut)) === true;
    if (locks === null) return null;
    if (keepsOut({ locks })) return 'yes';
    // What an earlier statement of the transaction holds already is not taken again.
    return earlier.some(keepsOut) ? null : 'no';
  };

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
