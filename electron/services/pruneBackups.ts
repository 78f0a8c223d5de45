/** Removes archives that are beyond their limits, with their manifests and records. */
import { rm } from 'node:fs/promises';
import type { PruneReport } from '../../shared/contract/views.ts';
import type { Backup } from '../../shared/model/backup.ts';
import type { Environment } from '../../shared/model/environment.ts';
import { onlyReads } from '../../shared/model/run.ts';
import { type BackupRetention, settingsFor } from '../../shared/model/settings.ts';
import { ProblemError } from '../../shared/problem.ts';
import { contentPath, manifestPath } from '../backups/archive/archiveName.ts';
import { fromDisk } from '../backups/archive/diskProblem.ts';
import { fileState } from '../backups/archive/fileState.ts';
import { judgeRetention, type Retained } from '../backups/retention.ts';
import type { Context } from './context.ts';
import { listBackups } from './listBackups.ts';
import { recordAudit } from './recordAudit.ts';
import { requireAdministrator } from './roles.ts';
import type { LiveRun } from './runRegistry.ts';
import { settingsOf } from './settingsOf.ts';

export interface PruneRequest {
  /** The environment's name; null for all that have backups. */
  readonly environment: string | null;
  /** Both null: what the settings of each environment say. */
  readonly olderThanDays: number | null;
  readonly keep: number | null;
  readonly dryRun: boolean;
}

const DAY_MS = 86_400_000;
/** More than anybody starts in the days in question. */
const mostRuns = 10_000;

/** @throws {ProblemError} `gate.role`, `backup.folder` */
export async function pruneBackups(context: Context, request: PruneRequest): Promise<PruneReport> {
  const backups = (await listBackups(context, request.environment)).filter(({ external }) => external === undefined);
  const removed: Backup[] = [];
  const kept: Retained['keep'][number][] = [];
  for (const [name, own] of Map.groupBy(backups, (backup) => backup.environment)) {
    const environment = context.workspace.environments.find(name);
    if (environment !== null && !request.dryRun) requireAdministrator(context, environment);
    const settings = retentionOf(context, environment);
    const given = request.olderThanDays !== null || request.keep !== null;
    const limits = given ? { ...settings, days: request.olderThanDays, count: request.keep } : settings;
    const judged = judgeRetention(own, limits, undoOf(context, name, limits), context.clock.now());
    kept.push(...judged.keep);
    for (const backup of judged.remove) {
      const why = await remove(context, backup, request.dryRun);
      if (why === null) removed.push(backup);
      else kept.push({ backup, why });
    }
  }
  return {
    removed: removed.map(({ id, environment, takenAt, path, bytes }) => ({ id, environment, takenAt, path, bytes })),
    kept: kept.map(({ backup: { id, environment, takenAt }, why }) => ({ id, environment, takenAt, why })),
    dryRun: request.dryRun,
  };
}

/** Ad hoc ones have the workspace's. */
const retentionOf = (context: Context, environment: Environment | null): BackupRetention =>
  environment === null
    ? settingsFor(context.workspace.settings.layers(), 'production').backupRetention
    : settingsOf(context, environment).backupRetention;

/** Backups that a run of the last days took, or brought back. */
function undoOf(context: Context, environment: string, { undoDays }: BackupRetention): ReadonlySet<string> {
  const since = new Date(context.clock.now() - undoDays * DAY_MS).toISOString();
  const runs = context.workspace.runs.latest({ environment, limit: mostRuns });
  return new Set(
    runs.flatMap(({ startedAt, action, backup, restore }) =>
      startedAt < since || onlyReads(action)
        ? []
        : [backup?.id, restore?.backup].filter((id) => typeof id === 'string'),
    ),
  );
}

/** Null: it is gone. Else why it was left. */
async function remove(context: Context, backup: Backup, dryRun: boolean): Promise<string | null> {
  const state = await fileState(backup);
  if (state === 'changed') return 'somebody changed its file, which may hold something else now';
  if (state === 'missing') return 'its file is not there: the disk it is on may come back';
  if (dryRun) return null;
  try {
    // The record goes last: what a crash leaves is found again.
    await rm(backup.path);
    for (const beside of [contentPath(backup.path), manifestPath(backup.path)]) await rm(beside, { force: true });
  } catch (thrown) {
    throw fromDisk(thrown, backup.path);
  }
  context.workspace.backups.remove(backup.id);
  recordAudit(context, {
    action: 'backup removed',
    environment: backup.environment,
    run: null,
    detail: { id: backup.id, takenAt: backup.takenAt, path: backup.path, level: backup.level, covers: backup.covers },
  });
  return null;
}

/** As the settings say. A backup that was taken well stays so when the old ones cannot be removed. */
export async function pruneAfterBackup(context: Context, environment: Environment, live: LiveRun): Promise<void> {
  const { days, count } = settingsOf(context, environment).backupRetention;
  if (environment.id === '' || (days === null && count === null)) return;
  const request = { environment: environment.name, olderThanDays: null, keep: null, dryRun: false };
  try {
    const { removed } = await pruneBackups({ ...context, role: 'administrator' }, request);
    if (removed.length > 0)
      live.emit({
        type: 'notice',
        step: null,
        severity: 'info',
        message: `Removed old backups: ${removed.map(({ id }) => id).join(', ')}`,
      });
  } catch (thrown) {
    if (!(thrown instanceof ProblemError)) throw thrown;
    live.emit({ type: 'warning', message: `Old backups could not be removed: ${thrown.problem.message}` });
  }
}
