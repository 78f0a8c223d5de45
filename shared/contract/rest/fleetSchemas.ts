/** Documents of fleets; those of the command line, where it has them. */
import { z } from 'zod';
import { tiers } from '../../model/environment.ts';
import { fleetReportVersion } from '../../model/fleetReport.ts';
import { list } from './routes.ts';
import { problem, time } from './schemas.ts';

const outcome = z.enum(['succeeded', 'failed', 'cancelled', 'paused', 'interrupted']);
const memberOutcome = z.enum([
  ...(['waiting', 'running', 'upToDate'] as const),
  ...(['succeeded', 'failed', 'cancelled', 'interrupted', 'refused'] as const),
]);
const counts = z.record(memberOutcome, z.int()).readonly();
const wanted = z.object({ direction: z.literal('up'), to: z.string().exactOptional() });
const shard = z.object({ index: z.int(), count: z.int() }).nullable();

const member = z.object({
  environment: z.string(),
  tier: z.enum(tiers),
  outcome: memberOutcome,
  setAside: z.boolean(),
  run: z.string().nullable(),
  steps: z.int().nullable(),
  done: z.int(),
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
  problem: problem.nullable(),
});

const facts = z.object({
  fleet: z.string().meta({ description: 'Its id.' }),
  name: z.string(),
  wanted,
  shard,
  outcome: z.enum([...outcome.options, 'running']),
  startedAt: time,
  finishedAt: time.nullable(),
  problem: problem.nullable(),
});

export const fleet = facts.extend({ counts, members: list(member), next: list(z.string()) });

export const fleetSummary = z.object({
  id: z.string(),
  name: z.string(),
  wanted,
  shard,
  actor: z.string(),
  startedAt: time,
  finishedAt: time.nullable(),
  outcome: outcome.nullable().meta({ description: 'Null while it goes on.' }),
  counts,
});

export const fleetPlan = z.object({
  name: z.string(),
  confirm: z.string().nullable().meta({ description: 'What is to be sent as `confirm`; null: nothing.' }),
  members: list(
    z.object({
      id: z.string(),
      name: z.string(),
      tier: z.enum(tiers),
      fingerprint: z.string().nullable(),
      versions: list(z.string()),
      estimateMs: z.number().nullable(),
      backup: z.enum(['none', 'taken', 'checked', 'proven']),
      typedName: z.boolean(),
      reason: z.boolean(),
      hazardsToAccept: list(z.string()),
      approval: problem
        .nullable()
        .meta({ description: 'The second person’s approval that is asked for is not there.' }),
      rehearsal: problem.nullable().meta({ description: 'The rehearsal that is asked for is not there.' }),
      problem: problem.nullable().meta({ description: 'Why it could not run now.' }),
    }),
  ),
});

export const fleetEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('fleet'), at: time, fleet: facts }),
  z.object({ type: z.literal('members'), at: time, members: list(member) }),
]);

export const fleetCancelled = z.object({
  cancelled: z.enum(['begun', 'asked', 'unheard', 'ended']).meta({
    description:
      '`begun`: by this process. `asked`: its own process looks every second. `unheard`: whether that lives cannot be told from here. `ended`: there was nothing to cancel.',
  }),
});

export const fleetReport = z.object({
  format: z.literal(fleetReportVersion),
  fleet: z.object({ id: z.string(), name: z.string(), outcome: outcome.nullable() }),
  counts,
  members: list(z.object(member.shape)),
});
