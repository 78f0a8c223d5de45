// What a person does after an interruption: finds out, and goes on until everything is done.
import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from '../../electron/services/context.ts';
import { startRun } from '../../electron/services/startRun.ts';
import type { TargetRequest } from '../../electron/services/target.ts';
import type { Run } from '../../shared/model/run.ts';
import { ProblemError } from '../../shared/problem.ts';

type Finished = Pick<Run, 'outcome' | 'problem' | 'id'>;

export interface Finishing {
  readonly run: Finished;
  /** Statements whose effect was unknown: found out from evidence, or asked about. */
  readonly settled: number;
  readonly asked: number;
}

/** Milliseconds that an orphan may keep the lock, and between two tries. */
const patienceMs = 60_000;
const pollMs = 50;

const nothingLeft: Finished = { outcome: 'succeeded', problem: null, id: '' };

export async function finish(context: Context, target: TargetRequest, direction: 'up' | 'down'): Promise<Finishing> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const run = await once(context, target, direction);
    if (run.problem?.code !== 'lock.held' || performance.now() > deadline) return { run, settled: 0, asked: 0 };
    await delay(pollMs);
  }
}

async function once(context: Context, target: TargetRequest, direction: 'up' | 'down'): Promise<Finished> {
  try {
    const started = await startRun(context, {
      target,
      wanted: direction === 'down' ? { direction, to: '0' } : { direction },
      fingerprint: null,
      backup: false,
      confirm: null,
      reason: 'crash test',
      accept: ['dataLoss', 'retryFailed'],
      continueOnError: false,
    });
    return await started.finished;
  } catch (thrown) {
    if (!(thrown instanceof ProblemError)) throw thrown;
    const { problem } = thrown;
    return problem.code === 'plan.nothingToDo' ? nothingLeft : { outcome: 'refused', problem, id: '' };
  }
}
