/** Snapshots that others take: of storage, of a machine, of a provider. They are only named here. */
import { ulid } from 'ulid';
import type { Backup, ExternalBackup } from '../../shared/model/backup.ts';
import type { Environment } from '../../shared/model/environment.ts';
import { onlyReads } from '../../shared/model/run.ts';
import { raise } from '../../shared/problem.ts';
import type { Context } from './context.ts';
import { resolveTarget, type TargetRequest, withSession } from './target.ts';

/** Hours for which a recorded snapshot may stand for the backup before a run. */
const FRESH_HOURS = 24;

/** @throws {ProblemError} `gate.reason`, and those of connecting: it must be the database that is meant */
export async function recordExternalBackup(
  context: Context,
  request: TargetRequest,
  about: Pick<ExternalBackup, 'name' | 'reason'>,
): Promise<Backup> {
  if (about.reason.trim() === '')
    raise({
      code: 'gate.reason',
      message: 'Recording somebody else’s snapshot asks for a reason.',
      hint: 'Say why it can be relied upon: --reason "…"',
    });
  const target = await resolveTarget(context, request);
  const { environment } = target;
  const at = new Date(context.clock.now()).toISOString();
  const identity = await withSession(context, target, async (session) => session.identity);
  const backup: Backup = {
    id: ulid(),
    environment: environment.name,
    engine: target.driver.id,
    database: identity.database,
    level: 'taken',
    takenAt: at,
    durationMs: 0,
    bytes: 0,
    path: '',
    sha256: '',
    encrypted: false,
    covers: 'everything',
    notCovered: ['Everything: Lockkeeper has not seen this snapshot'],
    objects: {},
    external: { ...about, recordedBy: context.host.user },
    program: null,
    serverVersion: identity.version,
    checkedAt: null,
    problem: null,
  };
  context.workspace.backups.add(backup);
  context.workspace.audit.append({
    at,
    actor: context.host.user,
    action: 'external backup recorded',
    environment: environment.name,
    run: null,
    detail: { id: backup.id, ...about },
  });
  context.changes.publish({ kind: 'backups', environmentId: environment.id });
  return backup;
}

/** The newest one of the environment, while it is fresh and nothing was changed since; null: none. */
export function externalBackup(context: Context, { name }: Environment): Backup | null {
  const since = new Date(context.clock.now() - FRESH_HOURS * 3_600_000).toISOString();
  const [newest] = context.workspace.backups
    .list({ environment: name })
    .filter(({ external, takenAt }) => external !== undefined && takenAt >= since)
    .toSorted((a, b) => (a.takenAt < b.takenAt ? 1 : -1));
  if (newest === undefined) return null;
  const changed = context.workspace.runs
    .latest({ environment: name, limit: 100 })
    .some(({ action, startedAt }) => startedAt > newest.takenAt && !onlyReads(action));
  return changed ? null : newest;
}
