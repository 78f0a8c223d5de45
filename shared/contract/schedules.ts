import { z } from 'zod';
import { approvalsInput } from './approval.ts';
import { targetInput } from './inputs.ts';

const text = z.string().max(4096);

export const scheduleInput = z.object({
  /** Name or id. */
  environment: z.string().min(1).max(100),
  time: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('cron'), expression: z.string().min(1).max(200), timeZone: z.string().min(1).max(100) }),
    z.object({ kind: z.literal('once'), at: z.iso.datetime() }),
  ]),
  work: z.discriminatedUnion('kind', [
    z.object({
      kind: z.literal('up'),
      wanted: targetInput,
      fingerprint: z.string().length(64).nullable(),
      approvals: approvalsInput.exactOptional(),
      rehearse: z.boolean(),
    }),
    z.object({ kind: z.literal('backup'), prove: z.boolean() }),
  ]),
  answers: z.object({
    confirm: text.nullable(),
    reason: z.string().trim().min(1).max(2000),
    accept: z.array(z.string().max(100)).max(100),
  }),
  /** Up to a week. */
  lateMinutes: z.number().int().min(0).max(10_080),
});
