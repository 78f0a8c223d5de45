import { measuredKey } from '../engine/plan.ts';
import type { Context } from './context.ts';

/** Runs looked back at, and steps: a run may have thousands, and their estimates are no reason to wait. */
const runsRead = 200;
const stepsRead = 5_000;

/**
 * How long each migration took when it was applied elsewhere in this workspace, in milliseconds: the longest of the
 * latest runs, by `measuredKey`, since many folders have a version 1. Empty when nothing is `wanted`.
 */
export function measuredDurations(
  context: Context,
  exceptEnvironmentId: string,
  wanted: number,
): ReadonlyMap<string, number> {
  const measured = new Map<string, number>();
  if (wanted === 0) return measured;
  let steps = 0;
  for (const run of context.workspace.runs.newest(runsRead)) {
    if (steps >= stepsRead) break;
    if (run.action !== 'up' || run.environmentId === exceptEnvironmentId) continue;
    steps += run.steps.length;
    for (const step of run.steps) {
      if (step.outcome !== 'succeeded' || step.durationMs === null) continue;
      const key = measuredKey(step);
      measured.set(key, Math.max(step.durationMs, measured.get(key) ?? 0));
    }
  }
  return measured;
}
