/** Runs the verify scripts of applied steps: their results are kept, an error is a finding. Their effects are rolled back. */
import type { Plan, Step } from '../../shared/model/plan.ts';
import { type Problem, ProblemError } from '../../shared/problem.ts';
import type { Execution, StepReport } from './execute.ts';
import { placeOf } from './failure.ts';
import { createMessage } from './message.ts';
import { ServerFault } from './ports.ts';
import { createProgress } from './progress.ts';
import { rollBack } from './records.ts';
import { readUnits } from './scriptUnits.ts';

export async function verifySteps(
  plan: Plan,
  reports: readonly StepReport[],
  execution: Execution,
): Promise<Problem[]> {
  const findings: Problem[] = [];
  for (const step of plan.steps) {
    if (step.action !== 'apply' || reports[step.index]?.outcome !== 'succeeded' || execution.signal.aborted) continue;
    const finding = await verifyStep(step, execution);
    if (finding !== null) findings.push(finding);
  }
  return findings;
}

async function verifyStep(step: Step, execution: Execution): Promise<Problem | null> {
  const script = step.migration.verify;
  if (script === null) return null;
  // Only results are of interest here: the step's own progress is complete.
  const progress = createProgress(
    { ...step, statements: Number.POSITIVE_INFINITY },
    {
      ...execution,
      emit: (event) => (event.type === 'statementProgress' ? undefined : execution.emit(event)),
    },
  );
  const message = createMessage(execution.session, execution.capabilities, progress);
  try {
    await message.control(...execution.control.begin);
    for await (const unit of readUnits(script, execution)) if (unit.kind === 'statement') await message.add(unit);
    await message.flush();
    return null;
  } catch (thrown) {
    const { fault, statement } = await message.failure(thrown);
    if (fault instanceof ProblemError && fault.problem.code !== 'database.rowCount') return fault.problem;
    return {
      code: 'run.verification',
      message: `The verification of migration ${step.version} found something.`,
      state: `Migration ${step.version} was applied and recorded; its own verification does not agree with the result.`,
      hint: 'Compare the database with what the verify script expects, then correct or roll back.',
      path: script.path,
      ...placeOf(statement, fault instanceof ServerFault ? fault.position : null),
      serverMessage: fault.message,
    };
  } finally {
    progress.end();
    await rollBack(execution);
  }
}
