/** The schema of a database now, and recorded as it was left. */
import type { RecordedSchema, SchemaSnapshot } from '../../shared/model/snapshot.ts';
import { compare } from '../engine/compare.ts';
import { snapshotSha256 } from '../engine/compareSnapshots.ts';
import type { Session, TableName } from '../engine/ports.ts';
import type { Context } from './context.ts';
import type { OpenSource } from './readSource.ts';
import { readSource } from './readSource.ts';
import { resolveTarget, type TargetDatabase, type TargetRequest, withSession } from './target.ts';

/** A question. @throws {ProblemError} */
export async function readSnapshot(context: Context, request: TargetRequest): Promise<SchemaSnapshot> {
  const target = await resolveTarget(context, request);
  const source = await sourceIfAny(target);
  return withSession(context, target, (session) => takeSnapshot(context, target, source, session));
}

/** A schema can be read where no migration folder is known; its history table is then part of it. */
export async function sourceIfAny(target: TargetDatabase): Promise<OpenSource | null> {
  return target.environment.source === null ? null : readSource(target).catch(() => null);
}

export const toolTables = (source: OpenSource | null): readonly TableName[] =>
  source === null ? [] : [source.history.table, ...(source.history.beside ?? [])];

export async function takeSnapshot(
  context: Context,
  target: TargetDatabase,
  source: OpenSource | null,
  session: Session,
): Promise<SchemaSnapshot> {
  const objects = await target.driver.readSnapshot(session, toolTables(source));
  return {
    engine: target.driver.id,
    database: session.identity.database,
    serverVersion: session.identity.version,
    takenAt: new Date(context.clock.now()).toISOString(),
    sha256: snapshotSha256(objects),
    objects,
  };
}

/** What later looks for drift compare with. */
export async function recordSnapshot(
  context: Context,
  target: TargetDatabase,
  source: OpenSource,
  session: Session,
  why: RecordedSchema['why'],
): Promise<void> {
  // Asked together: one round trip where the engine can.
  const [{ takenAt, sha256, objects }, read] = await Promise.all([
    takeSnapshot(context, target, source, session),
    source.history.read(session),
  ]);
  const entries = read ?? [];
  const meant = source.tool.interpret?.(entries, source.migrations) ?? entries;
  const version = compare(source.migrations, meant, source.tool.rules).current;
  context.workspace.snapshots.add({ serverId: session.identity.id, takenAt, version, sha256, why }, objects);
}
