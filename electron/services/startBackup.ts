/** A backup, or the check of one, as a run of its own: live, cancellable, in the history. */
import type { Backup } from '../../shared/model/backup.ts';
import { ProblemError, raise } from '../../shared/problem.ts';
import type { Context } from './context.ts';
import { finishRun, type RunEnd } from './finishRun.ts';
import { phase } from './phase.ts';
import { originOf, type StartedRun } from './startRun.ts';
import { type BackupChoice, checkBackup, proven, takeBackup } from './takeBackup.ts';
import { openSession, resolveTarget, type TargetDatabase, type TargetRequest } from './target.ts';

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
function findBackup(context: Context, id: string): Backup {
  const backup =
    context.workspace.backups.get(id) ??
    raise({
      code: 'backup.notFound',
      message: `There is no backup ${id}.`,
      hint: 'List the backups with: lockkeeper backup list',
    });
  if (backup.external === undefined) return backup;
  return raise({
    code: 'backup.notFound',
    message: `${backup.external.name} was recorded only: Lockkeeper has no archive of it.`,
    hint: 'Check it with the program that made it.',
  });
}

/**
 * Checks a backup, then restores and compares it. `wanted`: where; null: beside the environment that it is of.
 * @throws {ProblemError} `backup.notFound`, and when the target is not known
 */
export async function startProof(
  context: Context,
  backupId: string,
  wanted: TargetRequest | null,
  accept: readonly string[],
): Promise<StartedRun> {
  const backup = findBackup(context, backupId);
  const request = wanted ?? { kind: 'environment', nameOrId: backup.environment };
  const target = await resolveTarget(context, request);
  requireEngine(backup, target);
  const origin = originOf(context, 'prove', backup.environment, target.environment.id, null);
  return context.runs.start(origin, [], (live) =>
    finishRun(context, live, target.password, async () => {
      const checked = await phase(live, 'check', async () => {
        const found = await checkBackup(context, backup, live.signal);
        if (found.problem !== null) throw new ProblemError(found.problem);
        return found;
      });
      await proven(context, target, checked, live, accept);
      return succeeded;
    }),
  );
}

function requireEngine({ engine }: Backup, { driver }: TargetDatabase): void {
  if (engine === driver.id) return;
  raise({
    code: 'restore.unfit',
    message: `This is a backup of another engine (${engine}) than ${driver.title}.`,
    hint: 'Name a database of the same engine.',
  });
}

/** @throws {ProblemError} `backup.notFound` */
export function startCheck(context: Context, backupId: string): StartedRun {
  const backup = findBackup(context, backupId);
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
