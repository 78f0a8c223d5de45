/** Documents of schedules and hooks. */
import { z } from 'zod';
import { hookMoments } from '../../model/hook.ts';
import { list } from './routes.ts';
import { problem, time } from './schemas.ts';

export const schedule = z.object({
  id: z.string(),
  environment: z.string(),
  time: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('cron'), expression: z.string(), timeZone: z.string() }),
    z.object({ kind: z.literal('once'), at: time }),
  ]),
  work: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('up'),
      wanted: z.object({ direction: z.enum(['up', 'down']), to: z.string().exactOptional() }),
      fingerprint: z.string().nullable(),
      rehearse: z.boolean(),
    }),
    z.object({ kind: z.literal('backup'), prove: z.boolean() }),
  ]),
  reason: z.string(),
  accept: list(z.string()),
  lateMinutes: z.int(),
  paused: z.boolean(),
  createdBy: z.string(),
  createdAt: time,
  next: time.nullable().meta({ description: 'Null: paused, or there is none any more.' }),
  nextProblem: problem.nullable().meta({ description: 'Why its change windows would refuse that time.' }),
  last: z
    .object({
      due: time,
      at: time,
      outcome: z.enum(['begun', 'upToDate', 'missed', 'overlapped', 'refused']),
      run: z.string().nullable(),
      problem: problem.nullable(),
      passed: z.int(),
    })
    .nullable()
    .meta({ description: 'What became of its last time.' }),
});

const hookFacts = {
  name: z.string(),
  moment: z.enum(hookMoments),
  actions: list(z.string()),
  timeoutSeconds: z.int(),
};
export const hook = z.discriminatedUnion('kind', [
  z.object({
    ...hookFacts,
    kind: z.literal('command'),
    command: list(z.string()),
    folder: z.string().optional().meta({ description: 'It runs in; absent: the folder for temporary files.' }),
  }),
  z.object({ ...hookFacts, kind: z.literal('webhook'), url: z.string(), signed: z.boolean() }),
]);
