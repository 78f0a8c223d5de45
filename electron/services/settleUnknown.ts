/** After a lost connection: what became of the step, from the same evidence as any interrupted run; nothing is written. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Reconciliation, StepFinding } from '../../shared/model/reconcile.ts';
import type { StepOutcome } from '../../shared/model/run.ts';
import { type Problem, ProblemError } from '../../shared/problem.ts';
import type { ExecutionReport } from '../engine/execute.ts';
import { ServerFault } from '../engine/ports.ts';
import { commandFor } from './commandFor.ts';
import type { Context } from './context.ts';
import { type RunEnd, restoreNext } from './finishRun.ts';
import type { PreparedPlan } from './planMigration.ts';
import { inspectRun } from './reconcileRun.ts';
import { runCommandFor } from './runCommand.ts';
import type { LiveRun } from './runRegistry.ts';

/** Milliseconds for which a server is asked that cannot be reached, or that still works, and between two questions. */
const patienceMs = 20_000;
const pollMs = 500;

/** `backend`: of the session whose connection was lost. Only once that is gone its effects are final. */
export async function settleUnknown(
  context: Context,
  prepared: PreparedPlan,
  report: ExecutionReport,
  { live, backend }: { readonly live: LiveRun; readonly backend: string },
): Promise<RunEnd> {
  const index = report.steps.findIndex((step) => step.outcome === 'unknown');
  const view = await inspect(context, prepared, live, backend);
  const finding = view?.steps[index];
  const outcome = finding === undefined ? 'unknown' : outcomes[finding.verdict.kind];
  const next = [runCommandFor('reconcile', live.id, prepared.target), ...restoreNext(live.run())];
  if (finding === undefined || outcome === 'unknown') return { outcome: 'interrupted', problem: report.problem, next };
  const problem = problemFor(finding, outcome, report.steps[index]?.problem ?? null);
  live.emit({
    type: 'stepFinished',
    step: index,
    outcome,
    durationMs: live.run().steps[index]?.durationMs ?? 0,
    statements:
      'at' in finding.verdict ? finding.verdict.at.statement : outcome === 'succeeded' ? finding.statements : 0,
    problem,
  });
  const complete = outcome === 'succeeded' && index === prepared.plan.steps.length - 1;
  if (complete) return { outcome: 'succeeded', problem: null, next: [commandFor('status', prepared.target)] };
  return { outcome: 'interrupted', problem: problem ?? interruptedAfter(finding.version), next };
}

const outcomes: Readonly<Record<StepFinding['verdict']['kind'], StepOutcome>> = {
  done: 'succeeded',
  notDone: 'rolledBack',
  partly: 'failed',
  stillRunning: 'unknown',
  unknown: 'unknown',
};

/** Null: the server could not be asked, or still works, until our patience ended. */
async function inspect(
  context: Context,
  { target, source }: PreparedPlan,
  live: LiveRun,
  backend: string,
): Promise<Reconciliation | null> {
  const deadline = context.clock.elapsed() + patienceMs;
  for (; context.clock.elapsed() < deadline; await delay(pollMs)) {
    try {
      const view = await inspectRun(context, live.run(), { target, source }, backend);
      if (view.orphan === null) return view;
    } catch (thrown) {
      if (!(thrown instanceof ProblemError) && !(thrown instanceof ServerFault)) throw thrown;
    }
  }
  return null;
}

function problemFor(
  { version, evidence, verdict, statements }: StepFinding,
  outcome: StepOutcome,
  told: Problem | null,
) {
  if (outcome === 'succeeded') return null;
  const state =
    verdict.kind === 'partly'
      ? `${verdict.at.statement} of its ${statements} statements are done, and nothing of the others; the migrations before it are complete.`
      : `Migration ${version} did not take effect; the migrations before it are complete.`;
  return {
    code: 'connect.lost' as const,
    message: `The connection was lost while migration ${version} ran.`,
    state: `${state} ${evidence}`,
    hint:
      verdict.kind === 'partly'
        ? 'Check the network and the server, then resume the run.'
        : 'Check the network and the server, then start again.',
    ...(told?.serverMessage === undefined ? {} : { serverMessage: told.serverMessage }),
  };
}

const interruptedAfter = (version: string): Problem => ({
  code: 'connect.lost',
  message: `The connection was lost right after migration ${version}.`,
  state: `The journal in the database tells that migration ${version} is complete; the migrations after it were not started.`,
  hint: 'Check the network and the server, then go on with the rest.',
});
