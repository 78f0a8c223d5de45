/** The REST API's procedures for schedules and hooks. */
import type { Approval } from '../../../shared/model/approval.ts';
import type { Hook } from '../../../shared/model/hook.ts';
import { raise } from '../../../shared/problem.ts';
import { listHooks, withHook, withoutHook } from '../../services/hooks/hooks.ts';
import { requireLeast } from '../../services/roles.ts';
import { type Caller, environmentOf, scheduleOf } from './caller.ts';
import { os } from './implementer.ts';
import { flattenSchedule, schedulesPage } from './pages.ts';

interface ScheduledUp {
  readonly to?: string;
  readonly planFingerprint: string | null;
  readonly approvals?: readonly Approval[];
  readonly rehearse: boolean;
}

const upOf = ({ to, planFingerprint, approvals, rehearse }: ScheduledUp) => ({
  kind: 'up' as const,
  wanted: { direction: 'up' as const, ...(to === undefined ? {} : { to }) },
  fingerprint: planFingerprint,
  ...(approvals === undefined ? {} : { approvals }),
  rehearse,
});

/** Id of the environment whose hooks are meant; null: the workspace's. @throws {ProblemError} `gate.role`, `environment.notFound` */
function whereOf(caller: Caller, environment: string | null): string | null {
  if (environment !== null) return environmentOf(caller, environment).id;
  if (caller.token.environments !== null)
    raise({
      code: 'gate.role',
      message: 'This token may see some environments only, and the hooks of the workspace hold for all.',
      hint: 'Name one of its environments.',
    });
  return null;
}

export const automationHandlers = {
  listSchedules: os.listSchedules.handler(({ context, input }) => schedulesPage(context.caller, input.query)),
  createSchedule: os.createSchedule.handler(async ({ context: { caller }, input: { params, body } }) => {
    const { time, work, lateMinutes, ...answers } = body;
    const environment = environmentOf(caller, params.env).id;
    const wanted = work.kind === 'backup' ? work : upOf(work);
    return flattenSchedule(await caller.call.schedules.add({ environment, time, work: wanted, answers, lateMinutes }));
  }),
  getSchedule: os.getSchedule.handler(async ({ context: { caller }, input }) =>
    flattenSchedule(await scheduleOf(caller, input.params.id)),
  ),
  getNextTimes: os.getNextTimes.handler(async ({ context: { caller }, input: { params, query } }) => {
    const { schedule } = await scheduleOf(caller, params.id);
    return caller.call.schedules.next({ id: schedule.id, count: query.count });
  }),
  pauseSchedule: os.pauseSchedule.handler(async ({ context: { caller }, input }) => {
    const { schedule } = await scheduleOf(caller, input.params.id);
    return flattenSchedule(await caller.call.schedules.pause({ id: schedule.id }));
  }),
  resumeSchedule: os.resumeSchedule.handler(async ({ context: { caller }, input }) => {
    const { schedule } = await scheduleOf(caller, input.params.id);
    return flattenSchedule(await caller.call.schedules.resume({ id: schedule.id }));
  }),
  removeSchedule: os.removeSchedule.handler(async ({ context: { caller }, input }) => {
    const { schedule } = await scheduleOf(caller, input.params.id);
    await caller.call.schedules.remove({ id: schedule.id });
    return { removed: true };
  }),
  listHooks: os.listHooks.handler(({ context: { caller }, input }) => ({
    hooks: listHooks(caller.context, whereOf(caller, input.query.environment ?? null)),
  })),
  setWebhook: os.setWebhook.handler(async ({ context: { caller }, input: { body } }) => {
    requireLeast(caller.context, 'administrator', 'Setting a hook');
    const { environment, secret, ...about } = body;
    const hook: Hook = { ...about, kind: 'webhook', signed: secret !== null };
    const layer = withHook(caller.context, whereOf(caller, environment), hook);
    if (secret !== null) await caller.call.hooks.setSecret({ name: hook.name, secret });
    await caller.call.settings.set({ layer });
    return hook;
  }),
  testHook: os.testHook.handler(async ({ context: { caller }, input: { params, body }, signal }) =>
    caller.call.hooks.test(
      { environmentId: whereOf(caller, body.environment), name: params.name },
      signal === undefined ? {} : { signal },
    ),
  ),
  removeHook: os.removeHook.handler(async ({ context: { caller }, input: { params, body } }) => {
    requireLeast(caller.context, 'administrator', 'Removing a hook');
    const layer = withoutHook(caller.context, whereOf(caller, body.environment), params.name);
    await caller.call.settings.set({ layer });
    return { removed: true };
  }),
};
