/** Verifies what a run has left, records its end, and frees its lock. */
import type { RunOutcome } from '../../shared/model/run.ts';
import type { Problem } from '../../shared/problem.ts';
import type { Execution, ExecutionReport } from '../engine/execute.ts';
import type { Session } from '../engine/ports.ts';
import { verifySteps } from '../engine/verify.ts';
import { askTogether } from './askTogether.ts';
import { commandFor } from './commandFor.ts';
import type { Context } from './context.ts';
import { type RunEnd, restoreNext } from './finishRun.ts';
import { isOneQuestion, releaseLock } from './holdLock.ts';
import { rememberStatus } from './lastKnown.ts';
import { phase } from './phase.ts';
import type { PreparedPlan } from './planMigration.ts';
import { statusOf } from './readStatus.ts';
import { runCommandFor } from './runCommand.ts';
import type { LiveRun } from './runRegistry.ts';
import { recordSnapshot } from './schemaSnapshots.ts';
import { newlyUnsound, soundnessOf } from './soundness.ts';
import type { TargetDatabase } from './target.ts';

type Soundness = Awaited<ReturnType<typeof soundnessOf>>;

/** `before`: what was unsound already. */
export async function closeRun(
  context: Context,
  prepared: PreparedPlan,
  execution: Execution,
  report: ExecutionReport,
  live: LiveRun,
  before: Soundness,
): Promise<RunEnd> {
  const { plan, source, target } = prepared;
  const findings = await phase(live, 'verify', () => verifySteps(plan, report.steps, execution));
  const end = endOf(target, report, findings, live);
  live.emit({ type: 'phaseStarted', phase: 'report' });
  const { session } = execution;
  // In this order on the wire, without waiting for each answer: the schema is read while the lock is held.
  const told = [warnOfUnsound(target, session, live, before), rememberSchema(context, prepared, session, live)];
  const closing = execution.journal?.runFinished(live.id, end.outcome) ?? [];
  try {
    const ending = askTogether([...told, ...closing.map((sql) => session.query(sql)), releaseLock(session, source)]);
    if (!isOneQuestion(session, source)) await ending;
    const status = target.environment.id === '' ? null : statusOf(context, target, source, session);
    await askTogether([ending, status]);
    if (status !== null) rememberStatus(context, target, await status);
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

async function warnOfUnsound({ driver }: TargetDatabase, session: Session, live: LiveRun, before: Soundness) {
  for (const message of newlyUnsound(before, await soundnessOf(driver, session)))
    live.emit({ type: 'warning', message });
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
