/**
 * A step that cannot be one transaction: each statement is announced in the journal before it is sent, and each
 * announcement tells that everything before it is done, so that any interruption can be reconciled from evidence.
 */
import type { ProgramScript } from '../../shared/model/migration.ts';
import type { Step } from '../../shared/model/plan.ts';
import { ProblemError } from '../../shared/problem.ts';
import type { Execution } from './execute.ts';
import { handOver } from './handOver.ts';
import { SendFailure, type StatementUnit } from './message.ts';
import { ServerFault, type Unit } from './ports.ts';
import type { Progress } from './progress.ts';
import { recordFailure, rollBack } from './records.ts';
import { runProgram } from './runProgram.ts';
import { createReader, type Reader, readUnits } from './scriptUnits.ts';
import type { Composition } from './shareMessage.ts';
import { type StartAt, startOf } from './startAt.ts';
import { createSender, type Sender } from './statementSender.ts';
import { StepFailure } from './stepFailure.ts';

/** @throws {StepFailure} */
export async function applyStatementwise(step: Step, execution: Execution, progress: Progress): Promise<void> {
  const sender = createSender(step, execution, progress);
  await settling(step, execution, sender, async () => {
    await sendScript(step, execution, progress, sender);
    await sender.close();
  });
}

/** The same without sending it: nothing of such a step may need an answer in between. Null: the run is cancelled. */
export async function composeStatementwise(
  step: Step,
  execution: Execution,
  progress: Progress,
): Promise<Composition | null> {
  const units: Unit[] = [];
  const sender = createSender(step, execution, progress, units);
  try {
    await sendScript(step, execution, progress, sender);
  } catch (thrown) {
    if (execution.signal.aborted && thrown instanceof ServerFault) return null;
    throw thrown;
  }
  await sender.close();
  return {
    units,
    observe: sender.observe,
    goOn: (failed) => settling(step, execution, sender, () => sender.goOn(units, failed)),
  };
}

async function settling(step: Step, execution: Execution, sender: Sender, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    if (thrown instanceof StepFailure) throw thrown;
    const failure = await sender.failure(thrown);
    throw new StepFailure(await settle(failure, step, execution, sender), failure);
  }
}

async function sendScript(step: Step, execution: Execution, progress: Progress, sender: Sender): Promise<void> {
  let script = step.script;
  if (script.kind === 'program') {
    await sender.open(null, []);
    if (script.program.command !== undefined) return handOverKept(script, step, execution);
    const left = await runProgram({ script, step, execution, progress, announce: sender.announce });
    if (left === null) return;
    script = left;
  }
  const reader = createReader(readUnits(script, execution));
  if (script === step.script) await begin(reader, startOf(step, execution), execution, sender);
  for (let unit = await reader.next(); unit !== null; unit = await reader.next()) {
    if (execution.signal.aborted) throw new ServerFault('cancelled', 'Cancelled between two statements.');
    if (unit.kind === 'copyData') throw new Error('COPY data without its statement');
    if (unit.statement.copiesData) await sender.copy(unit, reader.copyData());
    else await sender.statement(unit);
  }
}

/** Whatever made it fail, nobody undoes what was done over another connection. */
async function handOverKept(script: ProgramScript, step: Step, execution: Execution): Promise<void> {
  try {
    await handOver(script, step, execution);
  } catch (thrown) {
    if (!(thrown instanceof ProblemError)) throw thrown;
    const failure = new SendFailure(null, thrown);
    await recordFailure(step, execution, failure);
    throw new StepFailure('failed', failure);
  }
}

/** Passes over what is done. What that set of the session is set again, and what was left half-made is removed. */
async function begin(reader: Reader, start: StartAt | null, execution: Execution, sender: Sender): Promise<void> {
  const settings: StatementUnit[] = [];
  for (let unit = await reader.peek(); unit !== null; unit = await reader.peek()) {
    if (unit.kind === 'statement' && unit.statement.index >= (start?.statement ?? 0)) break;
    await reader.next();
    if (unit.kind === 'statement' && isSetting(unit, execution)) settings.push(unit);
  }
  for (const sql of start?.cleanup ?? []) await execution.session.query(sql);
  const first = await reader.peek();
  await sender.open(first?.kind === 'statement' ? first : null, settings);
}

function isSetting({ statement }: StatementUnit, { sql }: Execution): boolean {
  const { kind, tableLocks } = sql.classify(statement.text);
  return kind === 'session' && tableLocks === undefined;
}

async function settle(
  failure: SendFailure,
  step: Step,
  execution: Execution,
  sender: Sender,
): Promise<StepFailure['outcome']> {
  if (failure.fault instanceof ServerFault && failure.fault.kind === 'connectionLost') return 'unknown';
  const isUndone = await rollBack(execution);
  await recordFailure(step, execution, failure, sender.lastDone());
  return sender.kept() || !isUndone ? 'failed' : 'rolledBack';
}
