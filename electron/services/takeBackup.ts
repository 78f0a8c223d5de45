/** Takes a backup inside a run, checks it, and keeps it in the catalogue with the level it reached. */
import path from 'node:path';
import { ulid } from 'ulid';
import type { Backup } from '../../shared/model/backup.ts';
import { type Problem, ProblemError } from '../../shared/problem.ts';
import type { BackupRequest, Preflight } from '../backups/backupTaker.ts';
import { backupTakerFor } from '../backups/registry.ts';
import type { Session } from '../engine/ports.ts';
import type { Context } from './context.ts';
import type { LiveRun } from './runRegistry.ts';
import type { TargetDatabase } from './target.ts';

/** Milliseconds between two progress events. */
const interval = 150;

export function backupRequest(context: Context, target: TargetDatabase, session: Session): BackupRequest {
  return {
    id: ulid(),
    environment: target.environment.name,
    connection: target.environment.connection,
    password: target.password,
    session,
    folder: path.join(context.workspace.dataDirectory, 'backups'),
    covers: 'everything',
    tables: [],
  };
}

/** Finds out what a backup would need, without taking one. @throws {ProblemError} */
export const preflightBackup = (request: BackupRequest): Promise<Preflight> =>
  backupTakerFor(request.connection.engine).preflight(request);

/** @throws {ProblemError} `backup.*`; the archive of a failed check stays in the catalogue with what was found */
export async function takeBackup(
  context: Context,
  target: TargetDatabase,
  session: Session,
  live: LiveRun,
): Promise<Backup> {
  const request = backupRequest(context, target, session);
  const taker = backupTakerFor(request.connection.engine);
  live.emit({ type: 'phaseStarted', phase: 'backup' });
  const preflight = await taker.preflight(request);
  const taken = await taker.take(request, preflight, throttled(context, live, preflight), live.signal);
  context.workspace.backups.add(taken);
  live.emit({ type: 'phaseFinished', phase: 'backup' });
  live.emit({ type: 'phaseStarted', phase: 'check' });
  const checked = await checkBackup(context, taken, live.signal);
  live.emit({ type: 'backupFinished', backup: checked });
  context.changes.publish({ kind: 'backups', environmentId: target.environment.id });
  if (checked.problem !== null) throw new ProblemError(checked.problem);
  live.emit({ type: 'phaseFinished', phase: 'check' });
  return checked;
}

/** Reads an archive to its end and writes down what was found. */
export async function checkBackup(context: Context, backup: Backup, signal: AbortSignal): Promise<Backup> {
  const problem: Problem | null = await backupTakerFor(backup.engine).check(backup, signal);
  const level = problem === null ? (backup.level === 'proven' ? 'proven' : 'checked') : 'taken';
  const checked: Backup = { ...backup, level, problem, checkedAt: new Date(context.clock.now()).toISOString() };
  context.workspace.backups.update(checked);
  return checked;
}

function throttled(
  context: Context,
  live: LiveRun,
  preflight: Preflight,
): (bytes: number, current: string | null) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (bytes, current) => {
    const now = context.clock.elapsed();
    if (now - last < interval) return;
    last = now;
    live.emit({ type: 'backupProgress', bytes, totalBytes: preflight.estimatedBytes, current });
  };
}
