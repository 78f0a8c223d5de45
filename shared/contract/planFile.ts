/** Plan files, from whoever carries them: every field is checked, none is believed. */
import { z } from 'zod';
import { approvalsInput, hazardCode, person } from './approval.ts';
import { targetInput } from './inputs.ts';

const words = z.string().max(4096);
const digest = z.string().regex(/^[\da-f]{64}$/);
const step = z.object({
  version: z.string().max(512),
  name: words,
  action: z.enum(['apply', 'revert']),
  path: words,
});

export const planFile = z.object({
  format: z.literal(1),
  fingerprint: digest,
  request: targetInput,
  steps: z
    .array(
      step.extend({
        statements: z.number().int().min(0),
        description: z.string().max(10_000).nullable(),
        hazards: z
          .array(z.object({ code: hazardCode, message: z.string().max(10_000), line: z.number().int().nullable() }))
          .max(10_000),
      }),
    )
    .max(100_000),
  /** Absent in files of earlier versions, which nobody can approve. */
  offered: z
    .object({
      subject: z.object({
        lockkeeperApproval: z.literal(1),
        fingerprint: digest,
        environment: words,
        engine: z.string().max(40),
        server: words,
        database: words,
        tool: z.string().max(40),
        historyTable: words,
        request: targetInput,
        steps: z.array(step.extend({ sha256: digest })).max(100_000),
      }),
      by: person,
      at: z.iso.datetime(),
      scripts: z.array(z.string().nullable()).max(100_000),
    })
    .exactOptional(),
  approvals: approvalsInput.exactOptional(),
});

export type PlanFile = z.infer<typeof planFile>;

/** Characters: scripts are part of it. */
const longestPlanFile = 32_000_000;

/** `name`: of the file, for people. */
export const planFileInput = z.object({ text: z.string().max(longestPlanFile), name: z.string().max(300) });

/** Whose key it is that approved, as its owner was asked: the fingerprint must be the key's own. */
export const trustApproverInput = planFileInput.extend({
  whose: z.string().trim().min(1).max(200),
  fingerprint: z.string().min(1).max(200),
});

export const approveInput = planFileInput.extend({ note: z.string().trim().max(2000).nullable() });
