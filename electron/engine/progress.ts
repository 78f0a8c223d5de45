/** Turns completed units of a step into few events: exact counts, at a rate a window can draw. */
import type { BatchCount } from '../../shared/model/directive.ts';
import type { Step } from '../../shared/model/plan.ts';
import type { RunEvent } from '../../shared/model/run.ts';
import type { Statement } from '../../shared/model/statement.ts';
import type { Clock, MessageObserver, Unit, UnitResult } from './ports.ts';

/** Milliseconds between two progress events of one step. */
const interval = 100;
/** The same of batches, which may go on for hours. */
const batchInterval = 500;

export interface Progress {
  /** Observes one message whose units are these. */
  observe(units: readonly Unit[]): MessageObserver;
  /** One statement completed outside a message. */
  completed(statement: Statement, result: UnitResult): void;
  /** A batched statement has come so far. */
  batch(statement: Statement, count: BatchCount, isLast: boolean): void;
  /** A program counts its work itself, from now on. */
  told(done: number, total: number): void;
  /** Completed statements of the script so far. */
  done(): number;
}

export function createProgress(
  step: Step,
  execution: { clock: Clock; emit(event: RunEvent): void; sql: { classify(text: string): { verb: string } } },
): Progress {
  let done = 0;
  let lastEvent = Number.NEGATIVE_INFINITY;
  let countsItself = false;
  let toldAll = false;

  function completed(statement: Statement, result: UnitResult): void {
    done += 1;
    if (result.resultSet !== null)
      execution.emit({
        type: 'resultSet',
        step: step.index,
        statement: statement.index,
        line: statement.line,
        result: result.resultSet,
      });
    if (countsItself || !isDue(done === step.statements)) return;
    const verb = execution.sql.classify(statement.text).verb;
    execution.emit({
      type: 'statementProgress',
      step: step.index,
      done,
      // How many a program will send is not known.
      total: Math.max(step.statements, done),
      line: statement.line,
      verb,
    });
  }

  function isDue(last: boolean, every = interval): boolean {
    const now = execution.clock.elapsed();
    if (now - lastEvent < every && !last) return false;
    lastEvent = now;
    return true;
  }

  return {
    observe: (units) => ({
      completed(index, result) {
        const unit = units[index];
        if (unit?.kind === 'statement') completed(unit.statement, result);
      },
      notice: (severity, message) => execution.emit({ type: 'notice', step: step.index, severity, message }),
    }),
    completed,
    batch(statement, count, isLast) {
      if (isDue(isLast, batchInterval))
        execution.emit({ type: 'batchProgress', step: step.index, line: statement.line, ...count });
    },
    told(itsDone, total) {
      const isFirst = !countsItself;
      const isLast = itsDone >= total && !toldAll;
      countsItself = true;
      toldAll ||= isLast;
      if (!isDue(isFirst || isLast)) return;
      execution.emit({ type: 'statementProgress', step: step.index, done: itsDone, total, line: null, verb: null });
    },
    done: () => done,
  };
}
