/**
 * Small steps that share a message, each still a transaction of its own: a network between is waited for once, not once
 * for each. The server stops at the first error, and its answers tell which steps are done.
 */
import type { Step } from '../../shared/model/plan.ts';
import { ProblemError } from '../../shared/problem.ts';
import { transactionParts } from './applyTransactional.ts';
import { conditionOf } from './conditionHazards.ts';
import type { Execution } from './execute.ts';
import { SendFailure, type StatementUnit } from './message.ts';
import { MessageFault, type MessageObserver, type Session, type Unit } from './ports.ts';
import { commitSql } from './records.ts';
import { readUnits } from './scriptUnits.ts';
import { startOf } from './startAt.ts';

/** Of one message: long enough that waiting for its answer does not count, short enough to be held in memory. */
const most = { steps: 100, characters: 128 * 1024 };

export interface ComposedStep {
  readonly step: Step;
  /** From the reset of the session to the COMMIT. */
  readonly units: readonly Unit[];
}

/** The first of these steps that may travel together, read and made into units; fewer than two: the first travels alone. */
export async function composeTogether(steps: readonly Step[], execution: Execution): Promise<readonly ComposedStep[]> {
  const { transactionalDdl, multiStatementMessages } = execution.capabilities;
  const composed: ComposedStep[] = [];
  if (!transactionalDdl || !multiStatementMessages) return composed;
  let left = most.characters;
  for (const step of steps.slice(0, most.steps)) {
    if (step.script.bytes > left || !isPlain(step, execution)) break;
    const script = await readPlain(step, execution);
    if (script === null) break;
    const units = unitsOf(step, script, execution);
    left -= units.reduce((sum, { sql }) => sum + sql.length, 0);
    composed.push({ step, units });
  }
  return composed;
}

/** Whatever is asked or decided between its statements needs their answers. */
const isPlain = (step: Step, execution: Execution): boolean =>
  step.transactional &&
  !step.ownTransactions &&
  step.script.kind !== 'program' &&
  step.batched.length === 0 &&
  step.migration.metadata.statementTimeoutMs === undefined &&
  conditionOf(step) === null &&
  startOf(step, execution) === null;

/**
 * Null: one of its statements has an effect on what follows, or an answer that is waited for; or it cannot be read, which
 * is told when its turn comes.
 */
async function readPlain(step: Step, execution: Execution): Promise<readonly StatementUnit[] | null> {
  const units: StatementUnit[] = [];
  try {
    for await (const unit of readUnits(step.script, execution)) {
      if (unit.kind === 'copyData' || !isPlainStatement(unit, execution)) return null;
      units.push(unit);
    }
  } catch (thrown) {
    if (thrown instanceof ProblemError) return null;
    throw thrown;
  }
  return units;
}

function isPlainStatement({ statement }: StatementUnit, { sql, session }: Execution): boolean {
  const { kind, beforeTransaction } = sql.classify(statement.text);
  return (
    !statement.copiesData &&
    statement.expected === undefined &&
    beforeTransaction !== true &&
    kind !== 'transactionControl' &&
    !session.mayFreeLocks(statement.text)
  );
}

function unitsOf(step: Step, script: readonly StatementUnit[], execution: Execution): readonly Unit[] {
  const { before, after } = transactionParts(step, execution);
  const control = (all: readonly string[]): readonly Unit[] =>
    all.flatMap((sql) => (sql === '' ? [] : [{ kind: 'control', sql }]));
  return [...control(before), ...script, ...control([...after, ...commitSql(execution)])];
}

/** What becomes of each, in order; called while the server works. */
export interface Following {
  begun(one: ComposedStep): MessageObserver;
  done(one: ComposedStep): void;
}

export interface FailedTogether {
  readonly failed: ComposedStep;
  readonly failure: SendFailure;
  /** Those that would have come after it. */
  readonly rest: readonly ComposedStep[];
}

/** @returns null: all of them are done; else those before the failed one are. */
export async function sendTogether(
  composed: readonly ComposedStep[],
  session: Session,
  following: Following,
): Promise<FailedTogether | null> {
  const units = composed.flatMap((one) => one.units);
  const waiting = [...composed];
  let [current] = waiting;
  if (current === undefined) return null;
  /** Units before those of the current step. */
  let before = 0;
  let observer = following.begun(current);
  const endUpTo = (done: number) => {
    while (current !== undefined && done >= before + current.units.length) {
      following.done(current);
      before += current.units.length;
      waiting.shift();
      [current] = waiting;
      if (current !== undefined) observer = following.begun(current);
    }
  };
  try {
    await session.send(units, {
      completed(unit, result) {
        observer.completed(unit - before, result);
        endUpTo(unit + 1);
      },
      notice: (severity, message) => observer.notice(severity, message),
    });
    return null;
  } catch (thrown) {
    if (!(thrown instanceof MessageFault)) throw thrown;
    endUpTo(thrown.unit);
    const unit = units[thrown.unit];
    const failure = new SendFailure(unit?.kind === 'statement' ? unit.statement : null, thrown.fault);
    const [failed, ...rest] = waiting;
    if (failed === undefined) throw failure;
    return { failed, failure, rest };
  }
}
