/** Opens what a run needs in its database: the history table, the journal, and this run's rows in it. */
import { note } from '../engine/clientNotes.ts';
import type { Execution } from '../engine/execute.ts';
import { isHandedOver } from '../engine/handOver.ts';
import { tryForLocks } from '../engine/lockRetry.ts';
import {
  type JournalRun,
  type JournalTables,
  type MessageObserver,
  ServerFault,
  type Session,
} from '../engine/ports.ts';
import type { StartAt } from '../engine/startAt.ts';
import { tableIsMade } from '../tools/common/historyRows.ts';
import type { Context } from './context.ts';
import { executionParts } from './executionParts.ts';
import { historyName } from './lockName.ts';
import { createOnlineAlter } from './onlineAlter/index.ts';
import type { PreparedPlan } from './planMigration.ts';
import { expectedStates } from './rehearsalOf.ts';
import type { LiveRun } from './runRegistry.ts';
import { settingsOf } from './settingsOf.ts';

/** Where an interrupted run is gone on with, and what its journal told when that was decided. */
export interface Resuming {
  readonly run: string;
  /** Null: its steps begin at their beginning. */
  readonly start: StartAt | null;
  readonly journal: string;
}

export const silent: MessageObserver = { completed: () => undefined, notice: () => undefined };

export interface Opening {
  readonly resume: Resuming | null;
  readonly acceptsLostRows: boolean;
  /** Of the history table, under the lock. */
  readonly tableExists: boolean;
  /** What the journal lacks; undefined: that may not be asked. */
  readonly missing: readonly string[] | undefined;
}

export async function openExecution(
  context: Context,
  prepared: PreparedPlan,
  session: Session,
  live: LiveRun,
  found: Opening,
): Promise<Execution> {
  const { source, target } = prepared;
  const { driver } = target;
  const { lockAttempts, onlineAlter } = settingsOf(context, target.environment);
  const started = driver.journal.runStarted(journalRun(context, prepared, session, live, found.resume));
  const journal = await tryForLocks({ lockAttempts, signal: live.signal, emit: live.emit }, (attempt) =>
    openTables(prepared, session, live, started, attempt === 1 ? found : null),
  );
  tableIsMade(session, source.history.table);
  const execution: Execution = {
    runId: live.id,
    ...executionParts(context, target, source, session),
    journal,
    clientJournal: context.workspace.clientJournal(live.id),
    lockAttempts,
    signal: live.signal,
    acceptsLostRows: found.acceptsLostRows,
    resume: found.resume?.start ?? null,
    emit: live.emit,
    expectedState: expectedStates(prepared.rehearsal),
    ...(onlineAlter.program === 'none' ? {} : { onlineAlter: createOnlineAlter(target, onlineAlter) }),
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
  found: Pick<Opening, 'tableExists' | 'missing'> | null,
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
export async function askMissing(journal: JournalTables, session: Session): Promise<readonly string[] | undefined> {
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
  auditHead: context.workspace.audit.anchor(),
});

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
