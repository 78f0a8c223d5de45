/** Every run begins when what announces it is on the disk, and ends with `runFinished`, whatever happened inside. */
import type { Run, RunOutcome } from '../../shared/model/run.ts';
import { type Problem, problemFrom } from '../../shared/problem.ts';
import type { Context } from './context.ts';
import { runHooksAfter, runHooksBefore } from './hooks/runHooks.ts';
import { logger } from './logger.ts';
import { noteAudit } from './recordAudit.ts';
import { redact } from './redact.ts';
import type { LiveRun } from './runRegistry.ts';

export interface RunEnd {
  readonly outcome: RunOutcome;
  readonly problem: Problem | null;
  readonly next: readonly string[];
}

export async function finishRun(
  context: Context,
  live: LiveRun,
  secret: string | null,
  work: () => Promise<RunEnd>,
): Promise<void> {
  const end = await context.workspace
    .synced()
    .then(() => runHooksBefore(context, live))
    .then(work)
    .catch((thrown: unknown): RunEnd => failedEnd(thrown, live));
  const problem = end.problem === null ? null : redactProblem(end.problem, secret);
  await runHooksAfter(context, live, { ...end, problem }).catch((thrown: unknown) =>
    logger.error('The hooks after a run could not be run', thrown),
  );
  live.emit({ type: 'runFinished', outcome: end.outcome, problem, next: end.next });
  tellAudit(context, live, end.outcome, problem);
}

/** What was done counts, also where it cannot be written down. */
function tellAudit(context: Context, live: LiveRun, outcome: RunOutcome, problem: Problem | null): void {
  const { environment } = live.run();
  try {
    noteAudit(context, {
      action: 'run ended',
      environment,
      run: live.id,
      detail: { outcome, problem: problem?.code ?? null },
    });
  } catch (thrown) {
    logger.error('The end of a run could not be written into the audit log', thrown);
  }
}

function failedEnd(thrown: unknown, live: LiveRun): RunEnd {
  const problem = problemFrom(thrown);
  if (problem.code === 'run.internal') logger.error('A run failed unexpectedly', thrown);
  return {
    outcome: outcomeOf(problem, live),
    problem,
    next: [...restoreNext(live.run()), `lockkeeper logs ${live.id}`],
  };
}

/** Restoring is one command where a backup was taken and something was changed after it, or a swap was left half-way. */
export function restoreNext(run: Run): string[] {
  if (run.restore !== null && run.restore.stage === 'swapping') return [`lockkeeper restore --undo ${run.id}`];
  const changed = run.steps.some(({ outcome }) => outcome !== null && !['rolledBack', 'notExecuted'].includes(outcome));
  return run.backup !== null && changed ? [`lockkeeper restore ${run.backup.id}`] : [];
}

/** What fails before any step ran refuses the run; a backup that fails is a failed run. */
function outcomeOf(problem: Problem, live: LiveRun): RunOutcome {
  if (live.signal.aborted) return 'cancelled';
  if (problem.code === 'restore.unfinished') return 'interrupted';
  return isRefusal(problem) ? 'refused' : 'failed';
}

/** Nothing was begun because of it. */
export const isRefusal = ({ code }: Problem): boolean =>
  ['gate.', 'plan.', 'lock.', 'source.', 'script.', 'hook.'].some((prefix) => code.startsWith(prefix));

function redactProblem(problem: Problem, secret: string | null): Problem {
  const { serverMessage } = problem;
  return serverMessage === undefined ? problem : { ...problem, serverMessage: redact(serverMessage, secret) };
}
