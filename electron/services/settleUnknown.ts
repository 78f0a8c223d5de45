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
  const view = await inspect(context, prepared, live, backend);
  const next = [runCommandFor('reconcile', live.id, prepared.target), ...restoreNext(live.run())];
  const settled: Settled[] = [];
  // Steps that share a message are lost together: the first that is not done is where it ended.
  for (const [index, { outcome, problem }] of report.steps.entries())
    if (outcome === 'unknown') settled.push(settle(live, index, view?.steps[index], problem, isOpen(settled)));
  const open = settled.find(({ outcome }) => outcome !== 'succeeded');
  if (open?.outcome === 'unknown') return { outcome: 'interrupted', problem: report.problem, next };
  const complete = open === undefined && report.steps.at(-1)?.outcome === 'unknown';
  if (complete) return { outcome: 'succeeded', problem: null, next: [commandFor('status', prepared.target)] };
  const problem = open?.problem ?? interruptedAfter(settled.at(-1)?.version ?? '');
  return { outcome: 'interrupted', problem, next };
}

interface Settled {
  readonly version: string;
  readonly outcome: StepOutcome;
  readonly problem: Problem | null;
}

const isOpen = (settled: readonly Settled[]): boolean => settled.some(({ outcome }) => outcome !== 'succeeded');

/** Tells what became of a step, where anything tells it. `comesAfter`: one before it is not done. */
function settle(
  live: LiveRun,
  index: number,
  finding: StepFinding | undefined,
  told: Problem | null,
  comesAfter: boolean,
): Settled {
  const known = finding === undefined ? 'unknown' : outcomes[finding.verdict.kind];
  if (finding === undefined || known === 'unknown') return { version: '', outcome: 'unknown', problem: told };
  const outcome = comesAfter && known === 'rolledBack' ? 'notExecuted' : known;
  const problem = outcome === 'notExecuted' ? null : problemFor(finding, outcome, told);
  live.emit({
    type: 'stepFinished',
    step: index,
    outcome,
    durationMs: live.run().steps[index]?.durationMs ?? 0,
    statements:
      'at' in finding.verdict ? finding.verdict.at.statement : outcome === 'succeeded' ? finding.statements : 0,
    problem,
  });
  return { version: finding.version, outcome, problem };
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
