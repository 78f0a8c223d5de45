// What a person does after an interruption: asks what became of the run, resumes it, and runs what is left.
import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from '../../electron/services/context.ts';
import { type ReconcileRequest, reconcileRun } from '../../electron/services/reconcileRun.ts';
import { prepareResume, startResume } from '../../electron/services/resumeRun.ts';
import { startRun } from '../../electron/services/startRun.ts';
import { openSession, resolveTarget, type TargetRequest } from '../../electron/services/target.ts';
import type { Run } from '../../shared/model/run.ts';
import { ProblemError } from '../../shared/problem.ts';

type Finished = Pick<Run, 'outcome' | 'problem' | 'id'>;

export interface Finishing {
  readonly run: Finished;
  /** Statements whose effect was unknown: found out from evidence, or asked about. */
  readonly settled: number;
  readonly asked: number;
}

export interface FinishOrder {
  readonly target: TargetRequest;
  readonly direction: 'up' | 'down';
  /** What a person finds who looks at the database. */
  readonly look: () => Promise<'done' | 'notDone'>;
}

/** Milliseconds that an orphan may keep the lock, and between two tries. */
const patienceMs = 60_000;
const pollMs = 50;

const nothingLeft: Finished = { outcome: 'succeeded', problem: null, id: '' };
const answers = {
  fingerprint: null,
  backup: false,
  confirm: null,
  reason: 'crash test',
  accept: ['dataLoss', 'retryFailed', 'retryInterrupted'],
  continueOnError: false,
};

export async function finish(context: Context, order: FinishOrder): Promise<Finishing> {
  const deadline = performance.now() + patienceMs;
  const followed = new Set<string>();
  let [settled, asked] = [0, 0];
  let named: string | null = null;
  for (;;) {
    const run = await tried(async () => {
      const interrupted = named ?? (await interruptedRun(context, order.target));
      if (interrupted !== null) {
        const found = await settle(context, order, interrupted);
        settled += found.settled;
        asked += found.asked;
        const resumed = await tried(() => resume(context, order.target, interrupted));
        if (resumed.outcome !== 'succeeded') return resumed;
      }
      return runRest(context, order);
    });
    named = unsettledRun(run);
    const isNew = named !== null && !followed.has(named);
    if (named !== null) followed.add(named);
    const again = isNew || run.problem?.code === 'lock.held';
    if (!again || performance.now() > deadline) return { run, settled, asked };
    await delay(pollMs);
  }
}

/** An earlier one that must be settled before: the problem tells which, and what to type. */
const unsettledRun = ({ problem }: Finished): string | null =>
  problem?.code === 'run.unknown' ? (/run reconcile (\w+)/.exec(problem.hint)?.[1] ?? null) : null;

/** A problem is an ending; that nothing is left to do is a good one. */
async function tried(work: () => Promise<Finished>): Promise<Finished> {
  try {
    return await work();
  } catch (thrown) {
    if (!(thrown instanceof ProblemError)) throw thrown;
    const { problem } = thrown;
    const isDone = problem.code === 'plan.nothingToDo' || problem.code === 'run.notFound';
    return isDone ? nothingLeft : { outcome: 'refused', problem, id: '' };
  }
}

/** The newest on this database, unless all of it is done. */
export async function interruptedRun(context: Context, request: TargetRequest): Promise<string | null> {
  const { environment } = await resolveTarget(context, request);
  const runs = context.workspace.runs.list({ environmentId: null, limit: 50 });
  const run = runs.find(
    (one) => one.environment === environment.name && (one.action === 'up' || one.action === 'down'),
  );
  return run === undefined || run.outcome === 'succeeded' ? null : run.id;
}

async function settle(
  context: Context,
  { target, look }: FinishOrder,
  run: string,
): Promise<Pick<Finishing, 'settled' | 'asked'>> {
  const doubtful = await countDoubtful(context, target, run);
  const request: ReconcileRequest = { run, target, orphan: 'wait', answer: null, reason: null };
  const found = await reconcileRun(context, { ...request, signal: AbortSignal.timeout(patienceMs) });
  const unknown = found.steps.filter(({ verdict }) => verdict.kind === 'unknown').length;
  if (unknown > 0) await reconcileRun(context, { ...request, answer: await look(), reason: 'somebody looked' });
  return { settled: Math.max(0, doubtful - unknown), asked: unknown };
}

/** Steps with a statement that was announced, and of whose end nothing is told. */
async function countDoubtful(context: Context, request: TargetRequest, run: string): Promise<number> {
  const target = await resolveTarget(context, request);
  const session = await openSession(context, target, true);
  try {
    const rows = await target.driver.journal.readSteps(session, run);
    return rows.filter(({ state }) => state === 'intent').length;
  } finally {
    await session.close();
  }
}

async function resume(context: Context, target: TargetRequest, run: string): Promise<Finished> {
  await using prepared = await prepareResume(context, { run, target, action: 'resume', ...answers });
  return await startResume(context, prepared, answers).finished;
}

async function runRest(context: Context, { target, direction }: FinishOrder): Promise<Finished> {
  const wanted = direction === 'down' ? { direction, to: '0' } : { direction };
  return (await startRun(context, { target, wanted, ...answers })).finished;
}
