/** Runs the steps of one message, and tells what became of each. */
import { applyTransactional } from './applyTransactional.ts';
import type { Execution } from './execute.ts';
import { ServerFault } from './ports.ts';
import { type ComposedStep, type FailedTogether, sendTogether } from './shareMessage.ts';
import {
  type Begun,
  begin,
  cancellable,
  conclude,
  finish,
  notExecuted,
  noteIntent,
  noteOutcome,
  requireLock,
  type StepReport,
  succeeded,
} from './stepCourse.ts';
import { StepFailure } from './stepFailure.ts';

/** @returns of those that were run, in order: it ends with the first that failed, for nothing of those after it has happened */
export async function runTogether(
  composed: readonly ComposedStep[],
  execution: Execution,
): Promise<readonly StepReport[]> {
  const begun = new Map<ComposedStep, Begun>();
  const beginOnce = (one: ComposedStep): Begun => {
    const known = begun.get(one) ?? begin(one.step, execution);
    begun.set(one, known);
    return known;
  };
  const [first] = composed;
  if (first === undefined) return [];
  try {
    await requireLock(execution);
  } catch (thrown) {
    return [await conclude(beginOnce(first), execution, () => Promise.reject(thrown))];
  }
  for (const { step } of composed) await noteIntent(step, execution);
  let done = 0;
  const failed = await cancellable(execution, () =>
    sendTogether(composed, execution.session, {
      begun: (one) => beginOnce(one).progress.observe(one.units),
      done(one) {
        done += 1;
        // Of what is one transaction nobody waits for this computer's journal.
        void finish(beginOnce(one), succeeded, execution);
      },
    }),
  );
  const reports: StepReport[] = Array.from({ length: done }, () => succeeded);
  if (failed === null) return reports;
  return [...reports, ...(await endFailed(failed, beginOnce, execution))];
}

async function endFailed(
  { failed, failure, rest }: FailedTogether,
  beginOnce: (one: ComposedStep) => Begun,
  execution: Execution,
): Promise<readonly StepReport[]> {
  const { fault } = failure;
  if (fault instanceof ServerFault && fault.kind === 'connectionLost') {
    // All of them had been sent, with their COMMITs: any may be done.
    const reports: StepReport[] = [];
    for (const one of [failed, ...rest])
      reports.push(
        await conclude(beginOnce(one), execution, () => Promise.reject(new StepFailure('unknown', failure))),
      );
    return reports;
  }
  for (const { step } of rest) await noteOutcome(step, notExecuted, execution);
  const report = await conclude(beginOnce(failed), execution, async (progress) => {
    await applyTransactional(failed.step, execution, progress, { failure, commitSent: true });
    return succeeded;
  });
  return [report];
}
