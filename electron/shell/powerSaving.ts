import { powerSaveBlocker } from 'electron';
import { type ActiveRuns, unfinished } from '../rpc/activeRuns.ts';

/** Keeps the computer awake while a run goes on: asleep, it would lose the connection in the middle of a statement. */
export async function stayAwakeDuringRuns(runs: ActiveRuns, changes: AsyncIterable<unknown>): Promise<void> {
  let blocker: number | null = null;
  for await (const _change of changes) {
    const needed = unfinished(runs).length > 0;
    if (needed && blocker === null) blocker = powerSaveBlocker.start('prevent-app-suspension');
    if (!needed && blocker !== null) {
      powerSaveBlocker.stop(blocker);
      blocker = null;
    }
  }
}
