/** The documents of the REST API. Fields may be added to them at any time: clients pass over what they do not know. */
import { z } from 'zod';
import { backupLevels } from '../../model/backup.ts';
import { engineIds, tiers } from '../../model/environment.ts';
import { migrationStatuses } from '../../model/history.ts';
import { reportVersion } from '../../model/report.ts';
import { runOutcomes, runPhases } from '../../model/run.ts';
import { findingKinds } from '../../model/verification.ts';
import { type ProblemCode, problemCodes } from '../../problem.ts';
import { list } from './routes.ts';

export const time = z.string().meta({ description: 'ISO 8601 in UTC' });
const codes = Object.keys(problemCodes) as [ProblemCode, ...ProblemCode[]];

export const problem = z.object({
  code: z.enum(codes).meta({ description: 'Stable; scripts go by it.' }),
  message: z.string().meta({ description: 'What happened.' }),
  state: z.string().meta({ description: 'The state of the database now.' }),
  hint: z.string().meta({ description: 'What to do next.' }),
  path: z.string().exactOptional(),
  line: z.int().exactOptional(),
  column: z.int().exactOptional(),
  serverMessage: z.string().exactOptional().meta({ description: 'The server’s own words, redacted.' }),
});

const lockHolder = z.object({
  person: z.string().nullable(),
  host: z.string().nullable(),
  process: z.string().nullable(),
  since: time.nullable(),
  alive: z.boolean(),
});
export const lock = z.object({ held: z.boolean(), holder: lockHolder.nullable() });
export const releasedLock = lock.extend({ released: z.boolean(), before: lockHolder.nullable() });

const outcome = z.enum(runOutcomes).nullable().meta({ description: 'Null while it goes on.' });

export const runSummary = z.object({
  id: z.string(),
  environment: z.string(),
  action: z.string(),
  outcome,
  actor: z.string(),
  startedAt: time,
  finishedAt: time.nullable(),
  versions: list(z.string()),
});

const runStep = z.object({
  index: z.int(),
  version: z.string(),
  name: z.string(),
  action: z.string(),
  statements: z.int(),
  state: z.enum(['waiting', 'running', 'finished']),
  outcome: z.enum(['succeeded', 'failed', 'rolledBack', 'unknown', 'notExecuted']).nullable(),
  startedAt: time.nullable(),
  durationMs: z.number().nullable(),
  problem: problem.nullable(),
});

export const run = z.object({
  id: z.string(),
  action: z.string(),
  environment: z.string(),
  environmentId: z.string().nullable(),
  actor: z.string(),
  host: z.string(),
  reason: z.string().nullable(),
  startedAt: time,
  finishedAt: time.nullable(),
  outcome,
  phase: z.enum(runPhases).nullable(),
  steps: list(runStep),
  backup: z.object({ id: z.string(), level: z.enum(backupLevels) }).nullable(),
  cancelRequested: z.boolean(),
  warnings: list(z.string()),
  problem: problem.nullable(),
  next: list(z.string()),
  seq: z.int().meta({ description: 'Of the last event that it is made from.' }),
});

export const runEvent = z.object({
  type: z.string().meta({ description: 'runStarted, phaseStarted, stepFinished … runFinished, which is the last.' }),
  seq: z.int().meta({ description: 'From 0, without gaps; also the id of the server-sent event.' }),
  at: time,
});

export const backup = z.object({
  id: z.string(),
  environment: z.string(),
  engine: z.enum(engineIds),
  database: z.string(),
  level: z.enum(backupLevels),
  takenAt: time,
  durationMs: z.number(),
  bytes: z.number(),
  path: z.string(),
  sha256: z.string(),
  encrypted: z.boolean(),
  covers: z.enum(['everything', 'schema', 'tables']),
  checkedAt: time.nullable(),
  problem: problem.nullable(),
});

export const environment = z.object({
  id: z.string(),
  name: z.string(),
  tier: z.enum(tiers),
  colour: z.string(),
  group: z.string(),
  url: z.string().meta({ description: 'Without a secret.' }),
  source: z.string().nullable(),
  tool: z.string().nullable(),
  protection: z.object({
    typedName: z.boolean(),
    reason: z.boolean(),
    backup: z.enum(['none', ...backupLevels]),
    acceptHazards: z.boolean(),
    readOnly: z.boolean(),
  }),
  lastKnown: z
    .object({
      at: time,
      current: z.string().nullable(),
      pending: z.int(),
      attention: z.int(),
      problem: problem.nullable(),
    })
    .nullable(),
  lastRun: runSummary.nullable(),
  lastBackup: backup.nullable(),
  activeRun: z.string().nullable(),
});

const applicationVersion = z.object({
  version: z.string(),
  database: z.string(),
  until: z.string().exactOptional(),
  date: z.string().nullable(),
  changes: list(z.string()),
});

export const status = z.object({
  environment: z.string(),
  engine: z.string(),
  serverVersion: z.string(),
  database: z.string(),
  tool: z.string(),
  source: z.string(),
  historyTable: z.string(),
  current: z.string().nullable(),
  applicationVersion: z.string().nullable(),
  counts: z.record(z.enum(migrationStatuses), z.int()).readonly(),
  pending: z.int(),
  migrations: list(
    z.object({
      version: z.string(),
      historyKey: z.string(),
      name: z.string(),
      kind: z.enum(['versioned', 'repeatable', 'baseline']),
      status: z.enum(migrationStatuses),
      reversible: z.boolean(),
      appliedAt: time.nullable(),
      appliedBy: z.string().nullable(),
      durationMs: z.number().nullable(),
      checksum: z.string().nullable(),
      batch: z.int().nullable(),
    }),
  ),
  lock,
  problems: list(problem),
  readAt: time,
});

const hazard = z.object({
  code: z.string(),
  severity: z.enum(['notice', 'warning', 'danger']),
  message: z.string(),
  line: z.int().nullable(),
});

export const plan = z.object({
  fingerprint: z.string(),
  direction: z.enum(['up', 'down']),
  target: z.string().nullable(),
  environment: z.string(),
  database: z.string(),
  steps: list(
    z.object({
      index: z.int(),
      version: z.string(),
      name: z.string(),
      action: z.enum(['apply', 'revert']),
      path: z.string(),
      transactional: z.boolean(),
      statements: z.int(),
      reversible: z.boolean(),
      hazards: list(hazard),
      estimate: z.object({ ms: z.number(), source: z.string() }).nullable(),
    }),
  ),
  problems: list(problem),
  warnings: list(problem),
  gate: z
    .object({
      typedName: z.string().nullable(),
      reason: z.boolean(),
      backup: z.enum(['none', ...backupLevels]),
      hazardsToAccept: list(z.string()),
      blocked: problem.nullable(),
    })
    .meta({ description: 'What the environment’s protection asks of the request that runs it.' }),
});

export const historyEntry = z.object({
  at: time,
  environment: z.string(),
  actor: z.string(),
  action: z.string(),
  version: z.string().nullable(),
  outcome: z.string(),
  durationMs: z.number().nullable(),
  run: z.string(),
  reason: z.string().nullable(),
});

export const verification = z.object({
  environment: z.string(),
  tool: z.string(),
  historyTable: z.string(),
  findings: list(
    z.object({
      kind: z.enum(findingKinds),
      version: z.string().nullable(),
      path: z.string().nullable(),
      detail: z.string(),
    }),
  ),
  verified: z.int(),
  journaled: z.boolean(),
  readAt: time,
});

export const scaffold = z.object({ tool: z.string(), source: z.string(), files: list(z.string()) });

const suitability = z.enum(['suits', 'tooOld', 'tooNew', 'unsaid']);

export const version = z.object({
  environment: z.string(),
  current: z.string().nullable(),
  pending: z.int(),
  applicationVersion: z.string().nullable().meta({ description: 'Of the migration folder, by its manifest.' }),
});

export const compatibility = z.object({
  environment: z.string(),
  database: z.string(),
  current: z.string().nullable(),
  basis: z.enum(['manifest', 'history']).meta({ description: '`history`: derived, as the source says nothing.' }),
  verdict: z
    .object({
      application: z.string(),
      judgedAs: z.string().nullable(),
      suitability: z.enum([...suitability.options, 'unknown']),
      needs: z.string().nullable(),
      missing: list(z.string()),
      beyond: list(z.string()),
    })
    .nullable(),
  applications: list(applicationVersion.extend({ reached: z.boolean(), suitability })),
  databases: list(z.string()),
  cells: list(list(suitability)).meta({ description: 'A row for each application, a cell for each database.' }),
});

export const changes = applicationVersion.extend({ basis: z.enum(['manifest', 'history']) });

export const auditEntry = z.object({
  id: z.int(),
  at: time,
  actor: z.string(),
  action: z.string(),
  environment: z.string().nullable(),
  run: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()).readonly(),
});

/** Its whole shape is that of `lockkeeper report --format json`. */
export const report = z.object({
  format: z.literal(reportVersion),
  run: runSummary.omit({ environment: true, versions: true }).nullable(),
  environment: z.object({ name: z.string() }),
  steps: list(z.object({ version: z.string() })),
  audit: list(z.object({ entry: z.int(), hash: z.string() })),
});

/** Named in the document. */
export const components = {
  Problem: problem,
  Run: run,
  RunSummary: runSummary,
  RunEvent: runEvent,
  Backup: backup,
  Environment: environment,
  Status: status,
  Plan: plan,
  HistoryEntry: historyEntry,
  Verification: verification,
  Compatibility: compatibility,
  AuditEntry: auditEntry,
  Lock: lock,
};
