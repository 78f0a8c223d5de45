/** What is known of one run, without changing anything: from the workspace, and from its database where that answers. */
import type { ShownRun } from '../../shared/model/reconcile.ts';
import { problemFrom } from '../../shared/problem.ts';
import type { Context } from './context.ts';
import { localRun } from './findRun.ts';
import { reconcileRun } from './reconcileRun.ts';
import { endDeadRuns } from './settleRun.ts';
import type { TargetRequest } from './target.ts';

/** @throws {ProblemError} `run.notFound` */
export async function showRun(context: Context, id: string, target: TargetRequest | null): Promise<ShownRun> {
  await endDeadRuns(context);
  const run = await localRun(context, id);
  const ended = run !== null && run.outcome !== 'interrupted';
  if (ended && target === null) return { run, reconciliation: null, problem: null };
  try {
    const asked = { run: id, target, orphan: 'tell', answer: null, reason: null, readOnly: true } as const;
    return { run, reconciliation: await reconcileRun(context, asked), problem: null };
  } catch (thrown) {
    if (run === null) throw thrown;
    return { run, reconciliation: null, problem: problemFrom(thrown) };
  }
}
