import type { Run } from '../../shared/model/run.ts';
import { measuredKey } from '../engine/plan.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Context } from './context.ts';

/** Runs looked back at, and steps: a run may have thousands, and their estimates are no reason to wait. */
const runsRead = 200;
const stepsRead = 5_000;

/**
 * How long each migration took when it was applied elsewhere in this workspace, in milliseconds: the longest of the
 * latest runs, by `measuredKey`, since many folders have a version 1. Empty when nothing is `wanted`.
 */
export function measuredDurations(
  { workspace }: Context,
  exceptEnvironmentId: string,
  wanted: number,
): ReadonlyMap<string, number> {
  const measured = new Map<string, number>();
  if (wanted === 0) return measured;
  const known = measuredRuns.get(workspace) ?? new Map<string, MeasuredRun>();
  const looked = new Map<string, MeasuredRun>();
  measuredRuns.set(workspace, looked);
  let steps = 0;
  for (const id of workspace.runs.finished('up', runsRead)) {
    if (steps >= stepsRead) break;
    const run = known.get(id) ?? measuredRun(workspace.runs.get(id));
    looked.set(id, run);
    if (run.environmentId === exceptEnvironmentId) continue;
    steps += run.steps;
    for (const [key, ms] of run.durations) measured.set(key, Math.max(ms, measured.get(key) ?? 0));
  }
  return measured;
}

interface MeasuredRun {
  readonly environmentId: string | null;
  readonly steps: number;
  readonly durations: readonly (readonly [key: string, ms: number])[];
}

/** Those of the last look: the members of a fleet all look at the same runs, which have ended and change no more. */
const measuredRuns = new WeakMap<Workspace, Map<string, MeasuredRun>>();

const measuredRun = (run: Run | null): MeasuredRun => ({
  environmentId: run?.environmentId ?? null,
  steps: run?.steps.length ?? 0,
  durations: (run?.steps ?? []).flatMap((step) =>
    step.outcome !== 'succeeded' || step.durationMs === null ? [] : [[measuredKey(step), step.durationMs] as const],
  ),
});
