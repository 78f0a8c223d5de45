/** Every run ends with `runFinished`, whatever happened inside. */
import type { RunOutcome } from '../../shared/model/run.ts';
import { type Problem, problemFrom } from '../../shared/problem.ts';
import type { Context } from './context.ts';
import { logger } from './logger.ts';
import { redact } from './redact.ts';
import type { LiveRun } from './runRegistry.ts';

export interface RunEnd {
  readonly outcome: RunOutcome;
  readonly problem: Problem | null;
  readonly next: readonly string[];
}

export async function finishRun(
  _context: Context,
  live: LiveRun,
  secret: string | null,
  work: () => Promise<RunEnd>,
): Promise<void> {
  const end = await work().catch((thrown: unknown): RunEnd => failedEnd(thrown, live));
  const problem = end.problem === null ? null : redactProblem(end.problem, secret);
  live.emit({ type: 'runFinished', outcome: end.outcome, problem, next: end.next });
}

function failedEnd(thrown: unknown, live: LiveRun): RunEnd {
  const problem = problemFrom(thrown);
  if (problem.code === 'run.internal') logger.error('A run failed unexpectedly', thrown);
  return { outcome: outcomeOf(problem, live), problem, next: [`lockkeeper logs ${live.id}`] };
}

/** What fails before any step ran refuses the run; a backup that fails is a failed run. */
function outcomeOf(problem: Problem, live: LiveRun): RunOutcome {
  if (live.signal.aborted) return 'cancelled';
  const refuses = ['gate.', 'plan.', 'lock.', 'source.', 'script.'].some((prefix) => problem.code.startsWith(prefix));
  return refuses ? 'refused' : 'failed';
}

function redactProblem(problem: Problem, secret: string | null): Problem {
  const { serverMessage } = problem;
  return serverMessage === undefined ? problem : { ...problem, serverMessage: redact(serverMessage, secret) };
}
