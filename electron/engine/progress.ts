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
  /** The step begins anew: nothing of it is done. */
  restart(): void;
  /** Nothing more will come. */
  end(): void;
}

export function createProgress(
  step: Step,
  execution: { clock: Clock; emit(event: RunEvent): void; sql: { classify(text: string): { verb: string } } },
): Progress {
  let done = 0;
  let lastEvent = Number.NEGATIVE_INFINITY;
  let lastBatchEvent = Number.NEGATIVE_INFINITY;
  let countsItself = false;
  let toldAll = false;
  /** The statement the server works on now. */
  let running: Statement | null = null;
  let late: NodeJS.Timeout | undefined;

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
    report();
  }

  /** What is held back for its rate is said a little later, so that a long statement is not hidden by quick ones before it. */
  function report(): void {
    if (countsItself) return;
    clearTimeout(late);
    if (isDue(done === step.statements)) emitProgress();
    else late = setTimeout(emitProgress, interval).unref();
  }

  function emitProgress(): void {
    execution.emit({
      type: 'statementProgress',
      step: step.index,
      done,
      // How many a program will send is not known.
      total: Math.max(step.statements, done),
      line: running?.line ?? null,
      verb: running === null ? null : execution.sql.classify(running.text).verb,
    });
  }

  function isDue(last: boolean): boolean {
    const now = execution.clock.elapsed();
    if (now - lastEvent < interval && !last) return false;
    lastEvent = now;
    return true;
  }

  return {
    observe(units) {
      const statements = units.flatMap((unit) => (unit.kind === 'statement' ? [unit.statement] : []));
      let finished = 0;
      running = statements[0] ?? null;
      if (running !== null) report();
      return {
        completed(index, result) {
          const unit = units[index];
          if (unit?.kind !== 'statement') return;
          finished += 1;
          running = statements[finished] ?? null;
          completed(unit.statement, result);
        },
        notice: (severity, message) => execution.emit({ type: 'notice', step: step.index, severity, message }),
      };
    },
    completed,
    restart() {
      done = 0;
      running = null;
    },
    end: () => clearTimeout(late),
    batch(statement, count, isLast) {
      const now = execution.clock.elapsed();
      if (now - lastBatchEvent < batchInterval && !isLast) return;
      lastBatchEvent = now;
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
