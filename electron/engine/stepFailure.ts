import type { StepOutcome } from '../../shared/model/run.ts';
import type { Statement } from '../../shared/model/statement.ts';
import type { ProblemError } from '../../shared/problem.ts';
import type { ServerFault } from './ports.ts';

/** A step that ended otherwise than well: why, where, and what became of it. */
export class StepFailure extends Error {
  readonly outcome: Exclude<StepOutcome, 'succeeded' | 'notExecuted'>;
  /** The statement that failed; null when it was not the script's own. */
  readonly statement: Statement | null;

  constructor(outcome: StepFailure['outcome'], statement: Statement | null, cause: ServerFault | ProblemError) {
    super(cause.message, { cause });
    this.name = 'StepFailure';
    this.outcome = outcome;
    this.statement = statement;
  }
}
