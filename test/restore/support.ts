// Restores through the whole backend, as a person would have them.
import type { Context } from '../../electron/services/context.ts';
import { planRestore, type RestoreWanted } from '../../electron/services/planRestore.ts';
import { startBackup } from '../../electron/services/startBackup.ts';
import { type RestoreAnswers, startRestore } from '../../electron/services/startRestore.ts';
import type { BackupChoice } from '../../electron/services/takeBackup.ts';
import type { TargetRequest } from '../../electron/services/target.ts';
import { startUndo } from '../../electron/services/undoRestore.ts';
import type { Backup } from '../../shared/model/backup.ts';
import type { Run } from '../../shared/model/run.ts';

export async function backUp(context: Context, target: TargetRequest, choice: BackupChoice = {}): Promise<Backup> {
  const run = await (await startBackup(context, target, choice)).finished;
  const backup = run.backup === null ? null : context.workspace.backups.get(run.backup.id);
  if (backup === null)
    throw new Error(`no backup was taken: ${run.problem?.message ?? ''} ${run.problem?.serverMessage ?? ''}`);
  return backup;
}

export const wanted = (target: TargetRequest, backup: Backup, more: Partial<RestoreWanted> = {}): RestoreWanted => ({
  backup: backup.id,
  file: null,
  target,
  placement: 'swap',
  into: null,
  ...more,
});

const agreed: RestoreAnswers = { backup: false, confirm: null, reason: null, accept: ['closesSessions'] };

export async function restore(
  context: Context,
  request: RestoreWanted,
  answers: Partial<RestoreAnswers> = {},
): Promise<Run> {
  return (await startRestore(context, request, { ...agreed, ...answers })).finished;
}

export const plan = async (context: Context, request: RestoreWanted) => (await planRestore(context, request)).plan;

export async function undo(
  context: Context,
  run: Pick<Run, 'id'>,
  target: TargetRequest,
  answers: Partial<RestoreAnswers> = {},
): Promise<Run> {
  return (await startUndo(context, run.id, target, { ...agreed, ...answers })).finished;
}
