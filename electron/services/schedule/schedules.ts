/** Makes, shows, pauses and removes schedules. Whoever makes one answers the gate beforehand, so administrators only. */
import { ulid } from 'ulid';
import type { Environment } from '../../../shared/model/environment.ts';
import type { Schedule, ScheduleView } from '../../../shared/model/schedule.ts';
import { nothingChanged, type Problem, ProblemError, raise } from '../../../shared/problem.ts';
import { stopsOf } from '../../engine/gateStops.ts';
import type { DueSchedule } from '../../workspace/schedules.ts';
import type { Context } from '../context.ts';
import { recordAudit } from '../recordAudit.ts';
import { requireLeast } from '../roles.ts';
import { findEnvironment } from '../target.ts';
import { following, nextAfter } from './occurrences.ts';

export type ScheduleRequest = Pick<Schedule, 'time' | 'work' | 'lateMinutes'> & {
  /** Name or id. */
  readonly environment: string;
  readonly answers: Schedule['answers'];
};

/** Times that are looked at to find one that the change windows let through. */
const lookedAt = 50;

/** @throws {ProblemError} `gate.*`, `schedule.invalid`, `environment.notFound` */
export function addSchedule(context: Context, request: ScheduleRequest): ScheduleView {
  requireLeast(context, 'administrator', 'Making a schedule');
  const environment = findEnvironment(context, request.environment);
  const { time, work, answers, lateMinutes } = request;
  const now = context.clock.now();
  requireAnswers(environment, request);
  const times = following(time, now, lookedAt);
  const [first] = times;
  if (first === undefined)
    raise({
      code: 'schedule.invalid',
      message: time.kind === 'once' ? `${time.at} is over.` : `“${time.expression}” never comes.`,
      hint: 'Name a time that is still to come.',
    });
  requireOpening(environment, times);
  const schedule: Schedule = {
    id: ulid(),
    environmentId: environment.id,
    time,
    work,
    answers,
    lateMinutes,
    paused: false,
    createdBy: context.host.user,
    createdAt: new Date(now).toISOString(),
  };
  context.workspace.schedules.save(schedule, new Date(first).toISOString());
  changed(context, 'schedule added', environment, { id: schedule.id, time, work, answers, lateMinutes });
  return viewOf(context, found(context, schedule.id));
}

/** Whatever can be known now to be missing at its time is told now. */
function requireAnswers(
  { name, protection, credential, source }: Environment,
  { answers, work }: ScheduleRequest,
): void {
  if (answers.reason.trim() === '')
    raise(
      problem(
        'gate.reason',
        'A schedule needs a reason.',
        'Give one with --reason "…"; it is kept in the history of each of its runs.',
      ),
    );
  if (protection.typedName && answers.confirm !== name)
    raise(
      problem(
        'gate.confirmation',
        `${name} is protected: its name must be typed to confirm a schedule.`,
        `Confirm with the name: --confirm "${name}"`,
      ),
    );
  if (credential.kind === 'ask')
    raise(
      problem(
        'connect.secretMissing',
        `The password of ${name} is asked for in each session: at its time nobody would be there.`,
        'Keep the password in the keychain.',
      ),
    );
  if (work.kind === 'backup') return;
  if (protection.readOnly)
    raise(
      problem(
        'gate.readOnly',
        `${name} is set to read-only.`,
        'Change the environment’s protection first, if that is really meant.',
      ),
    );
  if (source === null)
    raise(
      problem(
        'usage.invalid',
        `${name} has no migration folder.`,
        `Set it with: lockkeeper env edit "${name}" --source PATH`,
      ),
    );
}

const problem = (code: Problem['code'], message: string, hint: string) => ({
  code,
  message,
  hint,
  state: nothingChanged,
});

function requireOpening(environment: Environment, times: readonly number[]): void {
  const stops = times.map((at) => stopAt(environment, at));
  const [first] = stops;
  if (first != null && stops.every((stop) => stop !== null)) throw new ProblemError(first);
}

/** Why nothing would be begun at that time; null: it would. Backups keep to the change windows, too: they burden the server. */
export const stopAt = ({ name, protection }: Environment, at: number): Problem | null =>
  stopsOf(name, { ...protection, approvalHours: null }, [], {
    at,
    role: 'administrator',
    approval: { kind: 'notAsked' },
  })[0] ?? null;

/** In the order of their next times. `environmentId`: of one; null: of all. */
export const listSchedules = (context: Context, environmentId: string | null): ScheduleView[] =>
  context.workspace.schedules
    .list()
    .filter(({ schedule }) => environmentId === null || schedule.environmentId === environmentId)
    .map((due) => viewOf(context, due))
    .sort((one, other) => (one.next ?? '9').localeCompare(other.next ?? '9'));

/** The next times, oldest first. @throws {ProblemError} `schedule.notFound` */
export function nextTimes(context: Context, id: string, count: number): string[] {
  const { schedule } = found(context, id);
  return schedule.paused
    ? []
    : following(schedule.time, context.clock.now(), count).map((at) => new Date(at).toISOString());
}

/** Without a time until it is resumed; a run that goes on is not touched. @throws {ProblemError} `gate.role`, `schedule.notFound` */
export const pauseSchedule = (context: Context, id: string): ScheduleView => setPaused(context, id, true);

/** From its next time on: what passed meanwhile is not made up for. @throws {ProblemError} `gate.role`, `schedule.notFound` */
export const resumeSchedule = (context: Context, id: string): ScheduleView => setPaused(context, id, false);

function setPaused(context: Context, id: string, paused: boolean): ScheduleView {
  requireLeast(context, 'administrator', 'Changing a schedule');
  const { schedule } = found(context, id);
  const next = paused ? null : nextAfter(schedule.time, context.clock.now());
  context.workspace.schedules.save({ ...schedule, paused }, next === null ? null : new Date(next).toISOString());
  changed(context, paused ? 'schedule paused' : 'schedule resumed', environmentOf(context, schedule), { id });
  return viewOf(context, found(context, id));
}

/** @throws {ProblemError} `gate.role`, `schedule.notFound` */
export function removeSchedule(context: Context, id: string): void {
  requireLeast(context, 'administrator', 'Removing a schedule');
  const { schedule } = found(context, id);
  context.workspace.schedules.remove(id);
  changed(context, 'schedule removed', environmentOf(context, schedule), {
    id,
    time: schedule.time,
    work: schedule.work,
  });
}

/** Those of an environment that goes. */
export function removeSchedulesOf(context: Context, environmentId: string): void {
  for (const { schedule } of context.workspace.schedules.list())
    if (schedule.environmentId === environmentId) context.workspace.schedules.remove(schedule.id);
  context.changes.publish({ kind: 'schedules', environmentId });
}

function found(context: Context, id: string): DueSchedule {
  return (
    context.workspace.schedules.get(id) ??
    raise({
      code: 'schedule.notFound',
      message: `There is no schedule ${id}.`,
      hint: 'List them with: lockkeeper schedule list',
    })
  );
}

const environmentOf = (context: Context, { environmentId }: Schedule): Environment | null =>
  context.workspace.environments.find(environmentId);

function viewOf(context: Context, { schedule, next }: DueSchedule): ScheduleView {
  const environment = environmentOf(context, schedule);
  return {
    schedule,
    environment: environment?.name ?? '',
    next,
    nextProblem: environment === null || next === null ? null : stopAt(environment, Date.parse(next)),
    last: context.workspace.schedules.firings(schedule.id, 1)[0] ?? null,
  };
}

function changed(
  context: Context,
  action: string,
  environment: Environment | null,
  detail: Readonly<Record<string, unknown>>,
): void {
  recordAudit(context, { action, environment: environment?.name ?? null, run: null, detail });
  context.changes.publish({ kind: 'schedules', environmentId: environment?.id ?? null });
}
