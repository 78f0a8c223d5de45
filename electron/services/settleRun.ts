/** Adds to the log of a run that goes on nowhere any more, and to what the workspace says of it. */
import { reduceRun, runFromRecords } from '../../shared/model/reduceRun.ts';
import type { Run, RunEvent, RunRecord } from '../../shared/model/run.ts';
import type { Context } from './context.ts';
import { isAlive } from './processLife.ts';

/** The run as it is afterwards; null when the workspace does not know it. */
export async function addEvents(context: Context, id: string, events: readonly RunEvent[]): Promise<Run | null> {
  const { workspace } = context;
  const logged = runFromRecords(await workspace.runEvents.read(id, 0));
  let run = logged ?? workspace.runs.get(id);
  if (run === null) return null;
  for (const event of events) {
    const record: RunRecord = { ...event, seq: run.seq + 1, at: new Date(context.clock.now()).toISOString() };
    // Killed before its log was begun it has none, and none can begin in the middle.
    if (logged !== null) workspace.runEvents.append(id, record);
    run = reduceRun(run, record);
  }
  await workspace.runEvents.flush(id);
  workspace.runs.save(run);
  context.changes.publish({ kind: 'runs', environmentId: run.environmentId });
  return run;
}

/** Runs whose process died are told as interrupted: nobody else would ever say so. */
export async function endDeadRuns(context: Context): Promise<void> {
  const active = new Set(context.runs.active().map(({ id }) => id));
  for (const run of context.workspace.runs.unfinished())
    if (!active.has(run.id) && isAlive(context, run.host, run.process) === false)
      await addEvents(context, run.id, [
        {
          type: 'runFinished',
          outcome: 'interrupted',
          problem: {
            code: 'run.unknown',
            message: `The process of run ${run.id} ended in the middle of it.`,
            state: 'What it had begun may be in the database, or may still be going on there; its journal tells.',
            hint: `Find out what became of it: lockkeeper run reconcile ${run.id}`,
          },
          next: [`lockkeeper run reconcile ${run.id}`],
        },
      ]);
}
