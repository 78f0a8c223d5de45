/** A backup, or the check of one, as a run of its own: live, cancellable, in the history. */
import { raise } from '../../shared/problem.ts';
import type { Context } from './context.ts';
import { finishRun, type RunEnd } from './finishRun.ts';
import { originOf, type StartedRun } from './startRun.ts';
import { type BackupChoice, checkBackup, takeBackup } from './takeBackup.ts';
import { openSession, resolveTarget, type TargetRequest } from './target.ts';

const succeeded: RunEnd = { outcome: 'succeeded', problem: null, next: [] };

/** @throws {ProblemError} when the target is not known */
export async function startBackup(
  context: Context,
  request: TargetRequest,
  choice: BackupChoice = {},
): Promise<StartedRun> {
  const target = await resolveTarget(context, request);
  const origin = originOf(context, 'backup', target.environment.name, target.environment.id, null);
  return context.runs.start(origin, [], (live) =>
    finishRun(context, live, target.password, async () => {
      const session = await openSession(context, target, true);
      try {
        await takeBackup(context, target, session, live, choice);
        return succeeded;
      } finally {
        await session.close();
      }
    }),
  );
}

/** @throws {ProblemError} `backup.notFound` */
export function startCheck(context: Context, backupId: string): StartedRun {
  const backup =
    context.workspace.backups.get(backupId) ??
    raise({
      code: 'backup.notFound',
      message: `There is no backup ${backupId}.`,
      hint: 'List the backups with: lockkeeper backup list',
    });
  const environmentId = context.workspace.environments.find(backup.environment)?.id ?? '';
  const origin = originOf(context, 'check', backup.environment, environmentId, null);
  return context.runs.start(origin, [], (live) =>
    finishRun(context, live, null, async () => {
      live.emit({ type: 'phaseStarted', phase: 'check' });
      const checked = await checkBackup(context, backup, live.signal);
      live.emit({ type: 'backupFinished', backup: checked });
      live.emit({ type: 'phaseFinished', phase: 'check' });
      context.changes.publish({ kind: 'backups', environmentId });
      return checked.problem === null ? succeeded : { outcome: 'failed', problem: checked.problem, next: [] };
    }),
  );
}
