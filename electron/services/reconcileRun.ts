/** What became of an interrupted run, found out from evidence and written down; nothing is resumed by it. */
import { setTimeout as delay } from 'node:timers/promises';
import { ulid } from 'ulid';
import type { LockInfo } from '../../shared/model/lock.ts';
import type { Step } from '../../shared/model/plan.ts';
import type { OrphanView, Reconciliation, StepFinding } from '../../shared/model/reconcile.ts';
import type { Run } from '../../shared/model/run.ts';
import { nothingChanged, type Problem, raise } from '../../shared/problem.ts';
import { type Compared, isEffective, versionOf } from '../engine/compare.ts';
import type { JournaledRun, JournalRow, Session } from '../engine/ports.ts';
import type { Context } from './context.ts';
import { clientEvidence, type KnownStep, knownSteps, localRun, targetOfRun } from './findRun.ts';
import { findOut } from './gatherEvidence.ts';
import { holdLock, releaseLock } from './holdLock.ts';
import { historyName, lockName } from './lockName.ts';
import { type PreparedPlan, planChosen } from './planMigration.ts';
import { asProblem } from './problems.ts';
import { type OpenSource, readSource } from './readSource.ts';
import { readComparison } from './readStatus.ts';
import { offersFor } from './reconcileOffers.ts';
import { audit, outcomeOf, type ReconcileRequest } from './reconcileRequest.ts';

export type { ReconcileRequest } from './reconcileRequest.ts';

import { recordFindings } from './recordFindings.ts';
import { runCommandFor } from './runCommand.ts';
import { selectRemaining } from './selectRemaining.ts';
import { openSession, resolveTarget, type TargetDatabase } from './target.ts';
import { readLatest } from './unsettled.ts';

/** What was found out, with all that going on needs. */
export interface Reconciled {
  readonly view: Reconciliation;
  readonly target: TargetDatabase;
  readonly source: OpenSource;
  readonly rows: readonly JournalRow[];
  readonly steps: readonly KnownStep[];
}

const never = new AbortController().signal;
/** Milliseconds between two looks at a session that is still at work. */
const pollMs = 250;

/** @throws {ProblemError} `run.notFound`, `lock.held`, `gate.reason`, and of connecting */
export async function reconcileRun(context: Context, request: ReconcileRequest): Promise<Reconciliation> {
  return (await reconcileAll(context, request)).view;
}

export async function reconcileAll(context: Context, request: ReconcileRequest): Promise<Reconciled> {
  if (request.answer !== null && (request.reason ?? '').trim() === '') raise(reasonNeeded);
  const local = await localRun(context, request.run);
  if (context.runs.active().some(({ id }) => id === request.run)) raise(stillActive(request.run));
  const target = await resolveTarget(context, targetOfRun(context, request.run, local, request.target));
  const source = await readSource(target);
  const session = await openSession(context, target, request.readOnly === true);
  try {
    return await withRun(context, request, { target, source, session, local, backend: null });
  } catch (thrown) {
    throw asProblem(thrown, target.environment.connection);
  } finally {
    await session.close();
  }
}

/**
 * The same for a run of this process whose connection was lost: takes no lock, writes nothing. `backend`: of its session,
 * which may be known here only.
 */
export async function inspectRun(
  context: Context,
  run: Run,
  { target, source }: Pick<Opened, 'target' | 'source'>,
  backend: string,
): Promise<Reconciliation> {
  const session = await openSession(context, target, true);
  const request: ReconcileRequest = {
    run: run.id,
    target: null,
    orphan: 'tell',
    answer: null,
    reason: null,
    readOnly: true,
  };
  try {
    return (await withRun(context, request, { target, source, session, local: run, backend })).view;
  } finally {
    await session.close();
  }
}

interface Opened {
  readonly target: TargetDatabase;
  readonly source: OpenSource;
  readonly session: Session;
  readonly local: Run | null;
  /** Of the interrupted session, where the journal may not tell it. */
  readonly backend: string | null;
}

async function withRun(context: Context, request: ReconcileRequest, opened: Opened): Promise<Reconciled> {
  const { target, source, session, local } = opened;
  const journaled = await target.driver.journal.readRun(session, request.run);
  if (journaled === null && local === null) raise(unknownRun(request.run, target));
  requireSameHistory(journaled, session, source);
  const orphan = await dealWithOrphan(context, request, opened, journaled);
  if (orphan !== null || request.readOnly === true)
    return describe(context, request, opened, journaled, { orphan, recorded: false });
  await holdLock(context, session, source, { signal: request.signal ?? never, emit: () => undefined });
  try {
    const found = await describe(context, request, opened, journaled, { orphan: null, recorded: true });
    return found;
  } finally {
    await releaseLock(session, source);
  }
}

/** Null: it is gone, so that what it did is settled. */
async function dealWithOrphan(
  context: Context,
  { run, orphan: wish, signal, reason }: ReconcileRequest,
  { target, session, backend: known }: Opened,
  journaled: JournaledRun | null,
): Promise<OrphanView | null> {
  const backend = journaled?.backend ?? known;
  if (backend === null) return null;
  const { aftermath } = target.driver;
  const find = () => aftermath.findSession(session, backend);
  let found = await find();
  if (found !== null && wish === 'cancel') {
    audit(context, target, run, 'orphan ended', { session: found.id, statement: found.statement, reason });
    await aftermath.endSession(session, backend);
  }
  while (found !== null && wish !== 'tell' && signal?.aborted !== true) {
    await delay(pollMs);
    found = await find();
  }
  return found === null ? null : { session: found.id, statement: found.statement, ageMs: found.ageMs };
}

async function describe(
  context: Context,
  request: ReconcileRequest,
  opened: Opened,
  journaled: JournaledRun | null,
  { orphan, recorded }: { readonly orphan: OrphanView | null; readonly recorded: boolean },
): Promise<Reconciled> {
  const { target, source, session, local } = opened;
  const rows = await target.driver.journal.readSteps(session, request.run);
  const known = knownSteps(local, journaled, rows);
  const { comparison } = await readComparison(source, session);
  const plans = await planUnfinished(context, opened, known, rows);
  const clients = await clientEvidence(context, request.run);
  const halves = await halfApplied(opened, journaled);
  const findings: StepFinding[] = [];
  for (const step of known) {
    const row = rows.find((one) => one.step === step.index) ?? null;
    findings.push(
      await findOut({
        ...{ target, source, session, known: step, row },
        journaled: journaled !== null,
        client: clients.get(step.index) ?? null,
        step: plans.get(step.version) ?? null,
        inHistory: isInHistory(comparison.rows, step, row) && !(step.action === 'revert' && halves.has(step.version)),
        stillRunning: orphan !== null,
        answer: request.answer,
      }),
    );
  }
  const settled = recorded
    ? await recordFindings(
        context,
        { ...opened, journaled, rows, findings, plans, runId: ulid(), reason: request.reason },
        request,
      )
    : findings;
  const after = recorded ? await target.driver.journal.readSteps(session, request.run) : rows;
  const lock = recorded ? { held: false, holder: null } : await session.lockInfo(lockName(session, source));
  const view = viewOf(opened, journaled, request.run, settled, { lock, orphan, recorded });
  return { view: { ...view, offers: offersFor(view, opened, plans) }, target, source, rows: after, steps: known };
}

/** Steps as the files have them now; of those that are not there nothing can be planned. */
async function planUnfinished(
  context: Context,
  { target, source, session }: Opened,
  known: readonly KnownStep[],
  rows: readonly JournalRow[],
): Promise<ReadonlyMap<string, Step>> {
  const open = known.filter(({ index }) => rows.find(({ step }) => step === index)?.state !== 'done');
  const [first] = open;
  if (first === undefined || (first.action !== 'apply' && first.action !== 'revert')) return new Map();
  const prepared: PreparedPlan = await planChosen(
    context,
    { target, source, session, accept: [] },
    {
      wanted: { direction: first.action === 'apply' ? 'up' : 'down' },
      choose: (comparison) => selectRemaining(comparison, open, 'all'),
    },
  );
  return new Map(prepared.plan.steps.map((step) => [step.version, step]));
}

/**
 * Versions of the runs before that it goes on with: applied half-way, they never came into the history. The journal
 * tells when one of them was rolled back.
 */
async function halfApplied(opened: Opened, run: JournaledRun | null): Promise<ReadonlySet<string>> {
  const { target, session } = opened;
  const { journal } = target.driver;
  const found = new Set<string>();
  for (let id = run?.resumes ?? null; id !== null; id = (await journal.readRun(session, id))?.resumes ?? null)
    for (const { version, action, state } of await journal.readSteps(session, id))
      if (action === 'apply' && state !== 'done') found.add(version);
  if (found.size === 0) return found;
  for (const { version, action, state } of await readLatest(opened))
    if (action === 'revert' && state === 'done') found.delete(version);
  return found;
}

/**
 * Is it there as the step would leave it? Of what was applied before and is applied again the checksum tells; of what is
 * applied each time nothing in the history does, but the journal, which is written with it.
 */
function isInHistory(rows: readonly Compared[], { version, action }: KnownStep, row: JournalRow | null): boolean {
  const found = rows.find((one) => versionOf(one) === version);
  // A rollback that was begun, or failed, has an entry of its own in some tables.
  const isGone = (found?.entry ?? null) === null || found?.entry?.state === 'reverted';
  if (action === 'revert') return isGone && (row?.state === 'done' || !rows.some(isBegun));
  if (found?.migration?.runAlways === true) return row?.state === 'done';
  return isEffective(found?.entry) && found?.status !== 'outdated';
}

/** A table that holds one position says by it that something goes on, on whichever version. */
const isBegun = ({ entry }: Compared): boolean => entry?.state === 'executing';

function viewOf(
  { target, local }: Opened,
  journaled: JournaledRun | null,
  run: string,
  steps: readonly StepFinding[],
  {
    lock,
    orphan,
    recorded,
  }: { readonly lock: LockInfo; readonly orphan: OrphanView | null; readonly recorded: boolean },
): Omit<Reconciliation, 'offers'> {
  const facts = local ?? journaled;
  return {
    run,
    environment: target.environment.name,
    action: facts?.action ?? '',
    actor: facts?.actor ?? '',
    host: facts?.host ?? '',
    startedAt: facts?.startedAt ?? '',
    outcome: orphan === null ? outcomeOf(steps) : null,
    lock,
    orphan,
    steps,
    contradictions: steps.flatMap(({ version, contradictions }) => contradictions.map((one) => `${version}: ${one}`)),
    problem: problemOf(run, steps, orphan, target),
    recorded,
  };
}

function problemOf(
  run: string,
  steps: readonly StepFinding[],
  orphan: OrphanView | null,
  target: TargetDatabase,
): Problem | null {
  if (orphan !== null) return orphanAtWork(run, orphan, target);
  const unknown = steps.find(({ verdict }) => verdict.kind === 'unknown');
  return unknown === undefined ? null : undecided(run, unknown, target);
}

const orphanAtWork = (run: string, orphan: OrphanView, target: TargetDatabase): Problem => ({
  code: 'run.unknown',
  message:
    orphan.statement === null
      ? `The session of run ${run} (${orphan.session}) is still open on the server.`
      : `The server still works on a statement of run ${run}, in session ${orphan.session}.`,
  state: 'What that session has not committed is undecided until it ends; it holds the lock.',
  hint: `Wait for it: ${runCommandFor('reconcile', run, target, '--wait')} — or end it, which undoes that statement: ${runCommandFor('reconcile', run, target, '--cancel')}`,
});

const undecided = (run: string, { version, statement, verdict }: StepFinding, target: TargetDatabase): Problem => ({
  code: 'run.unknown',
  ...(verdict.kind === 'unknown' && verdict.until !== undefined
    ? {
        message: `Nothing tells which of the statements${statement === null ? '' : ` from line ${statement.line} on`} took effect that migration ${version} ran while it held locks on tables.`,
        state: `Everything before them is done, and nothing from statement ${verdict.until + 1} on. They count as done, or not, together.`,
      }
    : {
        message: `Nothing tells whether ${statement === null ? 'a statement' : `the statement at line ${statement.line}`} of migration ${version} took effect.`,
        state: 'Everything before that statement is done, and nothing after it.',
      }),
  hint: `Look at the database, then say it: ${runCommandFor('reconcile', run, target, '--statement-done --reason "…"')} — or --statement-not-done`,
});

function requireSameHistory(journaled: JournaledRun | null, session: Session, source: OpenSource): void {
  const here = historyName(session, source);
  if (journaled !== null && journaled.historyTable !== here)
    raise({
      code: 'usage.invalid',
      message: `The run ${journaled.id} was on the history ${journaled.historyTable}, not on ${here}.`,
      hint: `Name the folder and the history of that run: --source, --tool ${journaled.tool}, --history-table ${journaled.historyTable}.`,
    });
}

const reasonNeeded = {
  code: 'gate.reason',
  message: 'Whoever says what became of a statement gives a reason.',
  hint: 'Give one with --reason "…"; it is kept in the audit.',
} as const;

const stillActive = (run: string) =>
  ({
    code: 'lock.held',
    message: `The run ${run} still goes on.`,
    hint: 'Wait for its end, or cancel it.',
  }) as const;

const unknownRun = (run: string, { environment }: TargetDatabase) =>
  ({
    code: 'run.notFound',
    message: `Neither this workspace nor the journal of ${environment.name} knows a run ${run}.`,
    state: nothingChanged,
    hint: 'List the runs: lockkeeper run list',
  }) as const;
