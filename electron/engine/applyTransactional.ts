/** A step as one transaction: effect, history row and journal row are committed together or not at all. */
import type { Script } from '../../shared/model/migration.ts';
import type { Step } from '../../shared/model/plan.ts';
import { ProblemError } from '../../shared/problem.ts';
import type { Execution } from './execute.ts';
import { createMessage, SendFailure as Failure, type Message, type SendFailure } from './message.ts';
import { ServerFault } from './ports.ts';
import type { Progress } from './progress.ts';
import { journalStep, recordFailure, rollBack, writeHistory } from './records.ts';
import { runProgram } from './runProgram.ts';
import { createReader, readUnits } from './scriptUnits.ts';
import { StepFailure } from './stepFailure.ts';

/** @throws {StepFailure} */
export async function applyTransactional(step: Step, execution: Execution, progress: Progress): Promise<void> {
  const message = createMessage(execution.session, execution.capabilities, progress);
  let commitSent = false;
  try {
    await message.control(...execution.control.resetSession, ...execution.control.begin, execution.dialect.startTimer);
    await sendScript(step, execution, message, progress);
    if (execution.signal.aborted) throw cancelled();
    await message.control(...writeHistory(step, execution));
    if (execution.journal !== null) await message.control(...execution.journal.stepDone(journalStep(step, execution)));
    await message.control(execution.control.commit);
    await message.answered();
    commitSent = true;
    await message.flush();
  } catch (thrown) {
    const failure = await message.failure(thrown);
    throw new StepFailure(await undo(failure, step, execution, commitSent), failure.statement, failure.fault);
  }
}

async function sendScript(step: Step, execution: Execution, message: Message, progress: Progress): Promise<void> {
  const script = await scriptToSend(step, execution, message, progress);
  if (script === null) return;
  const reader = createReader(readUnits(script, execution));
  for (let unit = await reader.next(); unit !== null; unit = await reader.next()) {
    if (execution.signal.aborted) throw cancelled();
    if (unit.kind === 'copyData') throw new Error('COPY data without its statement');
    if (unit.statement.copiesData) {
      await message.flush();
      const result = await execution.session.copyIn(unit.sql, reader.copyData()).catch((thrown: unknown) => {
        if (thrown instanceof ServerFault || thrown instanceof ProblemError) throw new Failure(unit.statement, thrown);
        throw thrown;
      });
      progress.completed(unit.statement, result);
    } else {
      await message.add(unit);
    }
  }
}

/** A program works in the transaction that was begun; what it leaves is sent as a script. */
async function scriptToSend(
  step: Step,
  execution: Execution,
  message: Message,
  progress: Progress,
): Promise<Script | null> {
  const { script } = step;
  if (script.kind !== 'program') return script;
  await message.flush();
  return runProgram({ script, step, execution, progress, announce: async () => undefined });
}

const cancelled = () => new ServerFault('cancelled', 'Cancelled between two statements.');

/** Only a lost connection with the COMMIT already sent leaves a doubt: without it the server rolls back. */
async function undo(
  failure: SendFailure,
  step: Step,
  execution: Execution,
  commitSent: boolean,
): Promise<'rolledBack' | 'unknown'> {
  const lost = failure.fault instanceof ServerFault && failure.fault.kind === 'connectionLost';
  if (lost) return commitSent ? 'unknown' : 'rolledBack';
  await rollBack(execution);
  await recordFailure(step, execution, failure.fault.message);
  return 'rolledBack';
}
