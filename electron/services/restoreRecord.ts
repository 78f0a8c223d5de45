/** How far a restore has come, on this computer's disk before the next thing is done: a crash can be told from there. */

import { runFromRecords } from '../../shared/model/reduceRun.ts';
import type { RestoreRecord, RestoreStage } from '../../shared/model/restore.ts';
import type { Run } from '../../shared/model/run.ts';
import { raise } from '../../shared/problem.ts';
import type { Context } from './context.ts';
import type { LiveRun } from './runRegistry.ts';

export interface RecordKeeper {
  stage(stage: RestoreStage): Promise<void>;
  /** One move within a stage. */
  note(move: string): Promise<void>;
}

export function keepRecord(context: Context, live: LiveRun, record: Omit<RestoreRecord, 'stage'>): RecordKeeper {
  const journal = context.workspace.clientJournal(live.id);
  return {
    async stage(stage) {
      await journal.append({ type: 'restoreStage', ...record, stage }, true);
      live.emit({ type: 'restoreChanged', restore: { ...record, stage } });
      await context.workspace.runEvents.flush(live.id);
    },
    note: (move) => journal.append({ type: 'restoreMove', move }, true),
  };
}

/** A run as its events tell it, which are newer than what is kept of a run that crashed. @throws {ProblemError} `run.notFound` */
export async function readRestoreRun(context: Context, id: string): Promise<Run & { readonly restore: RestoreRecord }> {
  const run = runFromRecords(await context.workspace.runEvents.read(id, 0)) ?? (await context.runs.get(id));
  const { restore } = run;
  if (restore === null || restore === undefined)
    return raise({
      code: 'restore.notUndoable',
      message: `The run ${id} restored nothing.`,
      hint: 'Name the run of a restore; list them with: lockkeeper history',
    });
  return { ...run, restore };
}

/** Writes into the run of the restore what became of it afterwards. */
export async function amendRecord(
  context: Context,
  run: Run & { restore: RestoreRecord },
  stage: RestoreStage,
): Promise<void> {
  const records = await context.workspace.runEvents.read(run.id, 0);
  const seq = (records.at(-1)?.seq ?? -1) + 1;
  const at = new Date(context.clock.now()).toISOString();
  const amended = { type: 'restoreChanged', restore: { ...run.restore, stage }, seq, at } as const;
  context.workspace.runEvents.append(run.id, amended);
  await context.workspace.runEvents.flush(run.id);
  const known = runFromRecords([...records, amended]);
  if (known !== null) context.workspace.runs.save(known);
}
