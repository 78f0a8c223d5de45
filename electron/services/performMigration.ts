/** One run from the lock to the report, on one session. */
import type { Connection } from '../../shared/model/environment.ts';
import { ProblemError, raise } from '../../shared/problem.ts';
import { execute } from '../engine/execute.ts';
import { historySha256 } from '../engine/plan.ts';
import { MessageFault, type Session } from '../engine/ports.ts';
import { verifyBefore } from '../engine/verify.ts';
import { askTogether } from './askTogether.ts';
import { closeRun } from './closeRun.ts';
import type { Context } from './context.ts';
import type { RunEnd } from './finishRun.ts';
import { closeHolder, holdLockAsking } from './holdLock.ts';
import { journalState } from './journalState.ts';
import { keepScripts } from './keepScripts.ts';
import type { KeptSession } from './keptSession.ts';
import { askMissing, openExecution, type Resuming } from './openExecution.ts';
import { phase } from './phase.ts';
import type { PreparedPlan } from './planMigration.ts';
import { asProblem, readOnlyHint } from './problems.ts';
import { runCommandFor } from './runCommand.ts';
import type { LiveRun } from './runRegistry.ts';
import { settleUnknown } from './settleUnknown.ts';
import { soundnessOf } from './soundness.ts';
import { type BackupChoice, takeBackup } from './takeBackup.ts';
import { openSession, watch } from './target.ts';
import { readUnsettled, unsettled } from './unsettled.ts';

export interface MigrationOptions {
  /** What is asked of the backup before; null: none is taken. */
  readonly backup: BackupChoice | null;
  readonly continueOnError: boolean;
  readonly acceptsLostRows: boolean;
  /** The interrupted run that this one goes on with; null: none. */
  readonly resume: Resuming | null;
}

/** @throws {ProblemError} for everything that ends the run before its first step */
export async function performMigration(
  context: Context,
  prepared: PreparedPlan,
  options: MigrationOptions,
  live: LiveRun,
  kept: KeptSession,
): Promise<RunEnd> {
  const { plan, target, source } = prepared;
  const opened = await phase(live, 'prepare', async () => kept.take() ?? openSession(context, target, false));
  const watching = watch(context, target, opened, live.emit);
  const { session } = watching;
  try {
    requireSameServer(plan.target.server, session, target.environment.connection);
    const ask = () => askUnderLock(prepared, session, options.resume);
    let found = await phase(live, 'lock', () => holdLockAsking(context, session, source, live, ask));
    if (options.backup !== null) {
      await takeBackup(context, target, session, live, options.backup);
      // It may take hours, in which a tool that has no lock can have migrated.
      found = await ask();
    }
    if (live.signal.aborted)
      raise({
        code: 'run.cancelled',
        message: 'Cancelled before the first migration.',
        hint: 'The same plan can be started again.',
      });
    const execution = await openExecution(context, prepared, session, live, {
      ...found,
      resume: options.resume,
      acceptsLostRows: options.acceptsLostRows,
    });
    if (options.resume === null) await verifyBefore(plan, execution);
    // Beside the migration, which needs not wait for it.
    const keeping = keepScripts(context, plan, source.scripts, live.id);
    const report = await phase(live, 'migrate', () => execute(plan, execution, options));
    await keeping;
    if (report.outcome === 'interrupted') {
      // Where only a failure of ours is the reason the session is still there, and its effects would not be final.
      await watching[Symbol.asyncDispose]();
      await closeHolder(session);
      return await settleUnknown(context, prepared, report, { live, backend: session.identity.backend });
    }
    return await closeRun(context, prepared, execution, report, live, found.soundness);
  } catch (thrown) {
    throw asProblem(thrown instanceof MessageFault ? thrown.fault : thrown, target.environment.connection);
  } finally {
    await watching[Symbol.asyncDispose]();
    await closeHolder(session);
  }
}

/** What must be as it was planned, and what the run needs to know. @throws {ProblemError} `plan.stale`, `run.unknown` */
async function askUnderLock(prepared: PreparedPlan, session: Session, resume: Resuming | null) {
  const { driver } = prepared.target;
  const [tableExists, missing, , soundness] = await askTogether([
    requireSameHistory(prepared, session),
    askMissing(driver.journal, session),
    requireSettled(prepared, session, resume),
    soundnessOf(driver, session),
  ]);
  return { tableExists, missing, soundness };
}

/** @throws {ProblemError} `connect.wrongDatabase`, `database.readOnly` */
export function requireSameServer(server: string, session: Session, connection: Connection): void {
  if (session.identity.id !== server)
    raise({
      code: 'connect.wrongDatabase',
      message: `This is another database than the plan was made for (${session.identity.database}).`,
      hint: 'Check the environment’s connection, then plan again.',
    });
  if (session.identity.readOnly)
    raise({
      code: 'database.readOnly',
      message: `${session.identity.database} is read-only.`,
      hint: readOnlyHint(connection),
    });
}

/** Under the lock the history must still be the planned one. Tells whether its table exists. */
async function requireSameHistory({ plan, source }: PreparedPlan, session: Session): Promise<boolean> {
  const entries = await source.history.read(session);
  if (historySha256(entries ?? []) !== plan.historySha256)
    raise({
      code: 'plan.stale',
      message: 'The history changed after the plan was made: somebody else migrated this database.',
      hint: 'Look at the new plan, then start again.',
    });
  return entries !== null;
}

/** Under the lock: nothing is left open, but what is gone on with, and that is as it was when it was decided. */
async function requireSettled(prepared: PreparedPlan, session: Session, resume: Resuming | null): Promise<void> {
  const { target, source } = prepared;
  const open = await readUnsettled({ target, source, session });
  const foreign = open.find(({ runId }) => runId !== resume?.run);
  if (foreign !== undefined) throw new ProblemError(unsettled(foreign, target));
  if (resume === null) return;
  if (journalState(await target.driver.journal.readSteps(session, resume.run)) !== resume.journal)
    raise({
      code: 'plan.stale',
      message: `Run ${resume.run} is not as it was when its resuming was decided: somebody else went on with it.`,
      hint: `Look at it again: ${runCommandFor('reconcile', resume.run, target)}`,
    });
}
