/** Runs the verify scripts of applied steps: their results are kept, an error is a finding. Their effects are rolled back. */
import type { Script } from '../../shared/model/migration.ts';
import type { Plan, Step } from '../../shared/model/plan.ts';
import { type Problem, ProblemError } from '../../shared/problem.ts';
import type { Execution } from './execute.ts';
import { placeOf } from './failure.ts';
import { createMessage } from './message.ts';
import { ServerFault } from './ports.ts';
import { createProgress } from './progress.ts';
import { rollBack } from './records.ts';
import { readUnits } from './scriptUnits.ts';
import { cancellable, type StepReport } from './stepCourse.ts';

export async function verifySteps(
  plan: Plan,
  reports: readonly StepReport[],
  execution: Execution,
): Promise<Problem[]> {
  const findings: Problem[] = [];
  await cancellable(execution, async () => {
    for (const [index, step] of plan.steps.entries()) {
      const { verify } = step.migration;
      if (step.action !== 'apply' || reports[index]?.outcome !== 'succeeded' || verify === null) continue;
      const finding = execution.signal.aborted ? notVerified(step) : await verifyStep(step, verify, execution, 'after');
      if (finding !== null) findings.push(finding);
      if (execution.signal.aborted) break;
    }
  });
  return findings;
}

/** What the verify scripts answer before anything is changed, to be compared with later: what fails then proves nothing. */
export async function verifyBefore(plan: Plan, execution: Execution): Promise<void> {
  await cancellable(execution, async () => {
    for (const step of plan.steps) {
      const { verify } = step.migration;
      if (step.action !== 'apply' || verify === null || execution.signal.aborted) continue;
      await verifyStep(step, verify, execution, 'before');
    }
  });
}

const isControl = (text: string, { sql }: Execution): boolean => sql.classify(text).kind === 'transactionControl';

const notVerified = ({ version }: Step): Problem => ({
  code: 'run.cancelled',
  message: `Cancelled before the verification of migration ${version} had ended.`,
  state: `Migration ${version} was applied and recorded; whether its verification agrees is not known.`,
  hint: 'Run the queries of its verify script yourself.',
});

async function verifyStep(
  step: Step,
  script: Script,
  execution: Execution,
  verification: 'before' | 'after',
): Promise<Problem | null> {
  // Only results are of interest here: the step's own progress is complete.
  const progress = createProgress(
    { ...step, statements: Number.POSITIVE_INFINITY },
    {
      ...execution,
      emit(event) {
        if (event.type === 'resultSet') execution.emit({ ...event, verification });
        else if (event.type !== 'statementProgress') execution.emit(event);
      },
    },
  );
  const message = createMessage(execution.session, execution.capabilities, progress);
  try {
    await message.control(...execution.control.begin);
    for await (const unit of readUnits(script, execution)) {
      if (execution.signal.aborted) return notVerified(step);
      // What opens and ends a transaction in it would end ours, and with it the certainty that nothing of it stays.
      if (unit.kind === 'statement' && !isControl(unit.statement.text, execution)) await message.add(unit);
    }
    await message.flush();
    return null;
  } catch (thrown) {
    const { fault, statement } = await message.failure(thrown);
    if (execution.signal.aborted && fault instanceof ServerFault && fault.kind === 'cancelled')
      return notVerified(step);
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
