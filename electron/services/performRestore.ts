/** One restore from the lock to the report. Until the swap nothing of the live database is touched. */
import { ProblemError, raise } from '../../shared/problem.ts';
import type { BackupProgress } from '../backups/backupTaker.ts';
import { cancelled } from '../backups/restore/failures.ts';
import type { RestoreRequest, Restorer } from '../backups/restorer.ts';
import type { Session } from '../engine/ports.ts';
import type { Context } from './context.ts';
import type { RunEnd } from './finishRun.ts';
import { closeHolder, holdLock, holdNamed } from './holdLock.ts';
import { phase } from './phase.ts';
import { type PreparedRestore, restoreRequest, restorerOf } from './planRestore.ts';
import { asProblem } from './problems.ts';
import { readSource } from './readSource.ts';
import { readStatus } from './readStatus.ts';
import { keepRecord, type RecordKeeper } from './restoreRecord.ts';
import type { LiveRun } from './runRegistry.ts';
import { type BackupChoice, takeBackup } from './takeBackup.ts';
import { openSession, type TargetDatabase, watch } from './target.ts';

export interface RestoreOptions {
  readonly backup: BackupChoice | null;
  readonly accept: readonly string[];
}

/** @throws {ProblemError} */
export async function performRestore(
  context: Context,
  prepared: PreparedRestore,
  options: RestoreOptions,
  live: LiveRun,
): Promise<RunEnd> {
  const { target, plan, names } = prepared;
  const record = keepRecord(context, live, {
    backup: plan.backup?.id ?? null,
    file: plan.file,
    placement: plan.placement,
    ...names,
  });
  const opened = await phase(live, 'prepare', () => openTarget(context, prepared));
  const watching = watch(context, target, opened, live.emit, false);
  const { session } = watching;
  try {
    await phase(live, 'lock', () => holdTargetLock(context, session, target, live));
    if (options.backup !== null) await takeBackup(context, target, session, live, options.backup);
    const request: RestoreRequest = {
      ...restoreRequest(context, { ...prepared, placement: plan.placement }, session, false),
      closeSessions: options.accept.includes('closesSessions'),
      note: record.note,
    };
    const restorer = restorerOf(context, target);
    await restoreBeside(restorer, request, record, live);
    if (plan.placement !== 'swap') {
      await record.stage('left');
      return { outcome: 'succeeded', problem: null, next: [] };
    }
    await phase(live, 'swap', () => putInPlace(restorer, request, record, live));
  } catch (thrown) {
    throw asProblem(thrown, target.environment.connection);
  } finally {
    await watching[Symbol.asyncDispose]();
    await closeQuietly(session);
  }
  await rememberLive(context, target);
  return { outcome: 'succeeded', problem: null, next: [`lockkeeper restore --undo ${live.id}`] };
}

async function openTarget(context: Context, { target, serverId }: PreparedRestore): Promise<Session> {
  const session = await openSession(context, target, false);
  if (session.identity.id === serverId) return session;
  await session.close();
  return raise({
    code: 'connect.wrongDatabase',
    message: `This is another database than the restore was planned for (${session.identity.database}).`,
    hint: 'Check the environment’s connection, then look at the plan again.',
  });
}

/** A database must be restorable when its migration folder is lost: then only the database itself is locked. */
export async function holdTargetLock(
  context: Context,
  session: Session,
  target: TargetDatabase,
  live: LiveRun,
): Promise<void> {
  const source = await readSource(target).catch((thrown: unknown) => {
    if (!(thrown instanceof ProblemError)) throw thrown;
    return thrown;
  });
  if (!(source instanceof ProblemError)) return holdLock(context, session, source, live);
  live.emit({
    type: 'warning',
    message: `The migration folder cannot be read (${source.problem.message}): make sure yourself that nobody is migrating this database.`,
  });
  await holdNamed(context, session, `lockkeeper ${session.identity.database}`, live);
}

async function restoreBeside(
  restorer: Restorer,
  request: RestoreRequest,
  record: RecordKeeper,
  live: LiveRun,
): Promise<void> {
  // Rights and sessions may have changed since the plan was shown.
  await restorer.preflight(request);
  await record.stage('loading');
  try {
    await restorer.create(request, live.signal);
  } catch (error) {
    await record.stage('removed');
    throw error;
  }
  try {
    const loaded = await phase(live, 'restore', () => restorer.load(request, progressOf(live), live.signal));
    await phase(live, 'verify', () => restorer.verify(request, loaded, live.signal));
    await record.stage('verified');
    if (live.signal.aborted) raise(cancelled(request.names.live));
  } catch (error) {
    throw await discarded(restorer, request, record, error, live);
  }
}

const progressOf =
  (live: LiveRun): BackupProgress =>
  (bytes, current) =>
    live.emit({ type: 'restoreProgress', bytes, current });

/** From here on cancelling has no effect: the swap is short, and half of it helps nobody. */
async function putInPlace(
  restorer: Restorer,
  request: RestoreRequest,
  record: RecordKeeper,
  live: LiveRun,
): Promise<void> {
  await record.stage('swapping');
  try {
    await restorer.swap(request);
  } catch (error) {
    // Which database is live now is not known here: both must stay.
    throw isUnfinished(error) ? error : await discarded(restorer, request, record, error, live);
  }
  await record.stage('swapped');
}

const isUnfinished = (error: unknown): boolean =>
  error instanceof ProblemError && error.problem.code === 'restore.unfinished';

/** Removes what was restored; the failure it returns says what is left. A database that was there before is not ours to drop. */
async function discarded(
  restorer: Restorer,
  request: RestoreRequest,
  record: RecordKeeper,
  failure: unknown,
  live: LiveRun,
): Promise<unknown> {
  const { restored } = request.names;
  if (request.intoExisting)
    return withState(failure, request, `${restored} may hold a part of the restore: empty it first.`);
  try {
    await restorer.discard(request);
    await record.stage('removed');
    return failure;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    live.emit({
      type: 'warning',
      message: `${restored} could not be removed (${why}). Later: lockkeeper restore --undo ${live.id}`,
    });
    return withState(failure, request, `${restored} is left beside it.`);
  }
}

const withState = (failure: unknown, { names }: RestoreRequest, left: string): unknown =>
  failure instanceof ProblemError
    ? new ProblemError({ ...failure.problem, state: `${names.live} is unchanged. ${left}` }, { cause: failure })
    : failure;

/** The swap has closed it already; closing twice must not hide what went wrong. */
export async function closeQuietly(session: Session): Promise<void> {
  await closeHolder(session).catch(() => undefined);
}

/** What is known of the environment is of the database before; its identity may be another one now. */
export async function rememberLive(context: Context, target: TargetDatabase): Promise<void> {
  const { id } = target.environment;
  if (id === '') return;
  context.changes.publish({ kind: 'environments', environmentId: id });
  const request = {
    kind: 'environment',
    nameOrId: id,
    ...(target.password === null ? {} : { password: target.password }),
  } as const;
  await readStatus(context, request).catch((thrown: unknown) => {
    // Without a folder there is no status to read; the restore itself stands.
    if (!(thrown instanceof ProblemError)) throw thrown;
  });
}
