/** Undoes a restore: the database kept aside comes back, or what a crash left of the restore is removed. */
import type { Hazard } from '../../shared/model/plan.ts';
import type { RestoreRecord, UndoPlan } from '../../shared/model/restore.ts';
import type { Run } from '../../shared/model/run.ts';
import { nothingChanged, type Problem, raise } from '../../shared/problem.ts';
import type { UndoRequest } from '../backups/restorer.ts';
import { restorerFor } from '../backups/restorers.ts';
import { checkGate, type GateNeeds } from '../engine/gate.ts';
import type { Context } from './context.ts';
import { closesSessions } from './describeRestore.ts';
import { externalBackup } from './externalBackups.ts';
import { finishRun, type RunEnd } from './finishRun.ts';
import { closeQuietly, holdTargetLock, rememberLive } from './performRestore.ts';
import { phase } from './phase.ts';
import { openOther, restoreGate } from './planRestore.ts';
import { asProblem } from './problems.ts';
import { protectionOf } from './protection.ts';
import { recordAudit } from './recordAudit.ts';
import { amendRecord, keepRecord, readRestoreRun } from './restoreRecord.ts';
import type { LiveRun } from './runRegistry.ts';
import type { RestoreAnswers } from './startRestore.ts';
import { originOf, type StartedRun } from './startRun.ts';
import { type BackupChoice, backupFor, levelReached, takeBackup } from './takeBackup.ts';
import { openSession, resolveTarget, type TargetDatabase, type TargetRequest, withSession } from './target.ts';
import { viewGate } from './viewGate.ts';

export interface PreparedUndo {
  readonly run: Run & { readonly restore: RestoreRecord };
  readonly plan: UndoPlan;
  readonly gate: GateNeeds;
  readonly target: TargetDatabase;
}

/** `wanted`: the database, where the run was on none of the workspace's environments. @throws {ProblemError} */
export async function planUndo(context: Context, runId: string, wanted: TargetRequest | null): Promise<PreparedUndo> {
  const run = await readRestoreRun(context, runId);
  const target = await resolveTarget(context, wanted ?? environmentOf(run));
  await settle(run, target);
  return withSession(context, target, async (session) => {
    const held = protectionOf(context, target, session);
    const sessions = isSwapped(run.restore)
      ? await restorerFor(target.driver.id).othersOn(session, run.restore.live)
      : [];
    const hazards: Hazard[] = [
      ...(isSwapped(run.restore) ? [losesChanges(run)] : []),
      ...(sessions.length > 0 ? [closesSessions(sessions, run.restore.live)] : []),
    ];
    // Half-way between two databases there is nothing that a backup could be taken of.
    const gate = restoreGate(context, held, hazards, run.restore.stage === 'swapped' ? 'swap' : 'beside');
    const problems = [...refusals(context, run, target), ...(held.problem === null ? [] : [held.problem])];
    const plan: UndoPlan = {
      run: run.id,
      environment: target.environment.name,
      restore: run.restore,
      sessions,
      hazards,
      gate: viewGate(gate),
      problems,
    };
    return { run, plan, gate, target };
  });
}

const isSwapped = ({ stage }: RestoreRecord): boolean => ['swapping', 'swapped', 'undoing'].includes(stage);

function environmentOf(run: Run): TargetRequest {
  return run.environmentId === null
    ? raise({
        code: 'usage.invalid',
        message: `The run ${run.id} was on a database that is no environment here.`,
        hint: 'Name the database with --url or --url-env.',
      })
    : { kind: 'environment', nameOrId: run.environmentId };
}

/** Before the lock is asked for, which a file with two names refuses. */
async function settle({ restore }: PreparedUndo['run'], { driver }: TargetDatabase): Promise<void> {
  if (isSwapped(restore)) await restorerFor(driver.id).settle?.(restore, restore.stage);
}

function losesChanges({ restore, finishedAt }: PreparedUndo['run']): Hazard {
  return {
    code: 'undoLosesChanges',
    severity: 'danger',
    message: `What was written to ${restore.live}${finishedAt === null ? ' since the restore' : ` after ${finishedAt}`} is kept aside in ${restore.restored}.`,
    line: null,
  };
}

function refusals(context: Context, { id, restore }: PreparedUndo['run'], target: TargetDatabase): Problem[] {
  const { connection } = target.environment;
  const live = connection.engine === 'sqlite' ? restorerFor('sqlite').names(connection, '').live : connection.database;
  const problem = (code: Problem['code'], message: string, hint: string): Problem[] => [
    { code, message, state: nothingChanged, hint },
  ];
  if (context.runs.active().some((run) => run.id === id))
    return problem('restore.notUndoable', `The run ${id} still goes on.`, 'Wait for its end, or cancel it.');
  if (live !== restore.live)
    return problem(
      'connect.wrongDatabase',
      `The run ${id} restored ${restore.live}, not ${live}.`,
      'Name the database of that run.',
    );
  if (restore.stage === 'left' || restore.placement === 'into')
    return problem(
      'restore.notUndoable',
      `The run ${id} replaced nothing: it left ${restore.restored} beside.`,
      'Drop that database when you do not need it any more.',
    );
  if (restore.stage === 'undone' || restore.stage === 'removed')
    return problem('restore.notUndoable', `The run ${id} has nothing to undo any more.`, 'Restore a backup instead.');
  return [];
}

/** @throws {ProblemError} before anything was changed */
export async function startUndo(
  context: Context,
  runId: string,
  wanted: TargetRequest | null,
  answers: RestoreAnswers,
): Promise<StartedRun> {
  return startPreparedUndo(context, await planUndo(context, runId, wanted), answers);
}

export function startPreparedUndo(context: Context, prepared: PreparedUndo, answers: RestoreAnswers): StartedRun {
  const { plan, gate, target, run } = prepared;
  const [problem] = plan.problems;
  if (problem !== undefined) raise(problem);
  const backup = run.restore.stage === 'swapped' && (answers.backup ?? gate.backup !== 'none');
  const refusal = checkGate(
    gate,
    {
      ...answers,
      backup: backup ? levelReached(gate) : externalBackup(context, target.environment),
    },
    context.clock.now(),
  );
  if (refusal !== null) raise(refusal);
  const origin = originOf(context, 'undoRestore', target.environment.name, target.environment.id, answers.reason);
  recordAudit(context, {
    action: 'undoRestore',
    environment: target.environment.name,
    run: origin.id,
    detail: {
      undoes: run.id,
      ...run.restore,
      backedUpBefore: backup,
      skippedBackup: !backup && gate.backup !== 'none',
      accepted: answers.accept,
      reason: answers.reason,
    },
  });
  return context.runs.start(origin, [], (live) =>
    finishRun(context, live, target.password, () =>
      perform(context, prepared, { ...answers, backup: backup ? backupFor(gate, answers.accept) : null }, live),
    ),
  );
}

async function perform(
  context: Context,
  { run, target }: PreparedUndo,
  options: { readonly backup: BackupChoice | null; readonly accept: readonly string[] },
  live: LiveRun,
): Promise<RunEnd> {
  const { stage: before, ...where } = run.restore;
  const restorer = restorerFor(target.driver.id);
  const record = keepRecord(context, live, where);
  const session = await phase(live, 'prepare', () => openSession(context, target, false));
  try {
    await phase(live, 'lock', () => holdTargetLock(context, session, target, live));
    if (options.backup !== null) await takeBackup(context, target, session, live, options.backup);
    const request: UndoRequest = {
      connection: target.environment.connection,
      names: where,
      session,
      dialect: target.driver.dialect,
      closeSessions: options.accept.includes('closesSessions'),
      open: openOther(context, target, false),
      note: record.note,
      stage: before,
      begins: () => setStage('undoing'),
    };
    await phase(live, 'swap', async () => setStage(await restorer.undo(request)));
  } catch (thrown) {
    throw asProblem(thrown, target.environment.connection);
  } finally {
    await closeQuietly(session);
  }
  await rememberLive(context, target);
  return { outcome: 'succeeded', problem: null, next: [] };

  async function setStage(stage: RestoreRecord['stage']): Promise<void> {
    await record.stage(stage);
    await amendRecord(context, run, stage);
  }
}
