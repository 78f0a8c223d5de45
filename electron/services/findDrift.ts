/** Drift: the live schema differs from the one that the last run left. Asking writes nothing. */
import { type DriftReport, usualComparison } from '../../shared/model/snapshot.ts';
import { raise } from '../../shared/problem.ts';
import { compareSnapshots } from '../engine/compareSnapshots.ts';
import type { Session } from '../engine/ports.ts';
import type { Context } from './context.ts';
import { type OpenSource, readSource } from './readSource.ts';
import { recordSnapshot, sourceIfAny, takeSnapshot } from './schemaSnapshots.ts';
import { resolveTarget, type TargetDatabase, type TargetRequest, withSession } from './target.ts';

/** @throws {ProblemError} when the database cannot be reached */
export async function findDrift(context: Context, request: TargetRequest): Promise<DriftReport> {
  const target = await resolveTarget(context, request);
  const source = await sourceIfAny(target);
  return withSession(context, target, (session) => driftOf(context, target, source, session));
}

export async function driftOf(
  context: Context,
  target: TargetDatabase,
  source: OpenSource | null,
  session: Session,
): Promise<DriftReport> {
  const recorded = context.workspace.snapshots.last(session.identity.id);
  const before = recorded === null ? null : context.workspace.snapshots.objects(recorded.sha256);
  const now = await takeSnapshot(context, target, source, session);
  const { changes, ignored } = compareSnapshots(before ?? now.objects, now.objects, usualComparison);
  return {
    environment: target.environment.name,
    database: session.identity.database,
    recorded: before === null ? null : recorded,
    changes,
    ignored,
    readAt: now.takenAt,
  };
}

/**
 * From now on the live schema is what is compared with.
 * @throws {ProblemError} `gate.reason`
 */
export async function acceptDrift(context: Context, request: TargetRequest, reason: string): Promise<DriftReport> {
  if (reason.trim() === '')
    raise({
      code: 'gate.reason',
      message: 'Accepting drift asks for a reason.',
      hint: 'Give one with --reason "…"; it is kept in the audit log.',
    });
  const target = await resolveTarget(context, request);
  const source = await readSource(target);
  const report = await withSession(context, target, async (session) => {
    await recordSnapshot(context, target, source, session, { kind: 'accepted', by: context.host.user, reason });
    return driftOf(context, target, source, session);
  });
  context.workspace.audit.append({
    at: report.readAt,
    actor: context.host.user,
    action: 'acceptDrift',
    environment: target.environment.name,
    run: null,
    detail: { reason },
  });
  context.changes.publish({ kind: 'environments', environmentId: target.environment.id });
  return report;
}
