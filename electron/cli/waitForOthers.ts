/** Several start at once, as the replicas of an application do: one migrates, the others wait and find nothing left to do. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Run } from '../../shared/model/run.ts';
import { type Problem, ProblemError } from '../../shared/problem.ts';
import { readLock } from '../services/lockStatus.ts';
import type { Invocation } from './invocation.ts';

/** Milliseconds between two tries. */
const pollMs = 1_000;

/**
 * What `attempt` comes to once nobody else is in its way, or the time is over.
 * @throws {ProblemError} what the last attempt threw
 */
export async function untilOursOrDone(
  invocation: Invocation,
  { wait = 0 }: { readonly wait?: number },
  attempt: () => Promise<Run | null>,
): Promise<Run | null> {
  const { context } = await invocation.backend();
  const deadline = context.clock.elapsed() + wait * 1000;
  for (let isTold = false; ; isTold = true) {
    const { run, thrown } = await attempt().then(
      (run) => ({ run, thrown: null }),
      (thrown: unknown) => ({ run: null, thrown }),
    );
    const problem = thrown instanceof ProblemError ? thrown.problem : run?.outcome === 'refused' ? run.problem : null;
    const mayGoOn = problem !== null && context.clock.elapsed() < deadline;
    if (!mayGoOn || !(await isOthers(invocation, problem))) {
      if (thrown !== null) throw thrown;
      return run;
    }
    if (!isTold) invocation.terminal.note(`${problem.message} Waiting for it, ${wait} seconds at most.`);
    await delay(pollMs);
  }
}

/** Somebody else is migrating there, or has just done so. */
async function isOthers(invocation: Invocation, { code }: Problem): Promise<boolean> {
  if (code === 'lock.held' || code === 'plan.stale') return true;
  const { context } = await invocation.backend();
  return (await readLock(context, await invocation.target())).held;
}
