/** Who did what, when, how long, with what outcome: one line for each step of each run. */
import type { HistoryLine, Run } from '../../shared/model/run.ts';
import type { Context } from './context.ts';

/** Newest first. `environment`: its name, or null for all. */
export function listHistory(
  context: Context,
  { environment, limit }: { environment: string | null; limit: number },
): HistoryLine[] {
  const lines: HistoryLine[] = [];
  for (const run of context.workspace.runs.latest({ environment, limit })) {
    lines.push(...linesOf(run));
    if (lines.length >= limit) break;
  }
  return lines.slice(0, limit);
}

function linesOf(run: Run): HistoryLine[] {
  const about = { environment: run.environment, actor: run.actor, run: run.id, reason: run.reason };
  const executed = run.steps.filter((step) => step.outcome !== null && step.outcome !== 'notExecuted');
  if (executed.length === 0)
    return [
      {
        ...about,
        at: run.startedAt,
        action: run.action,
        version: null,
        outcome: run.outcome ?? 'running',
        durationMs: durationOf(run),
      },
    ];
  return executed.toReversed().map((step) => ({
    ...about,
    at: step.startedAt ?? run.startedAt,
    action: step.action,
    version: step.version,
    outcome: step.outcome ?? 'unknown',
    durationMs: step.durationMs,
  }));
}

const durationOf = (run: Run): number | null =>
  run.finishedAt === null ? null : Date.parse(run.finishedAt) - Date.parse(run.startedAt);
