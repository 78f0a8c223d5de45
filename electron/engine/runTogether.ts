/** Runs the steps of one message, and tells what became of each. */
import type { Execution } from './execute.ts';
import { SendFailure } from './message.ts';
import { type ComposedStep, type FailedTogether, sendTogether } from './shareMessage.ts';
import {
  type Begun,
  begin,
  cancellable,
  conclude,
  finishOneOfMany,
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
    const known = begun.get(one) ?? begin(one.step, execution, one.progress);
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
  // They share a write, and what brings it onto the disk.
  await Promise.all(composed.map(({ step }) => noteIntent(step, execution)));
  const noted: Promise<void>[] = [];
  const failed = await cancellable(execution, () =>
    sendTogether(composed, execution.session, {
      begun(one) {
        beginOnce(one);
        return one.observe(one.units);
      },
      done(one) {
        noted.push(finishOneOfMany(beginOnce(one), execution, one === composed.at(-1)));
      },
    }),
  );
  const reports: StepReport[] = noted.map(() => succeeded);
  await Promise.all(noted);
  if (failed === null) return reports;
  return [...reports, ...(await endFailed(failed, beginOnce, execution))];
}

async function endFailed(
  { failed, at, rest }: FailedTogether,
  beginOnce: (one: ComposedStep) => Begun,
  execution: Execution,
): Promise<readonly StepReport[]> {
  if (at.fault.kind === 'connectionLost') {
    // All of them had been sent: any may be done.
    const failure = new SendFailure(at.statement, at.fault);
    const reports: StepReport[] = [];
    for (const one of [failed, ...rest])
      reports.push(
        await conclude(beginOnce(one), execution, () => Promise.reject(new StepFailure('unknown', failure))),
      );
    return reports;
  }
  await Promise.all(rest.map(({ step }) => noteOutcome(step, notExecuted, execution)));
  const report = await conclude(beginOnce(failed), execution, async () => {
    await failed.goOn(at);
    return succeeded;
  });
  return [report];
}
