/** Drift: the live schema differs from the one that the last run left. Asking writes nothing. */

import { describeChange } from '../../shared/model/describeSchema.ts';
import { type DriftReport, usualComparison } from '../../shared/model/snapshot.ts';
import { nothingChanged, type Problem, raise } from '../../shared/problem.ts';
import { compareSnapshots } from '../engine/compareSnapshots.ts';
import { ServerFault, type Session } from '../engine/ports.ts';
import type { Context } from './context.ts';
import { rememberDrift } from './lastKnown.ts';
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
  rememberDrift(context, target, { changes: before === null ? null : changes.length, readAt: now.takenAt });
  return {
    environment: target.environment.name,
    database: session.identity.database,
    recorded: before === null ? null : recorded,
    changes,
    ignored,
    readAt: now.takenAt,
  };
}

/** Changes named in a warning; the rest is counted. */
const named = 5;

/** What a person should know before migrations meet a schema that they do not expect. */
export async function driftWarnings(
  context: Context,
  target: TargetDatabase,
  source: OpenSource,
  session: Session,
): Promise<Problem[]> {
  // Nothing recorded is nothing to compare: the catalogue is not read for it.
  if (context.workspace.snapshots.last(session.identity.id) === null) return [];
  const found = await driftOf(context, target, source, session).catch((thrown: unknown) => {
    // Somebody changes a table right now: that is no reason to plan nothing.
    if (thrown instanceof ServerFault && (thrown.kind === 'lockTimeout' || thrown.kind === 'timeout')) return thrown;
    throw thrown;
  });
  if (found instanceof ServerFault) return [notCompared(found)];
  const { changes, recorded } = found;
  if (changes.length === 0) return [];
  const more = changes.length > named ? ` and ${changes.length - named} more` : '';
  return [
    {
      code: 'plan.drift',
      message: `The schema is not the one recorded ${recorded?.takenAt ?? ''}: ${changes.slice(0, named).map(describeChange).join('; ')}${more}.`,
      state: nothingChanged,
      hint: 'See all of it with: lockkeeper drift. Accept it, write a migration from it, or undo it.',
    },
  ];
}

const notCompared = ({ message }: ServerFault): Problem => ({
  code: 'plan.drift',
  message: 'Whether the schema is still the recorded one could not be found out: somebody holds a lock on it.',
  state: nothingChanged,
  hint: 'See who with: lockkeeper activity. Compare later with: lockkeeper drift.',
  serverMessage: message,
});

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
