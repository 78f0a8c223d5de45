/**
 * Removes what is kept of runs longer than the settings say: logs, what rehearsals saw, recorded schemas. The history and the
 * audit log stay whole, whose chain would not be one without its beginning; so does what an interrupted run, a gate or the
 * comparison for drift still needs. Reports are made when they are asked for, and nothing of them is kept.
 */
import type { Environment } from '../../shared/model/environment.ts';
import type { EnvironmentSettings } from '../../shared/model/settings.ts';
import type { Context } from './context.ts';
import { lastKnown } from './lastKnown.ts';
import { recordAudit } from './recordAudit.ts';
import { settingsOf } from './settingsOf.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

export interface PruneRecordsRequest {
  /** Null: as the settings of each environment say. */
  readonly olderThanDays: number | null;
  readonly dryRun: boolean;
}

export interface PrunedRecords {
  /** Ids of runs. */
  readonly logs: readonly string[];
  /** Ids. */
  readonly rehearsals: readonly string[];
  /** Number of records. */
  readonly schemas: number;
  readonly dryRun: boolean;
}

/** @throws {ProblemError} `workspace.unwritable` */
export async function pruneRecords(context: Context, request: PruneRecordsRequest): Promise<PrunedRecords> {
  const pruned = {
    logs: await pruneLogs(context, request),
    rehearsals: pruneRehearsals(context, request),
    schemas: pruneSchemas(context, request),
    dryRun: request.dryRun,
  };
  const { logs, rehearsals, schemas } = pruned;
  if (!request.dryRun && logs.length + rehearsals.length + schemas > 0)
    recordAudit(context, {
      action: 'records removed',
      environment: null,
      run: null,
      detail: { logs: logs.length, rehearsals: rehearsals.length, schemas, olderThanDays: request.olderThanDays },
    });
  return pruned;
}

type Kind = 'logRetentionDays' | 'rehearsalRetentionDays' | 'schemaRetentionDays';

/** Milliseconds since the epoch before which it goes; null: it stays. */
function limitOf(
  context: Context,
  { olderThanDays }: PruneRecordsRequest,
  environment: Environment | null,
  kind: Kind,
): number | null {
  const settings: Pick<EnvironmentSettings, Kind> = settingsOf(context, environment ?? { tier: 'production' });
  const days = olderThanDays ?? settings[kind];
  return days === null ? null : context.clock.now() - days * DAY_MS;
}

async function pruneLogs(context: Context, request: PruneRecordsRequest): Promise<string[]> {
  const { runs, runEvents, environments } = context.workspace;
  const removed: string[] = [];
  for (const id of await runEvents.stored()) {
    const run = runs.get(id);
    if (run === null || run.outcome === null || run.outcome === 'interrupted' || run.finishedAt === null) continue;
    const environment = run.environmentId === null ? null : environments.find(run.environmentId);
    const limit = limitOf(context, request, environment, 'logRetentionDays');
    if (limit === null || Date.parse(run.finishedAt) >= limit) continue;
    if (!request.dryRun) await runEvents.remove(id);
    removed.push(id);
  }
  return removed;
}

/** The newest of each environment stays, and those that its gate still accepts. */
function pruneRehearsals(context: Context, request: PruneRecordsRequest): string[] {
  const { rehearsals, environments } = context.workspace;
  const removed: string[] = [];
  for (const [name, own] of Map.groupBy(rehearsals.list(), ({ environment }) => environment)) {
    const environment = environments.find(name);
    const limit = limitOf(context, request, environment, 'rehearsalRetentionDays');
    if (limit === null) continue;
    const accepted = context.clock.now() - (environment?.protection.rehearsalHours ?? 0) * HOUR_MS;
    for (const { id, at } of own.slice(1)) if (Date.parse(at) < Math.min(limit, accepted)) removed.push(id);
  }
  if (!request.dryRun) for (const id of removed) rehearsals.remove(id);
  return removed;
}

/** The last one of each database stays: drift is found by it. */
function pruneSchemas(context: Context, request: PruneRecordsRequest): number {
  const { snapshots, environments } = context.workspace;
  const byServer = new Map(environments.list().map((one) => [lastKnown(context, one.id)?.serverId ?? '', one]));
  const old = snapshots.list().filter(({ serverId, takenAt, isLast }) => {
    const limit = limitOf(context, request, byServer.get(serverId) ?? null, 'schemaRetentionDays');
    return !isLast && limit !== null && Date.parse(takenAt) < limit;
  });
  if (!request.dryRun && old.length > 0) snapshots.remove(old.map(({ id }) => id));
  return old.length;
}
