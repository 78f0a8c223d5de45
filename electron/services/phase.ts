import type { RunPhase } from '../../shared/model/run.ts';
import type { LiveRun } from './runRegistry.ts';

/** Does a part of a run, with its beginning and end among the run's events. */
export async function phase<T>(live: LiveRun, name: RunPhase, work: () => Promise<T>): Promise<T> {
  live.emit({ type: 'phaseStarted', phase: name });
  const result = await work();
  live.emit({ type: 'phaseFinished', phase: name });
  return result;
}
