/** What the last reading of an environment found, so that lists need no connection and an unreachable one keeps its last state. */
import type { EnvironmentSummary } from '../../shared/contract/views.ts';
import type { KnownDrift } from '../../shared/model/matrix.ts';
import { attentionOf, type StatusReport } from '../../shared/model/status.ts';
import { problemFrom } from '../../shared/problem.ts';
import { toColumn } from '../engine/matrix.ts';
import type { Context } from './context.ts';
import type { TargetDatabase } from './target.ts';

export type LastKnown = NonNullable<EnvironmentSummary['lastKnown']> & {
  /** Identity of server and database when it was last reached. */
  readonly serverId: string | null;
  /** Absent: read by an earlier version, or never reached. */
  readonly lockHeld?: boolean;
};

const key = (environmentId: string) => `lastKnown.${environmentId}`;

export const lastKnown = (context: Context, environmentId: string): LastKnown | null =>
  context.workspace.settings.get<LastKnown>(key(environmentId));

export function rememberStatus(context: Context, target: TargetDatabase, report: StatusReport): void {
  const { environment } = target;
  if (environment.id === '') return;
  if (isVisiting(context, target)) {
    context.changes.publish({ kind: 'environments', environmentId: environment.id });
    return;
  }
  const differs = rememberColumn(context, environment.id, report);
  const found: LastKnown = {
    at: report.readAt,
    current: report.current,
    pending: report.pending,
    attention: attentionOf(report),
    problem: null,
    serverId: report.serverId,
    lockHeld: report.lock.held,
  };
  store(context, environment.id, found, differs);
}

/** A bundle's list is not the environment's own, which is read anew by whoever shows it. */
const isVisiting = ({ workspace }: Context, { environment, openBundle }: TargetDatabase): boolean =>
  openBundle !== undefined && workspace.environments.find(environment.id)?.source?.path !== environment.source?.path;

/** Is it another one than before? */
function rememberColumn({ workspace }: Context, environmentId: string, report: StatusReport): boolean {
  const { list, column } = toColumn(report);
  const before = workspace.columns.set(environmentId, list, column);
  return JSON.stringify({ ...before, readAt: '' }) !== JSON.stringify({ ...column, readAt: '' });
}

/** How many changes a look for drift found; null: nothing was recorded to compare with. */
export function rememberDrift(
  { workspace, changes }: Context,
  { environment }: TargetDatabase,
  drift: KnownDrift,
): void {
  if (environment.id === '') return;
  const before = workspace.columns.drift(environment.id);
  workspace.columns.setDrift(environment.id, drift);
  if (before?.changes !== drift.changes) changes.publish({ kind: 'environments', environmentId: environment.id });
}

export function rememberProblem(context: Context, target: TargetDatabase, thrown: unknown): void {
  const { environment } = target;
  if (environment.id === '' || isVisiting(context, target)) return;
  const before = lastKnown(context, environment.id);
  const at = before?.at ?? new Date(context.clock.now()).toISOString();
  store(context, environment.id, {
    current: null,
    pending: 0,
    attention: 0,
    serverId: null,
    ...before,
    at,
    problem: problemFrom(thrown),
  });
}

export function forget(context: Context, environmentId: string): void {
  context.workspace.settings.remove(key(environmentId));
  context.workspace.columns.remove(environmentId);
}

/** Stores and announces only what differs, since reading an announced environment again must come to rest. */
function store(context: Context, environmentId: string, found: LastKnown, differs = false): void {
  const before = lastKnown(context, environmentId);
  context.workspace.settings.note(key(environmentId), found);
  if (differs || JSON.stringify({ ...before, at: '' }) !== JSON.stringify({ ...found, at: '' }))
    context.changes.publish({ kind: 'environments', environmentId });
}
