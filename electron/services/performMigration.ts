/** One run from the lock to the report, on one session. */
import type { Connection } from '../../shared/model/environment.ts';
import type { RunOutcome } from '../../shared/model/run.ts';
import { type Problem, ProblemError, raise } from '../../shared/problem.ts';
import { note } from '../engine/clientNotes.ts';
import { type Execution, type ExecutionReport, execute } from '../engine/execute.ts';
import { isHandedOver } from '../engine/handOver.ts';
import { tryForLocks } from '../engine/lockRetry.ts';
import { historySha256 } from '../engine/plan.ts';
import {
  type JournalRun,
  type JournalTables,
  MessageFault,
  type MessageObserver,
  ServerFault,
  type Session,
} from '../engine/ports.ts';
import type { StartAt } from '../engine/startAt.ts';
import { verifyBefore, verifySteps } from '../engine/verify.ts';
import { commandFor } from './commandFor.ts';
import type { Context } from './context.ts';
import { type RunEnd, restoreNext } from './finishRun.ts';
import { closeHolder, holdLock, releaseLock } from './holdLock.ts';
import { journalState } from './journalState.ts';
import { keepScripts } from './keepScripts.ts';
import type { KeptSession } from './keptSession.ts';
import { rememberStatus } from './lastKnown.ts';
import { historyName } from './lockName.ts';
import { phase } from './phase.ts';
import type { PreparedPlan } from './planMigration.ts';
import { asProblem, readOnlyHint } from './problems.ts';
import { statusOf } from './readStatus.ts';
import { redact } from './redact.ts';
import { expectedStates } from './rehearsalOf.ts';
import { runCommandFor } from './runCommand.ts';
import type { LiveRun } from './runRegistry.ts';
import { recordSnapshot } from './schemaSnapshots.ts';
import { settingsOf } from './settingsOf.ts';
import { settleUnknown } from './settleUnknown.ts';
import { newlyUnsound, soundnessOf } from './soundness.ts';
import { type BackupChoice, takeBackup } from './takeBackup.ts';
import { openSession, type TargetDatabase, watch } from './target.ts';
import { readUnsettled, unsettled } from './unsettled.ts';

export interface MigrationOptions {
  /** What is asked of the backup before; null: none is taken. */
  readonly backup: BackupChoice | null;
  readonly continueOnError: boolean;
  readonly acceptsLostRows: boolean;
  /** The interrupted run that this one goes on with; null: none. */
  readonly resume: Resuming | null;
}

/** Where an interrupted run is gone on with, and what its journal told when that was decided. */
export interface Resuming {
  readonly run: string;
  /** Null: its steps begin at their beginning. */
  readonly start: StartAt | null;
  readonly journal: string;
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
  const opened = await phase(live, 'prepare', async () => kept.take() ?? openSession(context, target, false));
  const watching = watch(context, target, opened, live.emit);
  const { session } = watching;
  try {
    requireSameServer(plan.target.server, session, target.environment.connection);
    await phase(live, 'lock', () => holdLock(context, session, source, live));
    let [tableExists, missing] = await Promise.all([
      requireSameHistory(prepared, session),
      askMissing(target.driver.journal, session),
    ]);
    if (options.backup !== null) {
      await takeBackup(context, target, session, live, options.backup);
      // It may take hours, in which a tool that has no lock can have migrated.
      tableExists = await requireSameHistory(prepared, session);
    }
    await requireSettled(prepared, session, options.resume);
    if (live.signal.aborted)
      raise({
        code: 'run.cancelled',
        message: 'Cancelled before the first migration.',
        hint: 'The same plan can be started again.',
      });
    const execution = await openExecution(context, prepared, session, live, {
      tableExists,
      missing,
      resume: options.resume,
      acceptsLostRows: options.acceptsLostRows,
    });
    const before = await soundnessOf(target.driver, session);
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
    return await closeRun(context, prepared, execution, report, live, before);
  } catch (thrown) {
    throw asProblem(thrown instanceof MessageFault ? thrown.fault : thrown, target.environment.connection);
  } finally {
    await watching[Symbol.asyncDispose]();
    await closeHolder(session);
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

async function openExecution(
  context: Context,
  prepared: PreparedPlan,
  session: Session,
  live: LiveRun,
  found: Pick<MigrationOptions, 'resume' | 'acceptsLostRows'> & {
    tableExists: boolean;
    missing: readonly string[] | undefined;
  },
): Promise<Execution> {
  const { source, target } = prepared;
  const { driver } = target;
  const { lockAttempts } = settingsOf(context, target.environment);
  const started = driver.journal.runStarted(journalRun(context, prepared, session, live, found.resume));
  const journal = await tryForLocks({ lockAttempts, signal: live.signal, emit: live.emit }, (attempt) =>
    openTables(prepared, session, live, started, attempt === 1 ? found : null),
  );
  const execution: Execution = {
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
    lockAttempts,
    signal: live.signal,
    acceptsLostRows: found.acceptsLostRows,
    redact: (text) => redact(text, null),
    resume: found.resume?.start ?? null,
    emit: live.emit,
    expectedState: expectedStates(prepared.rehearsal),
  };
  await note(execution, runNote(prepared, session, found.resume), false);
  return execution;
}

/** The history table and the journal, created where they are missing. `found`: what is there; null: look again. */
async function openTables(
  { plan, source, target }: PreparedPlan,
  session: Session,
  live: LiveRun,
  started: readonly string[],
  found: { readonly tableExists: boolean; readonly missing: readonly string[] | undefined } | null,
): Promise<JournalTables | null> {
  const tableExists = found?.tableExists ?? (await source.history.read(session)) !== null;
  // Where its own command runs everything, it makes its table as its version has it.
  const creation = tableExists || plan.steps.every(({ script }) => isHandedOver(script)) ? [] : source.history.create();
  const journal = await prepareJournal(
    target.driver.journal,
    session,
    live,
    [...creation, ...started],
    found === null ? await askMissing(target.driver.journal, session) : found.missing,
  );
  if (journal === null)
    await session.send(
      creation.map((sql) => ({ kind: 'control', sql })),
      silent,
    );
  return journal;
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

const journalRun = (
  context: Context,
  { plan, source }: PreparedPlan,
  session: Session,
  live: LiveRun,
  resume: Resuming | null,
): JournalRun => ({
  id: live.id,
  action: plan.direction,
  actor: context.host.user,
  host: context.host.hostName,
  process: String(context.host.process),
  fingerprint: plan.fingerprint,
  tool: plan.target.tool,
  historyTable: historyName(session, source),
  backend: session.identity.backend,
  versions: plan.steps.map((step) => step.version),
  resumes: resume?.run ?? null,
});

async function closeRun(
  context: Context,
  prepared: PreparedPlan,
  execution: Execution,
  report: ExecutionReport,
  live: LiveRun,
  before: Awaited<ReturnType<typeof soundnessOf>>,
): Promise<RunEnd> {
  const { plan, source, target } = prepared;
  const findings = await phase(live, 'verify', async () => {
    const unsound = newlyUnsound(before, await soundnessOf(target.driver, execution.session));
    for (const message of unsound) live.emit({ type: 'warning', message });
    return verifySteps(plan, report.steps, execution);
  });
  const end = endOf(target, report, findings, live);
  live.emit({ type: 'phaseStarted', phase: 'report' });
  const remembering = rememberSchema(context, prepared, execution.session, live);
  const closing = execution.journal?.runFinished(live.id, end.outcome) ?? [];
  try {
    const recorded = closing.map((sql) => execution.session.query(sql));
    // In this order on the wire, without waiting for each answer: the schema is read while the lock is held.
    await Promise.all([remembering, ...recorded, releaseLock(execution.session, source)]);
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
  const resumable = report.steps.some((step) => step.outcome === 'failed');
  const next = [
    ...(resumable ? [runCommandFor('resume', live.id, target)] : []),
    ...[commandFor('status', target), ...restoreNext(live.run()), `lockkeeper logs ${live.id}`],
  ];
  return { outcome, problem, next: problem === null ? [] : next };
}

/** What a run is about, for whoever reads this computer's journal without the workspace or the server. */
const runNote = ({ plan }: PreparedPlan, session: Session, resume: Resuming | null) => ({
  type: 'run',
  server: session.identity.id,
  backend: session.identity.backend,
  target: plan.target,
  steps: plan.steps.map(({ version, action, script, transactional }) => ({
    version,
    action,
    sha256: script.sha256,
    transactional,
  })),
  resumes: resume?.run ?? null,
});
