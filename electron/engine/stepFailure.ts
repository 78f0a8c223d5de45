import type { BatchCount } from '../../shared/model/directive.ts';
import type { StepOutcome } from '../../shared/model/run.ts';
import type { Statement } from '../../shared/model/statement.ts';
import type { SendFailure } from './message.ts';

/** A step that ended otherwise than well: why, where, and what became of it. */
export class StepFailure extends Error {
  readonly outcome: Exclude<StepOutcome, 'succeeded' | 'notExecuted'>;
  /** The statement that failed; null when it was not the script's own. */
  readonly statement: Statement | null;
  /** What a batched statement had committed when it stopped; null for all others. */
  readonly batch: BatchCount | null;

  constructor(outcome: StepFailure['outcome'], { statement, fault, batch }: SendFailure) {
    super(fault.message, { cause: fault });
    this.name = 'StepFailure';
    this.outcome = outcome;
    this.statement = statement;
    this.batch = batch;
  }
}
