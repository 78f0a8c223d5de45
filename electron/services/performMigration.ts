/** One run from the lock to the report, on one session. */
import type { Connection } from '../../shared/model/environment.ts';
import type { RunOutcome } from '../../shared/model/run.ts';
import { type Problem, raise } from '../../shared/problem.ts';
import { type Execution, type ExecutionReport, execute } from '../engine/execute.ts';
import { historySha256 } from '../engine/plan.ts';
import {
  type JournalRun,
  type JournalTables,
  MessageFault,
  type MessageObserver,
  ServerFault,
  type Session,
} from '../engine/ports.ts';
import { verifySteps } from '../engine/verify.ts';
import { commandFor } from './commandFor.ts';
import type { Context } from './context.ts';
import { type RunEnd, restoreNext } from './finishRun.ts';
import { holdLock, releaseLock } from './holdLock.ts';
import { keepScripts } from './keepScripts.ts';
import type { KeptSession } from './keptSession.ts';
import { rememberStatus } from './lastKnown.ts';
import { historyName } from './lockName.ts';
import { phase } from './phase.ts';
import type { PreparedPlan } from './planMigration.ts';
import { asProblem, readOnlyHint } from './problems.ts';
import { statusOf } from './readStatus.ts';
import type { LiveRun } from './runRegistry.ts';
import { recordSnapshot } from './schemaSnapshots.ts';
import { settleUnknown } from './settleUnknown.ts';
import { takeBackup } from './takeBackup.ts';
import { openSession, type TargetDatabase } from './target.ts';

export interface MigrationOptions {
  readonly backup: boolean;
  readonly continueOnError: boolean;
}

export const silent: MessageObserver = { completed: () => undefined, notice: () => undefined };

/** @throws {ProblemError} for everything that ends the run before its first step */
export async function performMigration(
  context: Context,
  prepared: PreparedPlan,
  options: MigrationOptions,
  live: LiveRun,
  kept: KeptSession,
): Promise<RunEnd> {
  const { plan, target, source } = prepared;
  const session = await phase(live, 'prepare', async () => kept.take() ?? openSession(context, target, false));
  try {
    requireSameServer(plan.target.server, session, target.environment.connection);
    await phase(live, 'lock', () => holdLock(context, session, source, live));
    let [tableExists, missing] = await Promise.all([
      requireSameHistory(prepared, session),
      askMissing(target.driver.journal, session),
    ]);
    if (options.backup) {
      await takeBackup(context, target, session, live);
      // It may take hours, in which a tool that has no lock can have migrated.
      tableExists = await requireSameHistory(prepared, session);
    }
    if (live.signal.aborted)
      raise({
        code: 'run.cancelled',
        message: 'Cancelled before the first migration.',
        hint: 'The same plan can be started again.',
      });
    const execution = await openExecution(context, prepared, session, live, { tableExists, missing });
    // Beside the migration, which needs not wait for it.
    const keeping = keepScripts(context, plan, source.scripts, live.id);
    const report = await phase(live, 'migrate', () => execute(plan, execution, options));
    await keeping;
    if (report.outcome === 'interrupted')
      return await settleUnknown(context, prepared, report, { live, journaled: execution.journal !== null });
    return await closeRun(context, prepared, execution, report, live);
  } catch (thrown) {
    throw asProblem(thrown instanceof MessageFault ? thrown.fault : thrown, target.environment.connection);
  } finally {
    await session.close();
  }
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

async function openExecution(
  context: Context,
  prepared: PreparedPlan,
  session: Session,
  live: LiveRun,
  found: { tableExists: boolean; missing: readonly string[] | undefined },
): Promise<Execution> {
  const { source, target } = prepared;
  const { driver } = target;
  const creation = found.tableExists ? [] : source.history.create();
  const opening = [...creation, ...driver.journal.runStarted(journalRun(context, prepared, session, live))];
  const journal = await prepareJournal(driver.journal, session, live, opening, found.missing);
  if (journal === null)
    await session.send(
      creation.map((sql) => ({ kind: 'control', sql })),
      silent,
    );
  return {
    runId: live.id,
    actor: context.host.user,
    session,
    capabilities: driver.capabilities,
    dialect: driver.dialect,
    control: driver.control,
    sql: driver.sql,
    pieces: source.pieces,
    programs: source.programs,
    history: source.history,
    journal,
    clientJournal: context.workspace.clientJournal(live.id),
    clock: context.clock,
    signal: live.signal,
    emit: live.emit,
  };
}

/** Not told yet when it may not even be asked for: preparing it is refused, too. */
async function askMissing(journal: JournalTables, session: Session): Promise<readonly string[] | undefined> {
  try {
    return await journal.missing(session);
  } catch (thrown) {
    if (thrown instanceof ServerFault && thrown.kind === 'rights') return undefined;
    throw thrown;
  }
}

/** Without the right to keep a journal in the database only the client's own remains: a weaker promise, said at once. */
export async function prepareJournal(
  journal: JournalTables,
  session: Session,
  live: LiveRun,
  opening?: readonly string[],
  missing?: readonly string[],
): Promise<JournalTables | null> {
  try {
    await journal.prepare(session, opening, missing);
    return journal;
  } catch (thrown) {
    if (!(thrown instanceof ServerFault) || thrown.kind !== 'rights') throw thrown;
    live.emit({
      type: 'warning',
      message: `No journal can be kept in the database: ${thrown.message} Only this computer’s own journal remains for finding out about an interrupted run.`,
    });
    return null;
  }
}

const journalRun = (context: Context, { plan, source }: PreparedPlan, session: Session, live: LiveRun): JournalRun => ({
  id: live.id,
  action: plan.direction,
  actor: context.host.user,
  host: context.host.hostName,
  process: String(context.host.process),
  fingerprint: plan.fingerprint,
  tool: plan.target.tool,
  historyTable: historyName(session, source),
  backend: session.identity.backend,
});

async function closeRun(
  context: Context,
  prepared: PreparedPlan,
  execution: Execution,
  report: ExecutionReport,
  live: LiveRun,
): Promise<RunEnd> {
  const { plan, source, target } = prepared;
  const findings = await phase(live, 'verify', () => verifySteps(plan, report.steps, execution));
  const end = endOf(target, report, findings, live);
  live.emit({ type: 'phaseStarted', phase: 'report' });
  await rememberSchema(context, prepared, execution.session, live);
  const closing = execution.journal?.runFinished(live.id, end.outcome) ?? [];
  try {
    const recorded = closing.map((sql) => execution.session.query(sql));
    await Promise.all([...recorded, releaseLock(execution.session, source)]);
    if (target.environment.id !== '')
      rememberStatus(context, target, await statusOf(context, target, source, execution.session));
  } catch (thrown) {
    // The steps' outcomes stand; the lock is freed with the session.
    live.emit({
      type: 'warning',
      message: `The end of the run could not be recorded in the database: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    });
  }
  live.emit({ type: 'phaseFinished', phase: 'report' });
  return end;
}

/** What a later look for drift compares with; the run's outcome does not depend on it. */
async function rememberSchema(context: Context, { target, source }: PreparedPlan, session: Session, live: LiveRun) {
  try {
    await recordSnapshot(context, target, source, session, { kind: 'run', run: live.id });
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    live.emit({ type: 'warning', message: `The schema after the run could not be recorded: ${why}` });
  }
}

function verifiedOutcome([finding]: readonly Problem[]): RunOutcome {
  if (finding === undefined) return 'succeeded';
  return finding.code === 'run.cancelled' ? 'cancelled' : 'failed';
}

function endOf(target: TargetDatabase, report: ExecutionReport, findings: readonly Problem[], live: LiveRun): RunEnd {
  const problem = report.problem ?? findings[0] ?? null;
  const outcome = report.outcome === 'succeeded' ? verifiedOutcome(findings) : report.outcome;
  const next =
    problem === null ? [] : [commandFor('status', target), ...restoreNext(live.run()), `lockkeeper logs ${live.id}`];
  return { outcome, problem, next };
}
