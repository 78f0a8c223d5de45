/** What procedures of fleets take. */
import { z } from 'zod';
import { mostJobs } from '../model/fleet.ts';
import { tenantKinds } from '../model/tenant.ts';
import { approvalsInput } from './approval.ts';

/** Of an environment or a tenant. */
export const environmentId = z.string().min(1).max(200);
const fleetId = z.string().min(1).max(64);
const wanted = z.object({ direction: z.literal('up'), to: z.string().max(512).exactOptional() });
const members = z.array(environmentId).min(1).max(10_000);

/** Of a second person, of each member's own plan; others are passed over. */
const approvals = z.record(environmentId, approvalsInput).exactOptional();

const answers = {
  approvals,
  /** `fleetConfirmation` as the person typed it. */
  confirm: z.string().max(300).nullable(),
  reason: z.string().max(2000).nullable(),
  /** Hazard codes accepted for all members. */
  accept: z.array(z.string().max(100)).max(200),
  /** Absent: as each member's protection says. */
  backup: z.boolean().exactOptional(),
};

export const fleetById = z.object({ id: fleetId });

export const fleetTenantsInput = z.object({
  environmentId,
  query: z.string().min(1).max(20_000),
  kind: z.enum(tenantKinds),
});

export const fleetPlanInput = z.object({
  environmentIds: members,
  wanted,
  jobs: z.number().int().min(1).max(mostJobs),
  approvals,
});

export const fleetStartInput = z.object({
  name: z.string().trim().min(1).max(200),
  environmentIds: members,
  wanted,
  policy: z.object({
    jobs: z.number().int().min(1).max(mostJobs),
    canary: z.number().int().min(0).max(10_000),
    maxFailures: z.number().int().min(1).max(10_000).nullable(),
    pauseBetweenStages: z.boolean(),
    rehearse: z.boolean(),
  }),
  /** Of the plans that were shown, by member; another plan is refused as stale. */
  fingerprints: z.record(environmentId, z.string().length(64)),
  ...answers,
});

export const fleetResumeInput = fleetById.extend({
  retryFailed: z.boolean(),
  leaveFailed: z.boolean(),
  ...answers,
});
