// What a run of the harness does with the real services, in the program that is killed and in the harness itself.
import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from '../../electron/services/context.ts';
import { planRestore } from '../../electron/services/planRestore.ts';
import { startBackup } from '../../electron/services/startBackup.ts';
import { startRestore } from '../../electron/services/startRestore.ts';
import { type StartedRun, startRun } from '../../electron/services/startRun.ts';
import type { TargetRequest } from '../../electron/services/target.ts';
import { startUndo } from '../../electron/services/undoRestore.ts';
import type { Run, RunRecord } from '../../shared/model/run.ts';
import { ProblemError } from '../../shared/problem.ts';
import { finish } from './finish.ts';

export type Action = 'up' | 'down' | 'backup' | 'restore' | 'undo' | 'finish' | 'finishDown';

export interface Order {
  readonly dataDirectory: string;
  readonly target: TargetRequest;
  readonly action: Action;
  /** Take one before `up` or `down`. */
  readonly backup: boolean;
  /** The backup to restore. */
  readonly from: string | null;
  /** The restore to undo. */
  readonly run: string | null;
  /** A place, counted from 0. `record`: tell all places and stop nowhere. */
  readonly stopAt: number | 'record' | 'never';
}

export interface Ending {
  readonly outcome: string;
  /** Code and message of the problem. */
  readonly problem: string | null;
  readonly run: string | null;
}

const answers = { confirm: null, reason: 'crash test', accept: ['dataLoss', 'retryFailed', 'closesSessions'] };

/** @throws nothing that a fault can cause: that is an ending */
export async function perform(context: Context, order: Order, tell: (record: RunRecord) => void): Promise<Ending> {
  try {
    if (order.action === 'finish' || order.action === 'finishDown') {
      const direction = order.action === 'finish' ? 'up' : 'down';
      const finished = await finish(context, { target: order.target, direction, look: async () => 'notDone' });
      return endingOf(finished.run);
    }
    const started = await start(context, order);
    const onInterrupt = () => void context.runs.cancel(started.id);
    process.on('SIGINT', onInterrupt);
    for await (const record of context.runs.watch(started.id, 0, new AbortController().signal)) tell(record);
    const run = await started.finished;
    process.off('SIGINT', onInterrupt);
    await delay(0);
    return endingOf(run);
  } catch (thrown) {
    if (!(thrown instanceof ProblemError)) throw thrown;
    return { outcome: 'refused', problem: `${thrown.problem.code}: ${thrown.problem.message}`, run: null };
  }
}

async function start(context: Context, { action, target, backup, from, run }: Order): Promise<StartedRun> {
  switch (action) {
    case 'backup':
      return startBackup(context, target);
    case 'restore': {
      const request = { backup: from ?? '', file: null, target, placement: 'swap' as const, into: null };
      await planRestore(context, request);
      return startRestore(context, request, { ...answers, backup: false });
    }
    case 'undo':
      return startUndo(context, run ?? latestRestore(context), target, { ...answers, backup: false });
    default:
      return startRun(context, {
        target,
        wanted: action === 'down' ? { direction: 'down', to: '0' } : { direction: 'up' },
        fingerprint: null,
        backup,
        ...answers,
        continueOnError: false,
      });
  }
}

const latestRestore = ({ workspace }: Context): string =>
  workspace.runs.list({ environmentId: null, limit: 10 }).find(({ action }) => action === 'restore')?.id ?? '';

export const endingOf = ({ outcome, problem, id }: Pick<Run, 'outcome' | 'problem' | 'id'>): Ending => ({
  outcome: outcome ?? 'unfinished',
  problem: problem === null ? null : `${problem.code}: ${problem.message}`,
  run: id,
});
