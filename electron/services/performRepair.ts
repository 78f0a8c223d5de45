/** Writes corrections into a history, with their journal rows, in one transaction that is looked at before it is committed. */
import type { Migration, Script } from '../../shared/model/migration.ts';
import type { Step } from '../../shared/model/plan.ts';
import type { StepOutcome } from '../../shared/model/run.ts';
import { assertNever, type Problem, ProblemError, raise } from '../../shared/problem.ts';
import { type Compared, isEffective, keyOf, versionOf } from '../engine/compare.ts';
import { historySha256 } from '../engine/plan.ts';
import { type JournalTables, MessageFault, type ServerFault, type Session } from '../engine/ports.ts';
import { commitSql } from '../engine/records.ts';
import { commandFor, commandWith } from './commandFor.ts';
import type { Context } from './context.ts';
import { writeConverted } from './convertFiles.ts';
import type { RunEnd } from './finishRun.ts';
import { closeHolder, holdLock, releaseLock } from './holdLock.ts';
import { rememberStatus } from './lastKnown.ts';
import { historyName } from './lockName.ts';
import { prepareJournal, silent } from './openExecution.ts';
import { requireSameServer } from './performMigration.ts';
import { phase } from './phase.ts';
import type { PreparedRepair } from './prepareRepair.ts';
import { asProblem } from './problems.ts';
import type { OpenSource } from './readSource.ts';
import { readComparison, statusOf } from './readStatus.ts';
import { writerOf } from './repairAbility.ts';
import type { RowChange } from './repairChanges.ts';
import type { LiveRun } from './runRegistry.ts';
import { type BackupChoice, takeBackup } from './takeBackup.ts';
import { openSession, watch } from './target.ts';

interface RepairOptions {
  readonly backup: BackupChoice | null;
  readonly reason: string;
}

/** @throws {ProblemError} for everything that left the history as it was */
export async function performRepair(
  context: Context,
  prepared: PreparedRepair,
  { backup, reason }: RepairOptions,
  live: LiveRun,
): Promise<RunEnd> {
  const { target, source } = prepared;
  const opened = await phase(live, 'prepare', () => openSession(context, target, false));
  const watching = watch(context, target, opened, live.emit);
  const { session } = watching;
  try {
    requireSameServer(prepared.server, session, target.environment.connection);
    await phase(live, 'lock', async () => {
      for (const one of heldSources(prepared)) await holdLock(context, session, one, live);
    });
    let tableExists = await requireSameHistory(prepared, session);
    if (backup !== null) {
      await takeBackup(context, target, session, live, backup);
      // It may take hours, in which a tool that has no lock can have migrated.
      tableExists = await requireSameHistory(prepared, session);
    }
    if (live.signal.aborted)
      raise({
        code: 'run.cancelled',
        message: 'Cancelled before anything was written.',
        hint: 'The same correction can be started again.',
      });
    const journal = await prepareJournal(target.driver.journal, session, live);
    const tables = tableExists ? [] : source.history.create();
    const sql = statementsFor(context, prepared, reason, journal, session, live);
    const lost = await phase(live, 'migrate', () =>
      withFiles(prepared, () => write(prepared, session, tables, sql, live)),
    );
    if (lost !== null) return { outcome: 'interrupted', problem: lost, next: nextSteps(prepared) };
    await finish(context, prepared, session, live);
    return { outcome: 'succeeded', problem: null, next: prepared.moved === null ? [] : nextSteps(prepared) };
  } catch (thrown) {
    throw asProblem(thrown instanceof MessageFault ? thrown.fault : thrown, target.environment.connection);
  } finally {
    await watching[Symbol.asyncDispose]();
    await closeHolder(session);
  }
}

/** Both histories are kept out of others' hands while one is made of the other. */
const heldSources = ({ source, moved }: PreparedRepair): readonly OpenSource[] =>
  moved === null ? [source] : [moved.from, source];

/** What fails takes the new files away again; after a lost commit they may be needed. */
async function withFiles<T>({ moved }: PreparedRepair, work: () => Promise<T>): Promise<T> {
  if (moved === null || moved.files === null) return work();
  const remove = await writeConverted(moved.files);
  try {
    return await work();
  } catch (thrown) {
    await remove();
    throw thrown;
  }
}

const nextSteps = ({ target, source, moved }: PreparedRepair): string[] =>
  moved === null ? [commandFor('verify', target)] : [commandWith('status', target, source)];

/** Tells whether the history table exists. */
async function requireSameHistory({ source, moved, historySha256: planned }: PreparedRepair, session: Session) {
  const entries = await source.history.read(session);
  const other = moved === null ? null : await moved.from.history.read(session);
  if (
    historySha256(entries ?? []) !== planned ||
    (moved !== null && historySha256(other ?? []) !== moved.fromHistorySha256)
  )
    raise({
      code: 'plan.stale',
      message: 'The history changed after the correction was shown: somebody else works on this database.',
      hint: 'Look at the status, then start anew.',
    });
  return entries !== null;
}

function statementsFor(
  context: Context,
  { changes, source, target, fingerprint, moved }: PreparedRepair,
  reason: string,
  journal: JournalTables | null,
  session: Session,
  live: LiveRun,
): string[] {
  const { dialect } = target.driver;
  const facts = { dialect, actor: context.host.user, runId: live.id, reason };
  const run = {
    id: live.id,
    action: live.run().action,
    actor: context.host.user,
    host: context.host.hostName,
    process: String(context.host.process),
    fingerprint,
    tool: source.tool.id,
    historyTable: historyName(session, source),
    backend: session.identity.backend,
    versions: changes.map(({ version }) => version),
    resumes: null,
    auditHead: context.workspace.audit.anchor(),
  };
  return [
    ...(journal?.runStarted(run) ?? []),
    ...changes.flatMap((change, index) => {
      const step = stepOf(change, index);
      const written = change.journalOnly
        ? []
        : (writerOf(source.history.repairs, change.action)?.({ ...facts, step }) ?? []);
      const known = moved?.facts.get(step.historyKey);
      const carried = known === undefined ? [] : (source.history.repairs?.carry?.({ ...facts, step }, known) ?? []);
      const action = change.action === 'updateChecksum' ? change.action : step.action;
      const noted = {
        runId: live.id,
        step: index,
        version: step.version,
        action,
        sha256: step.script.sha256,
        statements: 0,
      };
      return [...written, ...carried, ...(journal?.stepDone(noted) ?? [])];
    }),
    ...(journal?.runFinished(live.id, 'succeeded') ?? []),
  ];
}

/** Null when all is committed; a Problem when the connection was lost at the commit, so that nobody knows. */
async function write(
  prepared: PreparedRepair,
  session: Session,
  tables: readonly string[],
  sql: readonly string[],
  live: LiveRun,
): Promise<Problem | null> {
  const { control } = prepared.target.driver;
  // Elsewhere creating a table would end the transaction.
  const [before, within] = session.capabilities.transactionalDdl ? [[], tables] : [tables, []];
  const send = (statements: readonly string[]) =>
    session.send(
      statements.map((text) => ({ kind: 'control' as const, sql: text })),
      silent,
    );
  for (const index of prepared.changes.keys()) live.emit({ type: 'stepStarted', step: index });
  try {
    await send(before);
    await send([...control.begin, ...within, ...sql]);
    await requireEffect(prepared, session);
  } catch (thrown) {
    await send([control.rollback]).catch(() => undefined);
    finishSteps(prepared, live, 'rolledBack');
    throw thrown;
  }
  try {
    await send(commitSql({ session, control }));
  } catch (thrown) {
    if (!(thrown instanceof MessageFault && thrown.fault.kind === 'connectionLost')) throw thrown;
    finishSteps(prepared, live, 'unknown');
    return lostAtCommit(thrown.fault);
  }
  finishSteps(prepared, live, 'succeeded');
  return null;
}

/** What was written is read back before it counts. */
async function requireEffect({ source, changes, moved }: PreparedRepair, session: Session): Promise<void> {
  const { comparison } = await readComparison(source, session);
  const applied = comparison.rows.filter(({ entry }) => isEffective(entry)).map(keyOf);
  if (moved !== null && (applied.length !== moved.applied.size || applied.some((key) => !moved.applied.has(key))))
    throw new ProblemError({
      code: 'repair.failed',
      message: `The history table of ${source.tool.title} does not say what ${moved.from.tool.title}’s does after it was written.`,
      state: 'Everything was rolled back: both histories are as they were.',
      hint: 'Look at the table; a trigger or another program may hold it as it is.',
    });
  for (const change of changes) {
    const row = comparison.rows.find((one) => keyOf(one) === keyOf(change.row)) ?? null;
    if (!hasEffect(change, row))
      throw new ProblemError({
        code: 'repair.failed',
        message: `The history table did not take the correction of migration ${change.version}.`,
        state: 'Everything was rolled back: the history is as it was.',
        hint: 'Look at the entry in the history table; a trigger or another program may hold it as it is.',
      });
  }
}

function hasEffect({ action, journalOnly }: RowChange, row: Compared | null): boolean {
  if (journalOnly) return true;
  const entry = row?.entry ?? null;
  switch (action) {
    case 'updateChecksum':
      return row?.status === 'applied' || row?.status === 'baseline';
    case 'markApplied':
    case 'baseline':
    case 'force':
      return isEffective(entry);
    case 'markReverted':
      return entry === null || entry.state === 'reverted';
    case 'removeFailed':
      return entry?.state !== 'failed' && entry?.state !== 'executing';
    default:
      return assertNever(action);
  }
}

function finishSteps({ changes }: PreparedRepair, live: LiveRun, outcome: StepOutcome): void {
  for (const index of changes.keys())
    live.emit({
      type: 'stepFinished',
      step: index,
      outcome,
      durationMs: 0,
      statements: outcome === 'succeeded' ? 1 : 0,
      problem: null,
    });
}

const lostAtCommit = (fault: ServerFault): Problem => ({
  code: 'connect.lost',
  message: 'The connection was lost while the correction was committed.',
  state: 'It is not known whether the history was corrected; it was so in full, or not at all.',
  hint: 'Check the network and the server, then verify the history.',
  serverMessage: fault.message,
});

async function finish(context: Context, prepared: PreparedRepair, session: Session, live: LiveRun): Promise<void> {
  const { source, target, moved } = prepared;
  live.emit({ type: 'phaseStarted', phase: 'report' });
  try {
    for (const one of heldSources(prepared)) await releaseLock(session, one);
    // The environment goes on with the tool that it names.
    if (target.environment.id !== '' && moved === null)
      rememberStatus(context, target, await statusOf(context, target, source, session));
  } catch (thrown) {
    // The correction is committed; the lock is freed with the session.
    live.emit({
      type: 'warning',
      message: `The status could not be read afterwards: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    });
  }
  live.emit({ type: 'phaseFinished', phase: 'report' });
}

/** A history is written as by a step, of which nothing is run. */
function stepOf({ row, version, name, action }: RowChange, index: number): Step {
  const migration = row.migration ?? withoutFile(row);
  return {
    index,
    version,
    historyKey: keyOf(row),
    name,
    action: action === 'markReverted' || action === 'removeFailed' ? 'revert' : 'apply',
    script: migration.up,
    checksum: migration.checksum,
    transactional: true,
    ownTransactions: false,
    batched: [],
    placeholders: {},
    statements: 0,
    reversible: migration.down !== null,
    hazards: [],
    tables: [],
    estimate: null,
    migration,
  };
}

/** What the history alone tells of a migration whose file is gone. */
function withoutFile(row: Compared): Migration {
  const up: Script = { kind: 'text', path: keyOf(row), line: 1, text: '', sha256: '', bytes: 0 };
  return {
    version: versionOf(row),
    historyKey: keyOf(row),
    name: row.entry?.name ?? '',
    kind: 'versioned',
    up,
    down: null,
    verify: null,
    checksum: row.entry?.checksum ?? null,
    transaction: { up: true, down: true },
    metadata: {},
  };
}
