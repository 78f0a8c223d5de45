/** Where in a script a step begins that goes on with an interrupted one. */
import type { BatchCount } from '../../shared/model/directive.ts';
import type { Step } from '../../shared/model/plan.ts';
import type { StatementPlace } from '../../shared/model/reconcile.ts';

export interface StartAt {
  /** Of the step in its plan. */
  readonly step: number;
  /** Those before it are done; the number of all statements when only the history is missing. */
  readonly statement: number;
  /** Of that statement, those before are done; null: nothing of it is. */
  readonly part: number | null;
  /** Of that statement committed, where it is batched. */
  readonly batch: BatchCount | null;
  /** Removes what the interrupted statement left half-made; each is sent alone. */
  readonly cleanup: readonly string[];
}

/** Null: at its beginning. */
export const startOf = (step: Step, { resume }: { readonly resume: StartAt | null }): StartAt | null =>
  resume !== null && resume.step === step.index && !step.transactional ? resume : null;

/** Where it goes on after what is done. `parts`: that the statement has. */
export function placeAfter({ statement, part }: StatementPlace, parts: number): StatementPlace {
  const following = (part ?? 0) + 1;
  return part !== null && following < parts ? { statement, part: following } : { statement: statement + 1, part: null };
}
