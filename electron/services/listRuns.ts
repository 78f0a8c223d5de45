/** Runs of this workspace, or of the journal in a database that it does not know. A question. */
import { type RunAction, type RunOutcome, type RunSummary, runOutcomes } from '../../shared/model/run.ts';
import type { JournaledRun } from '../engine/ports.ts';
import type { Context } from './context.ts';
import { historyName } from './lockName.ts';
import { readSource } from './readSource.ts';
import { endDeadRuns } from './settleRun.ts';
import { resolveTarget, type TargetRequest, withSession } from './target.ts';

export interface RunListRequest {
  /** Its name; null: all. */
  readonly environment: string | null;
  /** Null: the workspace's own runs. */
  readonly adHoc: TargetRequest | null;
  readonly limit: number;
}

/** Newest first. */
export async function listRuns(context: Context, { environment, adHoc, limit }: RunListRequest): Promise<RunSummary[]> {
  if (adHoc !== null) return journaledRuns(context, adHoc, limit);
  await endDeadRuns(context);
  return context.workspace.runs.list({ environment, limit });
}

async function journaledRuns(context: Context, request: TargetRequest, limit: number): Promise<RunSummary[]> {
  const target = await resolveTarget(context, request);
  const source = await readSource(target);
  return withSession(context, target, async (session) => {
    const runs = await target.driver.journal.readRuns(session, historyName(session, source), limit);
    return (runs ?? []).map((run) => summaryOf(run, target.environment.name));
  });
}

const summaryOf = (run: JournaledRun, environment: string): RunSummary => ({
  id: run.id,
  environment,
  // The journal is a table that anybody may have written: an unknown word is shown as it is.
  action: run.action as RunAction,
  outcome: outcomeOf(run.outcome),
  actor: run.actor,
  startedAt: run.startedAt,
  finishedAt: run.finishedAt,
  versions: run.versions,
});

const outcomeOf = (text: string | null): RunOutcome | null => runOutcomes.find((one) => one === text) ?? null;
