/** Brings journal and history to agree with what was found out, in one transaction; tells the audit and the run's log. */
import type { Step } from '../../shared/model/plan.ts';
import type { StepFinding } from '../../shared/model/reconcile.ts';
import type { Run, RunEvent, StepOutcome } from '../../shared/model/run.ts';
import type { JournaledRun, JournalRow, MessageObserver, ReconciledStep, Session } from '../engine/ports.ts';
import { commitSql, writeHistory } from '../engine/records.ts';
import type { Context } from './context.ts';
import { historyName } from './lockName.ts';
import type { OpenSource } from './readSource.ts';
import { audit, outcomeOf, type ReconcileRequest } from './reconcileRequest.ts';
import { addEvents } from './settleRun.ts';
import type { TargetDatabase } from './target.ts';

const silent: MessageObserver = { completed: () => undefined, notice: () => undefined };

interface Found {
  readonly target: TargetDatabase;
  readonly source: OpenSource;
  readonly session: Session;
  readonly local: Run | null;
  readonly journaled: JournaledRun | null;
  readonly rows: readonly JournalRow[];
  readonly findings: readonly StepFinding[];
  readonly plans: ReadonlyMap<string, Step>;
  /** Of the reconciling itself, which fences whoever slept. */
  readonly runId: string;
  readonly reason: string | null;
}

/** The findings as they are afterwards: a step of which only the history was missing is done. */
export async function recordFindings(
  context: Context,
  found: Found,
  request: ReconcileRequest,
): Promise<readonly StepFinding[]> {
  const findings = found.findings.map((finding) => withHistory(finding, found));
  const sql = found.journaled === null ? [] : statementsFor(context, found, findings, request);
  if (sql.length > 0) await send(found, sql);
  await tell(context, found, findings, request);
  return findings;
}

/** All its statements are done, and its file is at hand: the history row is written now. */
function withHistory(finding: StepFinding, { plans, rows }: Found): StepFinding {
  const { verdict, version, step } = finding;
  const complete =
    verdict.kind === 'partly' &&
    verdict.at.statement >= finding.statements &&
    verdict.cleanup.length === 0 &&
    plans.has(version) &&
    rows.find((row) => row.step === step)?.sha256 === plans.get(version)?.script.sha256;
  return complete ? { ...finding, verdict: { kind: 'done' } } : finding;
}

function statementsFor(
  context: Context,
  found: Found,
  findings: readonly StepFinding[],
  { answer }: ReconcileRequest,
): string[] {
  const { target, source, session, journaled, runId } = found;
  const { journal } = target.driver;
  const open = findings.flatMap((finding, index) =>
    answer === null && isKnown(finding, found)
      ? []
      : statementsOf(context, found, finding, found.findings[index] ?? finding),
  );
  const outcome = outcomeOf(findings);
  const undecided = findings.some(({ verdict }) => verdict.kind === 'unknown' || verdict.kind === 'stillRunning');
  if (open.length === 0 && journaled?.outcome === outcome) return [];
  return [
    ...journal.runStarted({
      id: runId,
      action: 'reconcile',
      actor: context.host.user,
      host: context.host.hostName,
      process: String(context.host.process),
      fingerprint: '',
      tool: source.tool.id,
      historyTable: historyName(session, source),
      backend: session.identity.backend,
      versions: findings.map(({ version }) => version),
      resumes: found.journaled?.id ?? null,
      auditHead: context.workspace.audit.anchor(),
    }),
    ...open,
    ...(undecided ? [] : journal.runFinished(found.journaled?.id ?? '', outcome)),
    ...journal.runFinished(runId, 'succeeded'),
  ];
}

/** Half done, as it was recorded when it failed, or at an earlier look: the first error stays, in the tool's table, too. */
function isKnown({ step, verdict }: StepFinding, { rows }: Found): boolean {
  const row = rows.find((one) => one.step === step);
  if (verdict.kind !== 'partly' || row === undefined) return false;
  const isThere = row.statement === verdict.at.statement && row.part === verdict.at.part;
  return row.state === 'failed' || (row.note !== null && row.sending === 'together' && isThere);
}

function statementsOf(context: Context, found: Found, finding: StepFinding, before: StepFinding): string[] {
  const { target, source, rows, plans } = found;
  const row = rows.find(({ step }) => step === finding.step);
  if (row === undefined || row.state === 'done') return [];
  const settled = settledAs(finding);
  if (settled === null) return [];
  const { driver } = target;
  const step = plans.get(finding.version);
  const writing = {
    dialect: driver.dialect,
    actor: context.host.user,
    runId: found.journaled?.id ?? '',
    history: source.history,
  };
  const needsHistory = finding.verdict.kind === 'done' && before.verdict.kind === 'partly' && step !== undefined;
  return [
    ...(needsHistory ? [driver.dialect.startTimer, ...writeHistory(step, writing)].filter(Boolean) : []),
    ...(step === undefined ? [] : settleEntry(finding, step, source, writing)),
    ...driver.journal.stepReconciled(found.journaled?.id ?? '', finding.step, settled),
  ];
}

/** The tool's own table tells what its own program has to know: that it must not go on, or that nothing was begun. */
function settleEntry(
  { verdict }: StepFinding,
  step: Step,
  { history }: OpenSource,
  writing: Parameters<typeof writeHistory>[1],
): string[] {
  const write = { ...writing, step };
  if (verdict.kind === 'partly') return history.failed?.(write, 'Interrupted; to be resumed by Lockkeeper.') ?? [];
  const hasBegun = (history.started?.(write) ?? []).length > 0;
  if (verdict.kind !== 'notDone' || !hasBegun) return [];
  const takeBack = step.action === 'apply' ? history.repairs?.removeFailed : history.repairs?.markApplied;
  return takeBack?.({ ...write, reason: 'reconciled' }) ?? [];
}

function settledAs({ verdict, evidence }: StepFinding): ReconciledStep | null {
  const beginning = { statement: 0, part: null };
  switch (verdict.kind) {
    case 'done':
      return { state: 'done', at: beginning, note: `By reconciliation: ${evidence}` };
    case 'notDone':
      return { state: 'notDone', at: beginning, note: `By reconciliation: ${evidence}` };
    case 'partly':
      return { state: 'open', at: verdict.at, note: `By reconciliation: ${evidence}` };
    default:
      return null;
  }
}

async function send({ target, session }: Found, sql: readonly string[]): Promise<void> {
  const { control } = target.driver;
  const all = [...control.begin, ...sql, ...commitSql({ session, control })];
  try {
    await session.send(
      all.map((text) => ({ kind: 'control' as const, sql: text })),
      silent,
    );
  } catch (thrown) {
    await session.send([{ kind: 'control', sql: control.rollback }], silent).catch(() => undefined);
    throw thrown;
  }
}

async function tell(
  context: Context,
  found: Found,
  findings: readonly StepFinding[],
  { run, answer, reason }: ReconcileRequest,
): Promise<void> {
  audit(context, found.target, run, 'reconcile', {
    steps: findings.map(({ version, verdict, evidence }) => [version, verdict.kind, evidence]),
    answer,
    reason,
  });
  if (found.local === null) return;
  const events = findings.flatMap((finding) => eventOf(finding, found.local));
  const outcome = outcomeOf(findings);
  if (events.length === 0 && found.local.outcome === outcome) return;
  await addEvents(context, run, [
    ...events,
    { type: 'runFinished', outcome, problem: outcome === 'succeeded' ? null : (found.local.problem ?? null), next: [] },
  ]);
}

const outcomes: Readonly<Record<StepFinding['verdict']['kind'], StepOutcome>> = {
  done: 'succeeded',
  notDone: 'notExecuted',
  partly: 'failed',
  stillRunning: 'unknown',
  unknown: 'unknown',
};

function eventOf({ step, verdict }: StepFinding, run: Run | null): RunEvent[] {
  const known = run?.steps[step];
  const outcome = outcomes[verdict.kind];
  const settled = known?.outcome === outcome || (verdict.kind === 'notDone' && known?.outcome === 'rolledBack');
  if (known === undefined || settled) return [];
  const statements = verdict.kind === 'done' ? known.statements : 'at' in verdict ? verdict.at.statement : 0;
  return [
    {
      type: 'stepFinished',
      step,
      outcome,
      durationMs: known.durationMs ?? 0,
      statements,
      problem: verdict.kind === 'done' ? null : known.problem,
    },
  ];
}
