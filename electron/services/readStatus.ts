/** The state of one environment: a question, so it writes nothing to the database. */

import type { HistoryEntry } from '../../shared/model/history.ts';
import type { StatusMigration, StatusReport } from '../../shared/model/status.ts';
import type { Compared, Comparison } from '../engine/compare.ts';
import { compare, countStatuses, isPending, toMigrationRow } from '../engine/compare.ts';
import type { Session } from '../engine/ports.ts';
import { askTogether } from './askTogether.ts';
import type { Context } from './context.ts';
import type { Folders } from './folders.ts';
import { rememberProblem, rememberStatus } from './lastKnown.ts';
import { lockName } from './lockName.ts';
import { formatTable, type OpenSource, readSource } from './readSource.ts';
import { resolveTarget, type TargetDatabase, type TargetRequest, withSession } from './target.ts';
import { isTrusted, programsOf, trustRequest } from './trust.ts';

export interface StatusReading {
  /** Default: the folder is read anew. */
  readonly folders?: Folders;
  /** What else to ask in the same session, once the status is known. */
  readonly alsoAsk?: (target: TargetDatabase, source: OpenSource, session: Session) => Promise<void>;
}

/** @throws {ProblemError} when the source cannot be read or the database not reached */
export async function readStatus(
  context: Context,
  request: TargetRequest,
  { folders, alsoAsk }: StatusReading = {},
): Promise<StatusReport> {
  const target = await resolveTarget(context, request);
  try {
    const source = await readSource(target, folders);
    return await withSession(context, target, async (session) => {
      const report = await statusOf(context, target, source, session);
      rememberStatus(context, target, report);
      await alsoAsk?.(target, source, session);
      return report;
    });
  } catch (thrown) {
    rememberProblem(context, target, thrown);
    throw thrown;
  }
}

/** The state as one open session sees it. */
export async function statusOf(
  context: Context,
  target: TargetDatabase,
  source: OpenSource,
  session: Session,
): Promise<StatusReport> {
  const [{ comparison }, lock] = await askTogether([
    readComparison(source, session),
    session.lockInfo(lockName(session, source)),
  ]);
  return {
    environment: target.environment.name,
    engine: target.driver.id,
    product: session.identity.product,
    serverVersion: session.identity.version,
    serverId: session.identity.id,
    database: session.identity.database,
    tool: source.tool.id,
    source: source.path,
    historyTable: formatTable(source.history.table),
    current: comparison.current,
    applicationVersion: source.applicationVersion,
    applications: source.applications,
    counts: countStatuses(comparison.rows),
    pending: comparison.rows.filter(isPending).length,
    migrations: comparison.rows.map((row) => toStatusMigration(context, row)),
    lock,
    problems: source.problems,
    notices: source.notices,
    trust: trustRequest(context, programsOf(source.migrations)),
    readAt: new Date(context.clock.now()).toISOString(),
  };
}

/** Reads the history and compares it with the source. */
export async function readComparison(
  source: OpenSource,
  session: Session,
): Promise<{ entries: readonly HistoryEntry[]; tableExists: boolean; comparison: Comparison }> {
  const read = await source.history.read(session);
  const entries = read ?? [];
  const { tool, migrations } = source;
  const meant = tool.interpret?.(entries, migrations) ?? entries;
  return { entries, tableExists: read !== null, comparison: compare(migrations, meant, tool.rules) };
}

export function toStatusMigration(context: Context, row: Compared): StatusMigration {
  const { migration } = row;
  const isProgram = migration?.up.kind === 'program';
  return {
    ...toMigrationRow(row),
    path: migration?.up.path ?? null,
    metadata: migration?.metadata ?? {},
    program: isProgram ? { trusted: isTrusted(context, migration.up) } : null,
  };
}
