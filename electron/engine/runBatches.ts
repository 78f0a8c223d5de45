/** Repeats a statement until it affects no rows: each batch is committed together with the journal row that counts it. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Batch, BatchCount } from '../../shared/model/directive.ts';
import type { Step } from '../../shared/model/plan.ts';
import { nothingChanged, ProblemError } from '../../shared/problem.ts';
import type { Execution } from './execute.ts';
import { waitForAnotherTry } from './lockRetry.ts';
import { type Again, createMessage, type Message, SendFailure, type StatementUnit } from './message.ts';
import { ServerFault, type UnitResult } from './ports.ts';
import type { Progress } from './progress.ts';
import { commitSql, journalStep } from './records.ts';

export interface Batched {
  readonly step: Step;
  readonly execution: Execution;
  readonly progress: Progress;
  readonly deadlineMs: number | null;
  /** What an interrupted run had committed of it. */
  readonly before: BatchCount | null;
  /** Called after each batch is committed. */
  readonly committed: () => void;
}

/** @throws {SendFailure} with what is committed */
export async function runBatches(unit: StatementUnit, batch: Batch, batched: Batched): Promise<void> {
  const { execution, progress } = batched;
  const whole = progress.observe([unit]);
  let result: UnitResult = { affectedRows: null, resultSet: null };
  // Each batch completes the statement once more, but it is one statement of the script.
  const counting: Progress = {
    ...progress,
    observe: (units) => ({
      notice: whole.notice,
      completed: (index, completed) => {
        if (units[index]?.kind === 'statement') result = completed;
      },
    }),
  };
  const again: Again = async (_, fault, attempt) =>
    (await waitForAnotherTry(batched.step.index, execution, fault, attempt))
      ? [execution.control.rollback, ...execution.control.begin]
      : null;
  const message = createMessage(execution.session, execution.capabilities, counting, batched.deadlineMs, again);
  const before = batched.before ?? { batches: 0, rows: 0 };
  let count: BatchCount = before;
  try {
    for (;;) {
      if (execution.signal.aborted) throw new ServerFault('cancelled', 'Cancelled between two batches.');
      await message.control(...execution.control.begin);
      await message.add(unit);
      await message.flush();
      const rows = rowsOf(unit, result);
      if (rows > 0 && count.batches - before.batches === batch.max) throw new ProblemError(limitReached(unit, batch));
      const next = rows === 0 ? count : { batches: count.batches + 1, rows: count.rows + rows };
      await commit(message, unit, next, batched);
      count = next;
      progress.batch(unit.statement, count, rows === 0);
      if (rows === 0) break;
      batched.committed();
      await pause(batch.pauseMs, execution.signal);
    }
  } catch (thrown) {
    const { fault } = await message.failure(thrown);
    throw new SendFailure(unit.statement, fault, count);
  }
  whole.completed(0, { affectedRows: count.rows, resultSet: null });
}

async function commit(message: Message, unit: StatementUnit, count: BatchCount, batched: Batched): Promise<void> {
  const { journal } = batched.execution;
  const entry = journalStep(batched.step, batched.execution);
  if (journal !== null) await message.control(...journal.batchDone(entry, unit.statement.index, count));
  await message.control(...commitSql(batched.execution));
  await message.flush();
}

function rowsOf({ statement }: StatementUnit, { affectedRows }: UnitResult): number {
  if (affectedRows !== null) return affectedRows;
  throw new ProblemError({
    code: 'script.directive',
    message: `The server does not tell how many rows the batched statement at line ${statement.line} affected.`,
    state: nothingChanged,
    hint: 'Batch a statement that changes rows itself: INSERT, UPDATE or DELETE.',
    line: statement.line,
    column: statement.column,
  });
}

/** Ends at once when the run is cancelled. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms === 0) return;
  try {
    await delay(ms, undefined, { signal });
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  }
}

const limitReached = ({ statement }: StatementUnit, { max }: Batch) => ({
  code: 'database.batchLimit' as const,
  message: `The batched statement at line ${statement.line} still finds rows after ${max} batches.`,
  state: nothingChanged,
  hint: 'If every batch finds the same rows again, correct its WHERE; if there really are so many, run again to go on, or raise its max.',
  line: statement.line,
  column: statement.column,
});
