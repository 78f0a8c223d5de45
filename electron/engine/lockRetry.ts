/** A short wait for locks hurts nobody who queues behind; so it is repeated a few times, after a pause of random length. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ProblemError } from '../../shared/problem.ts';
import type { Execution } from './execute.ts';
import { MessageFault, ServerFault } from './ports.ts';

/** Milliseconds of the first pause at most; each one after it may take twice as long as the one before. */
const firstPause = 500;
const longestPause = 8_000;

type Trying = Pick<Execution, 'lockAttempts' | 'signal' | 'emit'>;

/** Repeats work of which nothing remains, or nothing that hinders it, when it waited too long for a lock. */
export async function tryForLocks<T>(trying: Trying, work: (attempt: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await work(attempt);
    } catch (thrown) {
      const fault = thrown instanceof MessageFault ? thrown.fault : thrown;
      if (!(fault instanceof ServerFault && (await waitForAnotherTry(null, trying, fault, attempt)))) throw thrown;
    }
}

/**
 * @param step null: before the first one
 * @param attempt the one that failed, from 1
 * @returns whether it is to be tried again, when its time has come
 */
export async function waitForAnotherTry(
  step: number | null,
  { lockAttempts, signal, emit }: Trying,
  fault: ServerFault | ProblemError,
  attempt: number,
): Promise<boolean> {
  const isLock = fault instanceof ServerFault && fault.kind === 'lockTimeout';
  if (!isLock || attempt >= lockAttempts || signal.aborted) return false;
  const waitMs = pauseAfter(attempt);
  emit({ type: 'lockRetry', step, attempt: attempt + 1, attempts: lockAttempts, waitMs });
  try {
    await delay(waitMs, undefined, { signal });
  } catch {
    // Cancelled: what failed stays failed.
    return false;
  }
  return true;
}

/** Two runners, or a runner and what it waits for, must not meet at the same moments again and again. */
function pauseAfter(attempt: number): number {
  const most = Math.min(longestPause, firstPause * 2 ** (attempt - 1));
  return Math.round(most / 2 + (Math.random() * most) / 2);
}
