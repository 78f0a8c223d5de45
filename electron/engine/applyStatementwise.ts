/**
 * A step that cannot be one transaction: each statement is announced in the journal before it is sent, and each
 * announcement tells that everything before it is done, so that any interruption can be reconciled from evidence.
 */
import type { Step } from '../../shared/model/plan.ts';
import type { Statement } from '../../shared/model/statement.ts';
import { ProblemError } from '../../shared/problem.ts';
import type { Execution } from './execute.ts';
import { createMessage, type Message, SendFailure } from './message.ts';
import { ServerFault, type Unit } from './ports.ts';
import type { Progress } from './progress.ts';
import { historyWrite, journalStep, recordFailure, rollBack, writeHistory } from './records.ts';
import { runProgram } from './runProgram.ts';
import { createReader, readUnits } from './scriptUnits.ts';
import { StepFailure } from './stepFailure.ts';

type StatementUnit = Extract<Unit, { kind: 'statement' }>;

async function* nothing(): AsyncGenerator<never> {}

/** @throws {StepFailure} */
export async function applyStatementwise(step: Step, execution: Execution, progress: Progress): Promise<void> {
  const sender = createSender(step, execution, progress);
  try {
    await sender.open();
    const { script } = step;
    const announce = sender.announce;
    const sent = script.kind === 'program' ? await runProgram({ script, step, execution, progress, announce }) : script;
    const reader = createReader(sent === null ? nothing() : readUnits(sent, execution));
    for (let unit = await reader.next(); unit !== null; unit = await reader.next()) {
      if (execution.signal.aborted) throw new ServerFault('cancelled', 'Cancelled between two statements.');
      if (unit.kind === 'copyData') throw new Error('COPY data without its statement');
      if (unit.statement.copiesData) await sender.copy(unit, reader.copyData());
      else await sender.statement(unit);
    }
    await sender.close();
  } catch (thrown) {
    const failure = await sender.failure(thrown);
    throw new StepFailure(await settle(failure, step, execution, sender.kept()), failure.statement, failure.fault);
  }
}

/**
 * Two ways of sending, by what the engine can do. With transactional DDL every statement travels alone, since several
 * in one message would be one implicit transaction. Without it (MySQL, MariaDB) consecutive DML shares a transaction
 * with its journal row, and DDL travels in one message with the announcement before it.
 */
function createSender(step: Step, execution: Execution, progress: Progress) {
  const message = createMessage(execution.session, execution.capabilities, progress);
  const entry = journalStep(step, execution);
  const journal = execution.journal;
  const { begin, commit } = execution.control;
  let inTransaction = false;
  let kept = false;

  async function announce({ statement }: Pick<StatementUnit, 'statement'>): Promise<void> {
    if (journal === null || statement.index === 0) return;
    await message.control(...journal.statementIntent(entry, statement.index, execution.control.probe(statement.text)));
  }

  async function endTransaction(): Promise<void> {
    if (!inTransaction) return;
    inTransaction = false;
    kept = true;
    await message.control(commit);
  }

  async function alone(unit: StatementUnit): Promise<void> {
    await endTransactionWith(unit);
    if (execution.capabilities.transactionalDdl) await message.flush();
    kept = true;
    await message.add(unit);
    if (execution.capabilities.transactionalDdl) await message.flush();
  }

  /** The announcement of the next statement tells that the ones before are done: it belongs into their transaction. */
  async function endTransactionWith(unit: StatementUnit): Promise<void> {
    await announce(unit);
    await endTransaction();
  }

  async function joined(unit: StatementUnit): Promise<void> {
    if (!inTransaction) {
      await announce(unit);
      await message.control(...begin);
      inTransaction = true;
    }
    await message.add(unit);
  }

  return {
    /** Was anything sent whose effect a rollback would not undo? */
    kept: () => kept,
    failure: message.failure,
    async open(): Promise<void> {
      await message.control(...execution.control.resetSession, execution.dialect.startTimer);
      await message.control(...(execution.history.started?.(historyWrite(step, execution)) ?? []));
      if (journal !== null) await message.control(...journal.stepIntent(entry));
      if (execution.capabilities.transactionalDdl) await message.flush();
    },
    /** Before a program's statement, which is sent alone. */
    async announce(statement: Statement): Promise<void> {
      await announce({ statement });
      await message.flush();
      kept = true;
    },
    async statement(unit: StatementUnit): Promise<void> {
      if (joinsTransaction(unit, step, execution)) await joined(unit);
      else await alone(unit);
    },
    async copy(unit: StatementUnit, data: AsyncIterable<string>): Promise<void> {
      await endTransactionWith(unit);
      await message.flush();
      kept = true;
      try {
        progress.completed(unit.statement, await execution.session.copyIn(unit.sql, data));
      } catch (thrown) {
        if (thrown instanceof ServerFault || thrown instanceof ProblemError)
          throw new SendFailure(unit.statement, thrown);
        throw thrown;
      }
    },
    async close(): Promise<void> {
      await finish(message, inTransaction, step, execution);
    },
  };
}

/** History row and the journal's last word are committed together, with the DML before them where it shares their transaction. */
async function finish(message: Message, inTransaction: boolean, step: Step, execution: Execution): Promise<void> {
  if (!inTransaction) await message.control(...execution.control.begin);
  await message.control(...writeHistory(step, execution));
  if (execution.journal !== null) await message.control(...execution.journal.stepDone(journalStep(step, execution)));
  await message.control(execution.control.commit);
  await message.flush();
}

/** Author and engine decide: DML shares a transaction only where DDL cannot, and never inside a script's own transactions. */
function joinsTransaction(unit: StatementUnit, step: Step, execution: Execution): boolean {
  if (execution.capabilities.transactionalDdl || step.ownTransactions) return false;
  const traits = execution.sql.classify(unit.statement.text);
  return !traits.implicitCommit && (traits.kind === 'data' || traits.kind === 'query' || traits.kind === 'session');
}

async function settle(
  failure: SendFailure,
  step: Step,
  execution: Execution,
  kept: boolean,
): Promise<StepFailure['outcome']> {
  if (failure.fault instanceof ServerFault && failure.fault.kind === 'connectionLost') return 'unknown';
  await rollBack(execution);
  await recordFailure(step, execution, failure.fault.message);
  return kept ? 'failed' : 'rolledBack';
}
