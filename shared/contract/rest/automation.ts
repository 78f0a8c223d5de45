/** The REST API’s part for schedules and hooks. */
import { z } from 'zod';
import { hookMoments, usualHookActions } from '../../model/hook.ts';
import { runActions } from '../../model/run.ts';
import { approvalsInput } from '../approval.ts';
import * as schemas from './automationSchemas.ts';
import {
  answers,
  environmentPath,
  firstPage,
  get,
  getPage,
  idPath,
  list,
  none,
  number,
  page,
  pageOf,
  post,
  postNew,
  sent,
  version,
} from './routes.ts';

const environment = z.string().min(1).max(100);
const ofOne = environment.nullable().default(null).meta({ description: 'Null: of the workspace.' });
const hookPath = z.object({ name: z.string().min(1).max(100) });

const time = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('cron'),
    expression: z.string().min(1).max(200).meta({ description: 'Five fields: minute hour day month weekday.' }),
    timeZone: z.string().min(1).max(100),
  }),
  z.strictObject({ kind: z.literal('once'), at: z.iso.datetime() }),
]);

const work = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('up'),
    to: version.exactOptional(),
    planFingerprint: z
      .string()
      .length(64)
      .nullable()
      .default(null)
      .meta({ description: 'Null: what is pending then.' }),
    approvals: approvalsInput.exactOptional(),
    rehearse: z.boolean().default(false),
  }),
  z.strictObject({ kind: z.literal('backup'), prove: z.boolean().default(false) }),
]);

export const automationRoutes = {
  listSchedules: getPage('/schedules', 'listSchedules', 'Schedules, by their next times, with what became of the last')
    .input(
      z.object({ query: z.strictObject({ ...page, environment: environment.exactOptional() }).default(firstPage) }),
    )
    .output(pageOf({ schedules: list(schemas.schedule) })),
  createSchedule: postNew(
    '/environments/{env}/schedules',
    'createSchedule',
    'Runs or backups by the clock; the gate is answered beforehand. For administrators',
  )
    .input(
      z.object({
        params: environmentPath,
        body: sent({
          time,
          work,
          confirm: answers.confirm,
          reason: z.string().trim().min(1).max(2000),
          accept: answers.accept,
          lateMinutes: z.int().min(0).max(10_080).default(0),
        }),
      }),
    )
    .output(schemas.schedule),
  getSchedule: get('/schedules/{id}', 'getSchedule', 'One schedule')
    .input(z.object({ params: idPath, query: none }))
    .output(schemas.schedule),
  getNextTimes: get('/schedules/{id}/next', 'getNextTimes', 'Its next times, oldest first; none while it is paused')
    .input(
      z.object({ params: idPath, query: z.strictObject({ count: number(1, 100).default(10) }).default({ count: 10 }) }),
    )
    .output(z.object({ times: list(z.string()) })),
  pauseSchedule: post('/schedules/{id}/pause', 'pauseSchedule', 'Without a time until it is resumed')
    .input(z.object({ params: idPath, body: none }))
    .output(schemas.schedule),
  resumeSchedule: post('/schedules/{id}/resume', 'resumeSchedule', 'From its next time on')
    .input(z.object({ params: idPath, body: none }))
    .output(schemas.schedule),
  removeSchedule: post('/schedules/{id}/remove', 'removeSchedule', 'A run that it has begun is not touched')
    .input(z.object({ params: idPath, body: none }))
    .output(z.object({ removed: z.boolean() })),
  listHooks: get('/hooks', 'listHooks', 'Those of the workspace, or that hold for an environment')
    .input(z.object({ query: z.strictObject({ environment: environment.exactOptional() }).default({}) }))
    .output(z.object({ hooks: list(schemas.hook) })),
  setWebhook: postNew(
    '/hooks',
    'setWebhook',
    'A webhook, or another one of its name; commands are set at the computer that runs them. For administrators',
  )
    .input(
      z.object({
        body: sent({
          environment: ofOne,
          name: z.string().trim().min(1).max(100),
          moment: z.enum(hookMoments),
          actions: z
            .array(z.enum(runActions))
            .min(1)
            .max(runActions.length)
            .default([...usualHookActions]),
          timeoutSeconds: z.int().min(1).max(3600).default(60),
          url: z.string().min(1).max(2000),
          secret: z
            .string()
            .min(16)
            .max(4096)
            .nullable()
            .default(null)
            .meta({ description: 'What it is signed with; the keychain keeps it, and nothing tells it again.' }),
        }),
      }),
    )
    .output(schemas.hook),
  testHook: post('/hooks/{name}/test', 'testHook', 'Runs or tells it with a sample that says so')
    .input(z.object({ params: hookPath, body: sent({ environment: ofOne }).default({ environment: null }) }))
    .output(z.object({ durationMs: z.number(), output: z.string() })),
  removeHook: post('/hooks/{name}/remove', 'removeHook', 'Where it is set')
    .input(z.object({ params: hookPath, body: sent({ environment: ofOne }).default({ environment: null }) }))
    .output(z.object({ removed: z.boolean() })),
};
