/**
 * Small steps that share a message, each still committed by itself: a network between is waited for once, not once for
 * each. The server stops at the first error, and its answers tell which steps are done.
 */
import type { Step } from '../../shared/model/plan.ts';
import { ProblemError } from '../../shared/problem.ts';
import { composeStatementwise } from './applyStatementwise.ts';
import { applyTransactional, transactionParts } from './applyTransactional.ts';
import { conditionOf } from './conditionHazards.ts';
import type { Execution } from './execute.ts';
import { type FailedUnit, SendFailure, type StatementUnit } from './message.ts';
import { MessageFault, type MessageObserver, type Session, type Unit } from './ports.ts';
import { createProgress, type Progress } from './progress.ts';
import { commitSql } from './records.ts';
import { readUnits } from './scriptUnits.ts';
import { startOf } from './startAt.ts';

/** Of one message: long enough that waiting for its answer does not count, short enough to be held in memory. */
const most = { steps: 100, characters: 512 * 1024 };

/** A step as it is sent. */
export interface Composition {
  /** From the reset of the session to the last COMMIT. */
  readonly units: readonly Unit[];
  observe(units: readonly Unit[]): MessageObserver;
  /** It failed when it was sent: is tried again if it may be. @throws {StepFailure} */
  goOn(failed: FailedUnit): Promise<void>;
}

export interface ComposedStep extends Composition {
  readonly step: Step;
  readonly progress: Progress;
}

/** The first of these steps that may travel together, read and made into units; fewer than two: the first travels alone. */
export async function composeTogether(steps: readonly Step[], execution: Execution): Promise<readonly ComposedStep[]> {
  const plain = await readPlainSteps(steps, execution);
  const composed: ComposedStep[] = [];
  // One alone is composed by whoever sends it.
  if (plain.length < 2) return composed;
  let left = most.characters;
  for (const { step, script } of plain) {
    if (step.script.bytes > left) break;
    const progress = createProgress(step, execution);
    const composition = step.transactional
      ? composeTransactional(step, script, execution, progress)
      : await composeStatementwise(step, execution, progress);
    // Cancelled: what would be left of it is not sent.
    if (composition === null) break;
    composed.push({ step, progress, ...composition });
    left -= composition.units.reduce((sum, { sql }) => sum + sql.length, 0);
  }
  return composed;
}

interface PlainStep {
  readonly step: Step;
  readonly script: readonly StatementUnit[];
}

async function readPlainSteps(steps: readonly Step[], execution: Execution): Promise<readonly PlainStep[]> {
  const plain: PlainStep[] = [];
  if (!execution.capabilities.multiStatementMessages) return plain;
  let left = most.characters;
  for (const step of steps.slice(0, most.steps)) {
    left -= step.script.bytes;
    if (left < 0 || !isPlain(step, execution)) break;
    const script = await readPlain(step, execution);
    if (script === null) break;
    plain.push({ step, script });
  }
  return plain;
}

/** Whatever is asked or decided between its statements needs their answers. */
const isPlain = (step: Step, execution: Execution): boolean =>
  (step.transactional || isAnnounced(execution)) &&
  !step.ownTransactions &&
  step.script.kind !== 'program' &&
  step.batched.length === 0 &&
  (step.handedOver ?? []).length === 0 &&
  step.migration.metadata.statementTimeoutMs === undefined &&
  conditionOf(step) === null &&
  startOf(step, execution) === null;

/**
 * What a step did that is no transaction is told by the journal's rows that travel with it. Where DDL is transactional such
 * a step is one for a reason: its statements must be sent alone.
 */
const isAnnounced = ({ capabilities, journal }: Execution): boolean =>
  !capabilities.transactionalDdl && journal !== null;

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
  const { kind, beforeTransaction, tableLocks } = sql.classify(statement.text);
  return (
    !statement.copiesData &&
    statement.expected === undefined &&
    beforeTransaction !== true &&
    tableLocks === undefined &&
    kind !== 'transactionControl' &&
    !session.mayFreeLocks(statement.text)
  );
}

function composeTransactional(
  step: Step,
  script: readonly StatementUnit[],
  execution: Execution,
  progress: Progress,
): Composition {
  const { before, after } = transactionParts(step, execution);
  const control = (all: readonly string[]): readonly Unit[] =>
    all.flatMap((sql) => (sql === '' ? [] : [{ kind: 'control', sql }]));
  return {
    units: [...control(before), ...script, ...control([...after, ...commitSql(execution)])],
    observe: progress.observe,
    goOn: ({ statement, fault }) =>
      applyTransactional(step, execution, progress, {
        failure: new SendFailure(statement, fault),
        commitSent: true,
      }),
  };
}

/** What becomes of each, in order; called while the server works. */
export interface Following {
  begun(one: ComposedStep): MessageObserver;
  done(one: ComposedStep): void;
}

export interface FailedTogether {
  readonly failed: ComposedStep;
  /** Counted among its own. */
  readonly at: FailedUnit;
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
    const [failed, ...rest] = waiting;
    if (failed === undefined) throw thrown.fault;
    const unit = units[thrown.unit];
    const statement = unit?.kind === 'statement' ? unit.statement : null;
    return { failed, at: { unit: thrown.unit - before, statement, fault: thrown.fault }, rest };
  }
}
