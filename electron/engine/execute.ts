/** Plan × ports → events and an outcome for every step. Everything it sends to the server passes through here. */
import type { Plan, Step } from '../../shared/model/plan.ts';
import type { RunEvent, RunOutcome } from '../../shared/model/run.ts';
import type { Problem } from '../../shared/problem.ts';
import { applyStatementwise } from './applyStatementwise.ts';
import { applyTransactional } from './applyTransactional.ts';
import { decide, recordUnrun } from './condition.ts';
import type {
  Capabilities,
  ClientJournal,
  Clock,
  Dialect,
  HistoryTable,
  JournalTables,
  OnlineAlter,
  ProgramRunner,
  Session,
  SqlText,
  StepControl,
} from './ports.ts';
import type { Progress } from './progress.ts';
import { runTogether } from './runTogether.ts';
import type { ScriptPieces } from './scriptPieces.ts';
import { composeTogether } from './shareMessage.ts';
import type { StartAt } from './startAt.ts';
import { begin, conclude, notExecuted, noteIntent, requireLock, type StepReport, succeeded } from './stepCourse.ts';

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
  for (let next = plan.steps[0]; next !== undefined; next = plan.steps[reports.length]) {
    stopped ||= execution.signal.aborted;
    const found: readonly StepReport[] = stopped
      ? [skip(next, execution)]
      : await runSome(next, plan.steps.slice(reports.length), execution);
    reports.push(...found);
    stopped ||= found.some((report) => stops(report, options));
  }
  return summarise(reports, execution.signal.aborted);
}

const stops = ({ outcome, problem }: StepReport, { continueOnError }: { continueOnError: boolean }): boolean =>
  outcome === 'unknown' || problem?.code === 'lock.lost' || (problem !== null && !continueOnError);

/** The next step, or several that share a message. */
async function runSome(next: Step, left: readonly Step[], execution: Execution): Promise<readonly StepReport[]> {
  const composed = await composeTogether(left, execution);
  return composed.length > 1 ? await runTogether(composed, execution) : [await runStep(next, execution)];
}

function skip(step: Step, execution: Execution): StepReport {
  execution.emit({ type: 'stepFinished', step: step.index, ...notExecuted, durationMs: 0, statements: 0 });
  return notExecuted;
}

const runStep = (step: Step, execution: Execution): Promise<StepReport> =>
  conclude(begin(step, execution), execution, async (progress) => {
    await requireLock(execution);
    const decision = await decide(step, execution);
    if (decision === 'skip') return notExecuted;
    if (decision === 'record') await recordUnrun(step, execution);
    else await applyScript(step, execution, progress);
    return succeeded;
  });

async function applyScript(step: Step, execution: Execution, progress: Progress): Promise<void> {
  await noteIntent(step, execution);
  await (step.transactional ? applyTransactional : applyStatementwise)(step, execution, progress);
}

function summarise(steps: readonly StepReport[], aborted: boolean): ExecutionReport {
  const problem = steps.find((step) => step.problem !== null)?.problem ?? null;
  const unknown = steps.find((step) => step.outcome === 'unknown');
  if (unknown !== undefined) return { outcome: 'interrupted', problem: unknown.problem, steps };
  if (aborted && steps.some((step) => step.outcome !== 'succeeded')) return { outcome: 'cancelled', problem, steps };
  return { outcome: problem === null ? 'succeeded' : 'failed', problem, steps };
}
