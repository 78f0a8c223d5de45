/** Removes the logs of runs that ended longer ago than the settings keep them. The history stays, and so does what is needed to find out about an interrupted run. */
import type { Context } from './context.ts';
import { settingsOf } from './settingsOf.ts';

const DAY_MS = 86_400_000;

/** Resolves with the ids of the runs. @throws {ProblemError} `workspace.unwritable` */
export async function pruneLogs(context: Context): Promise<string[]> {
  const { runs, runEvents, environments } = context.workspace;
  const removed: string[] = [];
  for (const id of await runEvents.stored()) {
    const run = runs.get(id);
    if (run === null || run.outcome === null || run.outcome === 'interrupted' || run.finishedAt === null) continue;
    const environment = run.environmentId === null ? null : environments.find(run.environmentId);
    const { logRetentionDays } = settingsOf(context, environment ?? { tier: 'production' });
    if (logRetentionDays === null) continue;
    if (Date.parse(run.finishedAt) >= context.clock.now() - logRetentionDays * DAY_MS) continue;
    await runEvents.remove(id);
    removed.push(id);
  }
  return removed;
}
