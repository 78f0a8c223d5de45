/** A step from its beginning to its outcome: events, this computer's journal, and whatever goes wrong in between. */
import type { Step } from '../../shared/model/plan.ts';
import type { StepOutcome } from '../../shared/model/run.ts';
import { type Problem, problemFrom } from '../../shared/problem.ts';
import { note, noteSoon } from './clientNotes.ts';
import type { Execution } from './execute.ts';
import { describeFailure } from './failure.ts';
import { SendFailure } from './message.ts';
import { ServerFault } from './ports.ts';
import { createProgress, type Progress } from './progress.ts';
import { rollBack } from './records.ts';
import { StepFailure } from './stepFailure.ts';

export interface StepReport {
  readonly outcome: StepOutcome;
  readonly problem: Problem | null;
}

export const succeeded: StepReport = { outcome: 'succeeded', problem: null };
export const notExecuted: StepReport = { outcome: 'notExecuted', problem: null };

/** A step that was begun, and what it needs to end. */
export interface Begun {
  readonly step: Step;
  readonly progress: Progress;
  readonly startedAt: number;
}

export function begin(step: Step, execution: Execution, progress = createProgress(step, execution)): Begun {
  execution.emit({ type: 'stepStarted', step: step.index });
  return { step, progress, startedAt: execution.clock.elapsed() };
}

/** Whatever `work` throws becomes the step's outcome. */
export async function conclude(
  begun: Begun,
  execution: Execution,
  work: (progress: Progress) => Promise<StepReport>,
): Promise<StepReport> {
  const { step, progress } = begun;
  let report: StepReport;
  try {
    report = await cancellable(execution, () => work(progress));
  } catch (thrown) {
    report =
      thrown instanceof StepFailure
        ? { outcome: thrown.outcome, problem: describeFailure(thrown, step, execution.signal.aborted) }
        : await ownFailure(thrown, step, execution);
  }
  await finish(begun, report, execution);
  return report;
}

/** Told at once; resolves when this computer's journal has it as safe as it must be. */
async function finish(begun: Begun, report: StepReport, execution: Execution): Promise<void> {
  const noted = noteOutcome(begun.step, report, execution);
  tellFinished(begun, report, execution);
  await noted;
}

/** One of several that succeed in one message: the last of them sees to the disk. */
export function finishOneOfMany(begun: Begun, execution: Execution, isLast: boolean): Promise<void> {
  tellFinished(begun, succeeded, execution);
  if (isLast) return noteOutcome(begun.step, succeeded, execution);
  noteSoon(execution, outcomeNote(begun.step, succeeded));
  return Promise.resolve();
}

function tellFinished({ step, progress, startedAt }: Begun, report: StepReport, execution: Execution): void {
  progress.end();
  execution.emit({
    type: 'stepFinished',
    step: step.index,
    ...report,
    durationMs: Math.round(execution.clock.elapsed() - startedAt),
    statements: progress.done(),
  });
}

/** What runs on the server is stopped there when the run is cancelled. */
export async function cancellable<T>({ session, signal }: Execution, work: () => Promise<T>): Promise<T> {
  const stopOnAbort = () => void session.cancel().catch(() => undefined);
  signal.addEventListener('abort', stopOnAbort, { once: true });
  try {
    return await work();
  } finally {
    signal.removeEventListener('abort', stopOnAbort);
  }
}

export const noteIntent = (step: Step, execution: Execution): Promise<void> =>
  note(
    execution,
    {
      type: 'stepIntent',
      step: step.index,
      version: step.version,
      action: step.action,
      sha256: step.script.sha256,
      transactional: step.transactional,
    },
    !step.transactional,
  );

/** The problem's code alone: words of a server or program, which may hold secrets, are only told where they are redacted. */
const outcomeNote = (step: Step, { outcome, problem }: StepReport) => ({
  type: 'stepOutcome',
  step: step.index,
  outcome,
  problem: problem?.code ?? null,
});

export const noteOutcome = (step: Step, report: StepReport, execution: Execution): Promise<void> =>
  note(execution, outcomeNote(step, report), !step.transactional);

/** A script before may have freed the lock. @throws {StepFailure} before anything of the step has run */
export async function requireLock({ session }: Execution): Promise<void> {
  try {
    await session.confirmLocks(false);
  } catch (thrown) {
    if (!(thrown instanceof ServerFault)) throw thrown;
    throw new StepFailure('rolledBack', new SendFailure(null, thrown));
  }
}

/** A fault of ours, of which nobody knows what was sent before it. Every step after it is told as not executed. */
async function ownFailure(thrown: unknown, step: Step, execution: Execution): Promise<StepReport> {
  const undone = await rollBack(execution).catch(() => false);
  const problem = problemFrom(thrown);
  return { outcome: step.transactional && undone ? 'rolledBack' : 'unknown', problem };
}
