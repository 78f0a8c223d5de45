/** One member of a fleet: an ordinary run with the fleet's answers, or the rest of one that was interrupted. */
import { createHash } from 'node:crypto';
import type { FleetMember } from '../../../shared/model/fleet.ts';
import { notRehearsed } from '../../../shared/model/rehearsal.ts';
import { onlyReads, type Run } from '../../../shared/model/run.ts';
import { type Problem, ProblemError, problemFrom, raise } from '../../../shared/problem.ts';
import type { Context } from '../context.ts';
import { isRefusal } from '../finishRun.ts';
import { logger } from '../logger.ts';
import type { Resuming } from '../openExecution.ts';
import { type PlanToRun, type PreparedPlan, planMigration, planToRun, requireRunnable } from '../planMigration.ts';
import { reconcileRun } from '../reconcileRun.ts';
import { rehearsalLimitMs } from '../rehearse.ts';
import { prepareResume, type ResumeRequest } from '../resumeRun.ts';
import { startRehearsal } from '../startRehearsal.ts';
import { type StartedRun, startPlanned } from '../startRun.ts';
import { findEnvironment, type TargetRequest } from '../target.ts';
import type { LiveFleet } from './liveFleet.ts';

type Change = Partial<FleetMember>;

/** Never rejects: what goes wrong is the member's state. */
export async function runMember(context: Context, live: LiveFleet, member: FleetMember): Promise<Change> {
  try {
    return await reachTarget(context, live, member);
  } catch (thrown) {
    const problem = problemFrom(thrown);
    if (!(thrown instanceof ProblemError))
      logger.error(`The fleet’s member ${member.name} failed unexpectedly`, thrown);
    return { state: stateOf(problem), problem };
  }
}

const stateOf = (problem: Problem): FleetMember['state'] => {
  if (problem.code === 'run.cancelled') return 'cancelled';
  if (problem.code === 'run.unknown') return 'interrupted';
  return isRefusal(problem) ? 'refused' : 'failed';
};

async function reachTarget(context: Context, live: LiveFleet, member: FleetMember): Promise<Change> {
  using _ = await live.slots.take(findEnvironment(context, member.id));
  const target = targetOf(live, member);
  const interrupted = interruptedRun(context, live, member);
  if (interrupted !== null && (await isHalfDone(context, live, target, interrupted.id)))
    return await resume(context, live, member, target, interrupted.id);
  if (live.fleet.policy.rehearse) await rehearseIfAsked(context, live, member, target);
  return await planAndRun(context, live, member, target);
}

async function planAndRun(
  context: Context,
  live: LiveFleet,
  member: FleetMember,
  target: TargetRequest,
): Promise<Change> {
  await using planned = await plan(context, live, member, target);
  const { steps } = planned.prepared.plan;
  if (steps.length === 0) return { state: 'upToDate', steps: 0, problem: null };
  return changeOf(await start(context, live, member, planned, null));
}

const targetOf = ({ password }: LiveFleet, { id }: FleetMember): TargetRequest & { kind: 'environment' } => ({
  kind: 'environment',
  nameOrId: id,
  ...(password === undefined ? {} : { password }),
});

/** The newest run there since the fleet began, where its process ended in the middle of it. */
function interruptedRun(context: Context, { fleet }: LiveFleet, { id }: FleetMember): Run | null {
  const [newest] = context.workspace.runs.latest({ environmentId: id, limit: 1 });
  if (newest === undefined || newest.outcome !== 'interrupted' || onlyReads(newest.action)) return null;
  return newest.startedAt >= fleet.startedAt ? newest : null;
}

/**
 * Finds out from evidence what the interrupted run did, and writes it down.
 * @throws {ProblemError} `run.unknown` where only a person can tell
 */
async function isHalfDone(context: Context, live: LiveFleet, target: TargetRequest, run: string): Promise<boolean> {
  const request = { run, target, orphan: 'wait', answer: null, reason: live.fleet.reason } as const;
  const { problem, steps } = await reconcileRun(context, { ...request, signal: live.signal });
  if (problem !== null) throw new ProblemError(problem);
  return steps.some(({ verdict }) => verdict.kind === 'partly');
}

async function resume(
  context: Context,
  live: LiveFleet,
  member: FleetMember,
  target: TargetRequest,
  interrupted: string,
): Promise<Change> {
  const { reason, accept } = live.fleet;
  const request = { run: interrupted, target, action: 'resume', reason, accept } as const;
  const resumed = changeOf(await startResuming(context, live, member, request));
  if (resumed.state !== 'succeeded') return resumed;
  // The interrupted run may have been for less than what is wanted now.
  const rest = await planAndRun(context, live, member, target);
  return rest.state === 'upToDate' ? resumed : rest;
}

async function startResuming(
  context: Context,
  live: LiveFleet,
  member: FleetMember,
  request: ResumeRequest,
): Promise<Run> {
  await using prepared = await prepareResume(context, request);
  return await start(context, live, member, prepared, prepared.resuming);
}

async function plan(
  context: Context,
  live: LiveFleet,
  { approvals }: FleetMember,
  target: TargetRequest,
): Promise<PlanToRun> {
  const { wanted, accept } = live.fleet;
  const planned = await planToRun(context, target, wanted, accept, live.folders, approvals);
  try {
    requireSameSource(live, planned.prepared);
    requireRunnable(planned.prepared.plan, null);
    return planned;
  } catch (thrown) {
    await planned[Symbol.asyncDispose]();
    throw thrown;
  }
}

/** Every member gets the same files: those that the first one was planned with, also after a crash. */
function requireSameSource(live: LiveFleet, { source, target }: PreparedPlan): void {
  const key = JSON.stringify([source.path, source.tool.id, target.driver.id]);
  const digest = createHash('sha256');
  for (const { historyKey, up } of source.migrations)
    digest.update(JSON.stringify([historyKey, up.kind === 'program' ? up.program.digest : up.sha256]));
  const found = digest.digest('hex');
  const first = live.fleet.sources[key];
  if (first === undefined) live.change({ sources: { ...live.fleet.sources, [key]: found } });
  else if (first !== found)
    raise({
      code: 'plan.stale',
      message: `The folder ${source.path} is not what it was when the fleet began.`,
      hint: 'Put the files back as they were, or let this fleet be and start a new one.',
      path: source.path,
    });
}

/** @throws {ProblemError} when the rehearsal does not succeed */
async function rehearseIfAsked(
  context: Context,
  live: LiveFleet,
  member: FleetMember,
  target: TargetRequest,
): Promise<void> {
  const { wanted, accept } = live.fleet;
  if (accept.includes(notRehearsed)) return;
  const { plan: planned, gate } = await planMigration(context, target, wanted, accept, live.folders);
  if (planned.steps.length === 0 || gate.rehearsal === undefined) return;
  const copy = { kind: 'auto', tables: null } as const;
  const request = { target, wanted, accept, copy, newBackup: 'ifNeeded', limitMs: rehearsalLimitMs } as const;
  const { problem, outcome } = await follow(live, member, await startRehearsal(context, request));
  if (outcome !== 'succeeded') throw new ProblemError(problem ?? problemFrom(new Error(String(outcome))));
}

/** With the answers that the fleet was given for all, of which each member's own gate takes what it asks for. */
function start(
  context: Context,
  live: LiveFleet,
  member: FleetMember,
  planned: PlanToRun,
  resuming: Resuming | null,
): Promise<Run> {
  if (live.signal.aborted)
    raise({ code: 'run.cancelled', message: 'Cancelled before it began.', hint: 'Go on with the fleet to do it.' });
  const { reason, accept, backup } = live.fleet;
  const { gate, plan: planOf } = planned.prepared;
  const answers = {
    fingerprint: member.fingerprint,
    confirm: member.confirmed ? gate.typedName : null,
    ...{ reason, accept, continueOnError: false },
    ...(backup === undefined ? {} : { backup }),
  };
  const started = startPlanned(context, planned, answers, resuming);
  return follow(live, member, started, planOf.steps.length);
}

/** On the disk at once: whoever goes on after a crash knows the run. */
function follow(live: LiveFleet, { id }: FleetMember, started: StartedRun, steps: number | null = null): Promise<Run> {
  live.changeMember(id, { run: started.id, steps, done: 0 });
  return started.finished;
}

const changeOf = ({ outcome, problem, steps }: Run): Change => ({
  state: outcome ?? 'interrupted',
  problem,
  done: steps.filter((step) => step.outcome === 'succeeded').length,
});
