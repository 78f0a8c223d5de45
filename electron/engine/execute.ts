/** Plan × ports → events and an outcome for every step. Everything it sends to the server passes through here. */
import type { Plan, Step } from '../../shared/model/plan.ts';
import type { RunEvent, RunOutcome, StepOutcome } from '../../shared/model/run.ts';
import { type Problem, problemFrom } from '../../shared/problem.ts';
import { applyStatementwise } from './applyStatementwise.ts';
import { applyTransactional } from './applyTransactional.ts';
import { note } from './clientNotes.ts';
import { decide, recordUnrun } from './condition.ts';
import { describeFailure } from './failure.ts';
import { SendFailure } from './message.ts';
import {
  type Capabilities,
  type ClientJournal,
  type Clock,
  type Dialect,
  type HistoryTable,
  type JournalTables,
  type OnlineAlter,
  type ProgramRunner,
  ServerFault,
  type Session,
  type SqlText,
  type StepControl,
} from './ports.ts';
import { createProgress, type Progress } from './progress.ts';
import { rollBack } from './records.ts';
import type { ScriptPieces } from './scriptPieces.ts';
import type { StartAt } from './startAt.ts';
import { StepFailure } from './stepFailure.ts';

/** What executing needs; one value so that a step's functions can share it. */
export interface Execution {
  readonly runId: string;
  readonly actor: string;
  readonly session: Session;
  readonly capabilities: Capabilities;
  readonly dialect: Dialect;
  readonly control: StepControl;
  readonly sql: SqlText;
  readonly pieces: ScriptPieces;
  readonly programs: ProgramRunner;
  readonly history: HistoryTable;
  /** Null: no right to create it; only the client's journal remains. */
  readonly journal: JournalTables | null;
  readonly clientJournal: ClientJournal;
  readonly clock: Clock;
  /** How often what waited too long for a lock is tried, the first time included. */
  readonly lockAttempts: number;
  readonly signal: AbortSignal;
  /** A person accepted that rows are lost. */
  readonly acceptsLostRows: boolean;
  /** Where an interrupted step goes on; null: every step begins at its beginning. */
  readonly resume: StartAt | null;
  /** For statements that the plan hands over; absent: the server changes every table, as on a copy. */
  readonly onlineAlter?: OnlineAlter;
  /** As `Announcement.expected`; absent: there was no rehearsal. */
  expectedState?(step: Step, statement: number, part: number | null): string | null;
  /** Of words that the database keeps of a statement or a server's answer: the same without passwords. */
  redact(text: string): string;
  emit(event: RunEvent): void;
}

export interface StepReport {
  readonly outcome: StepOutcome;
  readonly problem: Problem | null;
}

export interface ExecutionReport {
  readonly outcome: RunOutcome;
  readonly problem: Problem | null;
  readonly steps: readonly StepReport[];
}

/**
 * Runs the steps of a plan in order on one session that already holds the lock. Never throws for anything
 * that a script, the server or the network does: that becomes an outcome.
 */
export async function execute(
  plan: Plan,
  execution: Execution,
  options: { continueOnError: boolean },
): Promise<ExecutionReport> {
  const reports: StepReport[] = [];
  let stopped = false;
  for (const step of plan.steps) {
    stopped ||= execution.signal.aborted;
    const report: StepReport = stopped ? skip(step, execution) : await runStep(step, execution);
    reports.push(report);
    const failed = report.problem !== null;
    const mustStop = report.outcome === 'unknown' || report.problem?.code === 'lock.lost';
    stopped ||= mustStop || (failed && !options.continueOnError);
  }
  return summarise(reports, execution.signal.aborted);
}

const notExecuted: StepReport = { outcome: 'notExecuted', problem: null };

function skip(step: Step, execution: Execution): StepReport {
  execution.emit({ type: 'stepFinished', step: step.index, ...notExecuted, durationMs: 0, statements: 0 });
  return notExecuted;
}

async function runStep(step: Step, execution: Execution): Promise<StepReport> {
  const startedAt = execution.clock.elapsed();
  const progress = createProgress(step, execution);
  execution.emit({ type: 'stepStarted', step: step.index });
  let report: StepReport = { outcome: 'succeeded', problem: null };
  const stopOnAbort = () => void execution.session.cancel().catch(() => undefined);
  execution.signal.addEventListener('abort', stopOnAbort, { once: true });
  try {
    await requireLock(execution);
    const decision = await decide(step, execution);
    if (decision === 'run') await applyScript(step, execution, progress);
    else if (decision === 'record') await recordUnrun(step, execution);
    else report = notExecuted;
  } catch (thrown) {
    report =
      thrown instanceof StepFailure
        ? { outcome: thrown.outcome, problem: describeFailure(thrown, step, execution.signal.aborted) }
        : await ownFailure(thrown, step, execution);
  } finally {
    execution.signal.removeEventListener('abort', stopOnAbort);
    progress.end();
  }
  await note(
    execution,
    // The code alone: words of a server or program, which may hold secrets, are only told where they are redacted.
    { type: 'stepOutcome', step: step.index, outcome: report.outcome, problem: report.problem?.code ?? null },
    !step.transactional,
  );
  execution.emit({
    type: 'stepFinished',
    step: step.index,
    ...report,
    durationMs: Math.round(execution.clock.elapsed() - startedAt),
    statements: progress.done(),
  });
  return report;
}

async function applyScript(step: Step, execution: Execution, progress: Progress): Promise<void> {
  await note(
    execution,
    {
      type: 'stepIntent',
      step: step.index,
      version: step.version,
      action: step.action,
      sha256: step.script.sha256,
      transactional: step.transactional,
    },
    !step.transactional,
  );
  await (step.transactional ? applyTransactional : applyStatementwise)(step, execution, progress);
}

/** A script before may have freed the lock. @throws {StepFailure} before anything of the step has run */
async function requireLock({ session }: Execution): Promise<void> {
  try {
    await session.confirmLocks(false);
  } catch (thrown) {
    if (!(thrown instanceof ServerFault)) throw thrown;
    throw new StepFailure('rolledBack', new SendFailure(null, thrown));
  }
}

/** A fault of ours, of which nobody knows what was sent before it. Every step after it is told as not executed. */
async function ownFailure(thrown: unknown, step: Step, execution: Execution): Promise<StepReport> {
  const undone = await rollBack(execution).catch(() => false);
  const problem = problemFrom(thrown);
  return { outcome: step.transactional && undone ? 'rolledBack' : 'unknown', problem };
}

function summarise(steps: readonly StepReport[], aborted: boolean): ExecutionReport {
  const problem = steps.find((step) => step.problem !== null)?.problem ?? null;
  const unknown = steps.find((step) => step.outcome === 'unknown');
  if (unknown !== undefined) return { outcome: 'interrupted', problem: unknown.problem, steps };
  if (aborted && steps.some((step) => step.outcome !== 'succeeded')) return { outcome: 'cancelled', problem, steps };
  return { outcome: problem === null ? 'succeeded' : 'failed', problem, steps };
}
