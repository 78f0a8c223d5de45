/** One time of a schedule: claimed, so that of all processes one deals with it, and told whatever becomes of it. */
import type { Environment } from '../../../shared/model/environment.ts';
import type { Firing, Schedule } from '../../../shared/model/schedule.ts';
import { nothingChanged, type Problem, ProblemError, problemFrom } from '../../../shared/problem.ts';
import type { DueSchedule, FiringOwner } from '../../workspace/schedules.ts';
import type { Context } from '../context.ts';
import { isAlive, ownProcess } from '../processLife.ts';
import { recordAudit } from '../recordAudit.ts';
import { rehearsalLimitMs } from '../rehearse.ts';
import { contextWithRole } from '../roles.ts';
import { endDeadRuns } from '../settleRun.ts';
import { startBackup } from '../startBackup.ts';
import { startRehearsal } from '../startRehearsal.ts';
import { originOf, startRun } from '../startRun.ts';
import { nextAfter, passedUntil } from './occurrences.ts';
import { stopAt } from './schedules.ts';

/** Milliseconds after its time in which a run counts as in time: a busy computer, a long tick. */
const grace = 60_000;

/** True: this process has dealt with it. Aborted, it leaves the claim to whoever comes next. */
export async function fire(context: Context, due: DueSchedule, signal: AbortSignal): Promise<boolean> {
  const { schedule, next } = due;
  if (next === null || schedule.paused || !claim(context, schedule.id, next)) return false;
  const now = context.clock.now();
  const { last, before } = passedUntil(schedule.time, Date.parse(next), now);
  const result = await perform(context, schedule, last, signal);
  if (result === null) return false;
  const firing: Firing = { due: next, at: new Date(now).toISOString(), passed: before, ...result };
  context.workspace.schedules.settle(schedule.id, firing);
  const following = nextAfter(schedule.time, Math.max(now, last));
  context.workspace.schedules.advance(schedule.id, next, following === null ? null : new Date(following).toISOString());
  context.changes.publish({ kind: 'schedules', environmentId: schedule.environmentId });
  return true;
}

function claim(context: Context, id: string, time: string): boolean {
  const { schedules } = context.workspace;
  const own: FiringOwner = { host: context.host.hostName, process: ownProcess() };
  if (schedules.claim(id, time, own)) return true;
  const other = schedules.claimant(id, time);
  if (other === null || isAlive(context, other.host, other.process) !== false) return false;
  return schedules.takeOver(id, time, other, own);
}

type Result = Pick<Firing, 'outcome' | 'run' | 'problem'>;

async function perform(
  context: Context,
  schedule: Schedule,
  time: number,
  signal: AbortSignal,
): Promise<Result | null> {
  const environment = context.workspace.environments.find(schedule.environmentId);
  if (environment === null) return { outcome: 'refused', run: null, problem: gone };
  const own = contextWithRole(context, 'administrator', `${schedule.createdBy} by schedule`);
  const late = own.clock.now() - time;
  if (late > Math.max(grace, schedule.lateMinutes * 60_000))
    return told(own, schedule, environment, 'missed', missed(time));
  await endDeadRuns(own);
  const other = own.workspace.runs.unfinished().find(({ environmentId }) => environmentId === environment.id);
  if (other !== undefined) return told(own, schedule, environment, 'overlapped', overlapped(other.id));
  const stop = stopAt(environment, own.clock.now());
  if (stop !== null) return told(own, schedule, environment, 'refused', stop);
  try {
    return await begin(own, schedule, environment, signal);
  } catch (thrown) {
    const problem = problemFrom(thrown);
    if (problem.code === 'plan.nothingToDo') return { outcome: 'upToDate', run: null, problem: null };
    return told(own, schedule, environment, 'refused', problem);
  }
}

async function begin(
  context: Context,
  { work, answers }: Schedule,
  { id }: Environment,
  signal: AbortSignal,
): Promise<Result | null> {
  const target = { kind: 'environment', nameOrId: id } as const;
  if (work.kind === 'backup') {
    if (signal.aborted) return null;
    const started = await startBackup(context, target, work.prove ? { prove: answers.accept } : {});
    return { outcome: 'begun', run: started.id, problem: null };
  }
  if (work.rehearse) await rehearseFirst(context, target, work.wanted, answers.accept, signal);
  if (signal.aborted) return null;
  const { wanted, fingerprint, approvals = [] } = work;
  const started = await startRun(context, {
    target,
    wanted,
    fingerprint,
    approvals,
    ...answers,
    continueOnError: false,
  });
  return { outcome: 'begun', run: started.id, problem: null };
}

async function rehearseFirst(
  context: Context,
  target: { readonly kind: 'environment'; readonly nameOrId: string },
  wanted: Parameters<typeof startRehearsal>[1]['wanted'],
  accept: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const started = await startRehearsal(context, {
    target,
    wanted,
    copy: { kind: 'auto', tables: null },
    newBackup: 'ifNeeded',
    accept,
    limitMs: rehearsalLimitMs,
  });
  const cancel = () => context.runs.cancel(started.id);
  signal.addEventListener('abort', cancel, { once: true });
  const { outcome, problem } = await started.finished;
  signal.removeEventListener('abort', cancel);
  if (outcome === 'succeeded' || signal.aborted) return;
  throw new ProblemError({
    code: 'schedule.rehearsal',
    message: `The rehearsal before it did not succeed${problem === null ? '.' : `: ${problem.message}`}`,
    state: nothingChanged,
    hint: `Look at it: lockkeeper report ${started.id}`,
  });
}

/** As a run that was refused: so it is in the history, and whoever is told of runs is told of it. */
async function told(
  context: Context,
  { id, work, answers }: Schedule,
  { id: environmentId, name }: Environment,
  outcome: Firing['outcome'],
  problem: Problem,
): Promise<Result> {
  const origin = originOf(context, work.kind, name, environmentId, answers.reason);
  recordAudit(context, {
    action: 'schedule refused',
    environment: name,
    run: origin.id,
    detail: { schedule: id, outcome, problem: problem.code },
  });
  const next = [`lockkeeper schedule next ${id}`];
  await context.runs.start(origin, [], async (live) => {
    live.emit({ type: 'runFinished', outcome: 'refused', problem, next });
  }).finished;
  return { outcome, run: origin.id, problem };
}

const gone: Problem = {
  code: 'environment.notFound',
  message: 'Its environment was removed.',
  state: nothingChanged,
  hint: 'Remove the schedule.',
};

const missed = (time: number): Problem => ({
  code: 'schedule.missed',
  message: `Lockkeeper was not running at ${new Date(time).toISOString()}, and it is too late now.`,
  state: nothingChanged,
  hint: 'Run it yourself, or let the schedule be late by more minutes. Keep “lockkeeper serve” running where times matter.',
});

const overlapped = (run: string): Problem => ({
  code: 'schedule.overlapped',
  message: `The run ${run} still went on in that environment.`,
  state: 'That run is not touched by it.',
  hint: 'Leave more time between the times of the schedule, or find out what keeps that run.',
});
