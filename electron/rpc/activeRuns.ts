/** What a shell needs of the runs before it ends: which go on, and how to end them safely. `RunRegistry` fulfils it. */
import type { Run, RunRecord } from '../../shared/model/run.ts';

export interface ActiveRuns {
  active(): readonly Run[];
  cancel(id: string): boolean;
  /** Ends when the run does. */
  watch(id: string, fromSeq: number, signal: AbortSignal): AsyncIterable<unknown>;
}

/** What a shell needs to tell of runs while they go on. `RunRegistry` fulfils it, too. */
export interface WatchedRuns extends Pick<ActiveRuns, 'active'> {
  watch(id: string, fromSeq: number, signal: AbortSignal): AsyncIterable<RunRecord>;
}

export const unfinished = (runs: ActiveRuns): readonly Run[] => runs.active().filter((run) => run.outcome === null);

/** Asks every run to stop and waits until each has left its database in a state that it could report. */
export async function cancelSafely(runs: ActiveRuns): Promise<void> {
  const { signal } = new AbortController();
  await Promise.all(
    runs.active().map(async ({ id }) => {
      runs.cancel(id);
      await end(runs.watch(id, Number.MAX_SAFE_INTEGER, signal));
    }),
  );
}

async function end(stream: AsyncIterable<unknown>): Promise<void> {
  const reader = stream[Symbol.asyncIterator]();
  for (let step = await reader.next(); step.done !== true; ) step = await reader.next();
}

/** For a question or a line: what would be interrupted. */
export function nameRuns(runs: readonly Run[]): string {
  const names = runs.map(({ action, environment }) => `${action} on ${environment}`);
  return names.length === 1 ? `A run goes on: ${names[0]}.` : `${names.length} runs go on: ${names.join(', ')}.`;
}
