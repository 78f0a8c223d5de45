import { ProblemError } from '../../shared/problem.ts';
import type { Execution } from './execute.ts';
import { requireExpectedRows } from './expectedRows.ts';
import { SendFailure, type StatementUnit } from './message.ts';
import { ServerFault } from './ports.ts';
import type { Progress } from './progress.ts';

/** Feeds a COPY with its data from the script. @throws {SendFailure} */
export async function copyIn(
  unit: StatementUnit,
  data: AsyncIterable<string>,
  execution: Execution,
  progress: Progress,
): Promise<void> {
  try {
    const result = await execution.session.copyIn(unit.sql, data);
    progress.completed(unit.statement, result);
    requireExpectedRows(unit.statement, result);
  } catch (thrown) {
    if (thrown instanceof ServerFault || thrown instanceof ProblemError) throw new SendFailure(unit.statement, thrown);
    throw thrown;
  }
}
