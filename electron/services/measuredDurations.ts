import type { Context } from './context.ts';

/** Runs looked back at. */
const runsRead = 200;

/** How long each version took when it was applied elsewhere in this workspace, in milliseconds: the longest of the latest runs. */
export function measuredDurations(context: Context, exceptEnvironmentId: string): ReadonlyMap<string, number> {
  const measured = new Map<string, number>();
  for (const run of context.workspace.runs.latest({ environmentId: null, limit: runsRead })) {
    if (run.action !== 'up' || run.environmentId === exceptEnvironmentId) continue;
    for (const step of run.steps) {
      if (step.outcome !== 'succeeded' || step.durationMs === null) continue;
      measured.set(step.version, Math.max(step.durationMs, measured.get(step.version) ?? 0));
    }
  }
  return measured;
}
