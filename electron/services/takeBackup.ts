/** Takes a backup inside a run, checks it, and keeps it in the catalogue with the level it reached. */
import path from 'node:path';
import { ulid } from 'ulid';
import type { ArchiveFormat, Backup } from '../../shared/model/backup.ts';
import { nothingChanged, type Problem, ProblemError, raise } from '../../shared/problem.ts';
import { modificationOf } from '../backups/archive/fileState.ts';
import { OpenArchive } from '../backups/archive/openArchive.ts';
import type { BackupRequest, BackupTaker, Preflight } from '../backups/backupTaker.ts';
import { backupTakerFor } from '../backups/registry.ts';
import type { GateNeeds } from '../engine/gate.ts';
import type { Session } from '../engine/ports.ts';
import { currentArchiveKey, unlockArchive } from './archiveKeys.ts';
import type { Context } from './context.ts';
import { appliedNow } from './laterMigrations.ts';
import { phase } from './phase.ts';
import { proveBackup } from './proveBackup.ts';
import { pruneAfterBackup } from './pruneBackups.ts';
import type { LiveRun } from './runRegistry.ts';
import { settingsOf } from './settingsOf.ts';
import { openSession, type TargetDatabase } from './target.ts';

/** Milliseconds between two progress events. */
const interval = 150;

/** What of a database is backed up, and how; absent: everything, as the settings say. */
export interface BackupChoice {
  readonly covers?: Backup['covers'];
  readonly tables?: readonly string[];
  readonly format?: ArchiveFormat;
  /** Prove it, too, with what was accepted for that (`withRestoredCopy.ts`). */
  readonly prove?: readonly string[];
}

function backupRequest(
  context: Context,
  target: TargetDatabase,
  session: Session,
  choice: BackupChoice = {},
): BackupRequest {
  const { environment, password, driver } = target;
  const { backup } = settingsOf(context, environment);
  return {
    id: ulid(),
    environment: environment.name,
    connection: environment.connection,
    password,
    session,
    folder: backup.folder ?? path.join(context.workspace.dataDirectory, 'backups'),
    covers: choice.covers ?? 'everything',
    tables: choice.tables ?? [],
    format: choice.format ?? backup.format,
    compression: backup.compression,
    key: null,
    recording: {
      readSchema: (asked) => driver.readSnapshot(asked, []),
      open: () => openSession(context, target, true),
    },
  };
}

const takerFor = (context: Context, { environment }: TargetDatabase): BackupTaker =>
  backupTakerFor(environment.connection.engine, settingsOf(context, environment).backup.dumpCommand);

/** Finds out what a backup would need, without taking one. @throws {ProblemError} */
export async function preflightBackup(context: Context, target: TargetDatabase, session: Session): Promise<Preflight> {
  requireDumps(session);
  return takerFor(context, target).preflight(backupRequest(context, target, session));
}

/** A dump that would not hold everything, or that nothing restores, must not be called a backup. */
function requireDumps({ capabilities, identity }: Session): void {
  if (capabilities.dumps) return;
  raise({
    code: 'backup.unsupported',
    message: `${identity.product} cannot be backed up from here: no dump program of its family reads it as a whole.`,
    state: nothingChanged,
    hint: 'Take a backup with its own means, then name it: lockkeeper backup record --name … --reason … It stands in where the protection allows that.',
  });
}

/** @throws {ProblemError} `backup.*`; the archive of a failed check stays in the catalogue with what was found */
export async function takeBackup(
  context: Context,
  target: TargetDatabase,
  session: Session,
  live: LiveRun,
  choice: BackupChoice = {},
): Promise<Backup> {
  requireDumps(session);
  const taker = takerFor(context, target);
  live.emit({ type: 'phaseStarted', phase: 'backup' });
  const { encrypted } = settingsOf(context, target.environment).backup;
  const key = encrypted ? await currentArchiveKey(context) : null;
  const applied = await appliedNow(target, session);
  const request = { ...backupRequest(context, target, session, choice), key, ...(applied === null ? {} : { applied }) };
  const preflight = await taker.preflight(request);
  const taken = await taker.take(request, preflight, throttled(context, live, preflight), live.signal);
  context.workspace.backups.add(taken);
  live.emit({ type: 'phaseFinished', phase: 'backup' });
  const finished =
    choice.prove === undefined
      ? await checkedAtOnce(context, target, taken, live)
      : await provenAtOnce(context, target, taken, live, choice.prove);
  await pruneAfterBackup(context, target.environment, live);
  return finished;
}

async function checkedAtOnce(context: Context, target: TargetDatabase, taken: Backup, live: LiveRun): Promise<Backup> {
  live.emit({ type: 'phaseStarted', phase: 'check' });
  const checked = await checkBackup(context, taken, live.signal);
  live.emit({ type: 'backupFinished', backup: checked });
  context.changes.publish({ kind: 'backups', environmentId: target.environment.id });
  if (checked.problem !== null) throw new ProblemError(checked.problem);
  live.emit({ type: 'phaseFinished', phase: 'check' });
  return checked;
}

/**
 * Restoring reads the archive to its end as checking does, so it is read once: here only its digest is compared. Where it
 * does not prove it is checked after all, which tells more exactly what is wrong with it, or that it is sound.
 */
async function provenAtOnce(
  context: Context,
  target: TargetDatabase,
  taken: Backup,
  live: LiveRun,
  accept: readonly string[],
): Promise<Backup> {
  try {
    await phase(live, 'check', () => matchRecord(context, taken, live.signal));
    return await proven(context, target, taken, live, accept, false);
  } catch (thrown) {
    if (!live.signal.aborted) await explainUnproven(context, target, taken, live);
    throw thrown;
  }
}

async function matchRecord(context: Context, taken: Backup, signal: AbortSignal): Promise<void> {
  await unlockArchive(context, taken);
  await using _archive = await OpenArchive.open(taken, signal);
}

/** @throws {ProblemError} what checking finds */
async function explainUnproven(context: Context, target: TargetDatabase, taken: Backup, live: LiveRun): Promise<void> {
  const marked = context.workspace.backups.get(taken.id) ?? taken;
  const checked = await checkBackup(context, marked, live.signal);
  if (checked.problem === null && marked.problem !== null) context.workspace.backups.update(marked);
  live.emit({ type: 'backupFinished', backup: checked.problem === null ? marked : checked });
  context.changes.publish({ kind: 'backups', environmentId: target.environment.id });
  if (checked.problem !== null) throw new ProblemError(checked.problem);
}

/** As a phase of its own. `checked`: the archive was read to its end. @throws {ProblemError} when it does not prove, or nothing could be restored */
export async function proven(
  context: Context,
  target: TargetDatabase,
  backup: Backup,
  live: LiveRun,
  accept: readonly string[],
  checked = true,
): Promise<Backup> {
  try {
    return await phase(live, 'prove', async () => {
      const finished = await proveBackup(context, target, backup, live, accept, checked);
      live.emit({ type: 'backupFinished', backup: finished });
      return finished;
    });
  } finally {
    context.changes.publish({ kind: 'backups', environmentId: target.environment.id });
  }
}

/** What a run's own backup is asked to reach, and reaches, or the run does not begin. */
export const backupFor = ({ backup }: GateNeeds, accept: readonly string[]): BackupChoice =>
  backup === 'proven' ? { prove: accept } : {};

export const levelReached = ({ backup }: GateNeeds): Pick<Backup, 'level' | 'covers'> => ({
  level: backup === 'proven' ? 'proven' : 'checked',
  covers: 'everything',
});

/** Reads an archive to its end and writes down what was found. */
export async function checkBackup(context: Context, backup: Backup, signal: AbortSignal): Promise<Backup> {
  await unlockArchive(context, backup);
  const problem = await readToEnd(context, backup, signal);
  const level = problem === null ? (backup.level === 'proven' ? 'proven' : 'checked') : 'taken';
  const modifiedAt = problem === null ? await modificationOf(backup) : null;
  const checked: Backup = {
    ...backup,
    ...(modifiedAt === null ? {} : { modifiedAt }),
    level,
    problem,
    checkedAt: new Date(context.clock.now()).toISOString(),
  };
  context.workspace.backups.update(checked);
  return checked;
}

/** By programs of this computer; where they are missing, by those the environment's command reaches. */
async function readToEnd(context: Context, backup: Backup, signal: AbortSignal): Promise<Problem | null> {
  const environment = context.workspace.environments.find(backup.environment);
  const elsewhere = environment === null ? null : settingsOf(context, environment).backup.dumpCommand;
  try {
    return await backupTakerFor(backup.engine).check(backup, signal);
  } catch (thrown) {
    const missing = thrown instanceof ProblemError && thrown.problem.code === 'backup.programMissing';
    if (!missing || elsewhere === null) throw thrown;
    return backupTakerFor(backup.engine, elsewhere).check(backup, signal);
  }
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
