/** A step as one transaction: effect, history row and journal row are committed together or not at all. */
import type { Step } from '../../shared/model/plan.ts';
import { copyIn } from './copyIn.ts';
import type { Execution } from './execute.ts';
import { waitForAnotherTry } from './lockRetry.ts';
import { createMessage, type Message, type SendFailure } from './message.ts';
import { ServerFault } from './ports.ts';
import type { Progress } from './progress.ts';
import { commitSql, journalStep, openStep, recordFailure, rollBack, writeHistory } from './records.ts';
import { runProgram } from './runProgram.ts';
import { createReader, type Reader, readUnits } from './scriptUnits.ts';
import { statementLimit } from './statementLimit.ts';
import { StepFailure } from './stepFailure.ts';

/**
 * @param tried how the first attempt failed, where it was made together with other steps; null: there was none yet
 * @throws {StepFailure}
 */
export async function applyTransactional(
  step: Step,
  execution: Execution,
  progress: Progress,
  tried: Failed | null = null,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const undone = attempt === 1 && tried !== null ? tried : await applyOnce(step, execution, progress);
    if (undone === null) return;
    const { failure, commitSent } = undone;
    // A program may have done things outside of the database.
    const repeats = step.script.kind !== 'program' && isLockTimeout(failure);
    if (repeats) await rollBack(execution);
    if (!repeats || !(await waitForAnotherTry(step.index, execution, failure.fault, attempt)))
      throw new StepFailure(await undo(failure, step, execution, commitSent), failure);
    progress.restart();
  }
}

export interface Failed {
  readonly failure: SendFailure;
  readonly commitSent: boolean;
}

const isLockTimeout = ({ fault }: SendFailure): boolean => fault instanceof ServerFault && fault.kind === 'lockTimeout';

/** What a step sends around its script; the COMMIT comes after that. */
export function transactionParts(
  step: Step,
  execution: Execution,
): { readonly before: readonly string[]; readonly after: readonly string[] } {
  const { control, journal } = execution;
  return {
    before: [...openStep(execution), ...beginning(execution)],
    after: [
      ...control.beforeCommit,
      ...control.home,
      ...writeHistory(step, execution),
      ...(journal?.stepDone(journalStep(step, execution)) ?? []),
    ],
  };
}

const beginning = ({ control, dialect }: Execution): readonly string[] => [...control.begin, dialect.startTimer];

async function applyOnce(step: Step, execution: Execution, progress: Progress): Promise<Failed | null> {
  const limit = statementLimit(step, execution);
  const message = createMessage(execution.session, execution.capabilities, progress, limit.deadlineMs);
  let commitSent = false;
  try {
    await message.control(...openStep(execution));
    const reader = step.script.kind === 'program' ? null : createReader(readUnits(step.script, execution));
    if (reader !== null) await sendHead(reader, execution, message);
    await message.control(...beginning(execution), ...limit.set);
    const script = reader ?? (await programScript(step, execution, message, progress));
    if (script !== null) await sendScript(script, execution, message, progress);
    if (execution.signal.aborted) throw cancelled();
    await message.control(...limit.lift, ...transactionParts(step, execution).after, ...commitSql(execution));
    await message.answered();
    commitSent = true;
    await message.flush();
    return null;
  } catch (thrown) {
    return { failure: await message.failure(thrown), commitSent };
  }
}

/** What has an effect outside of transactions only, where the script begins with it. */
async function sendHead(reader: Reader, { sql }: Execution, message: Message): Promise<void> {
  for (let unit = await reader.peek(); unit?.kind === 'statement'; unit = await reader.peek()) {
    if (sql.classify(unit.statement.text).beforeTransaction !== true) return;
    await reader.next();
    await message.add(unit);
  }
}

async function sendScript(reader: Reader, execution: Execution, message: Message, progress: Progress): Promise<void> {
  for (let unit = await reader.next(); unit !== null; unit = await reader.next()) {
    if (execution.signal.aborted) throw cancelled();
    if (unit.kind === 'copyData') throw new Error('COPY data without its statement');
    if (unit.statement.copiesData) {
      await message.flush();
      await copyIn(unit, reader.copyData(), execution, progress);
    } else {
      await message.add(unit);
    }
  }
}

/** A program works in the transaction that was begun; what it leaves is sent as a script. */
async function programScript(
  step: Step,
  execution: Execution,
  message: Message,
  progress: Progress,
): Promise<Reader | null> {
  const { script } = step;
  if (script.kind !== 'program') return null;
  await message.flush();
  const left = await runProgram({ script, step, execution, progress, announce: async () => undefined });
  return left === null ? null : createReader(readUnits(left, execution));
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
  await recordFailure(step, execution, failure);
  return 'rolledBack';
}
