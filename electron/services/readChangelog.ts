import type { Changelog } from '../../shared/model/status.ts';
import { type Compared, isApplied, versionOf } from '../engine/compare.ts';
import type { Context } from './context.ts';
import { readSource } from './readSource.ts';
import { readComparison } from './readStatus.ts';
import { resolveTarget, type TargetRequest, withSession } from './target.ts';

/** @throws {ProblemError} when the source cannot be read or the database not reached */
export async function readChangelog(context: Context, request: TargetRequest): Promise<Changelog> {
  const target = await resolveTarget(context, request);
  const source = await readSource(target);
  const { comparison } = await withSession(context, target, (session) => readComparison(source, session));
  const withFile = comparison.rows.filter((row) => row.migration !== null);
  const applications = source.applications.map((application) => {
    const last = withFile.findIndex((row) => versionOf(row) === application.database);
    return { ...application, reached: last !== -1 && withFile.slice(0, last + 1).every(isThere) };
  });
  return { applicationVersion: source.applicationVersion, applications };
}

const isThere = (row: Compared): boolean => isApplied(row) || row.status === 'baseline' || row.status === 'ignored';
