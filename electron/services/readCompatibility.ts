/** Does the database suit a version of the application? A question. */
import type { CompatibilityReport } from '../../shared/model/compatibility.ts';
import type { ApplicationVersion } from '../../shared/model/migration.ts';
import { raise } from '../../shared/problem.ts';
import { judgeCompatibility } from '../engine/compatibility.ts';
import type { Context } from './context.ts';
import { readSource } from './readSource.ts';
import { readComparison } from './readStatus.ts';
import { resolveTarget, type TargetRequest, withSession } from './target.ts';

/**
 * @param application null: the version that the source belongs to
 * @throws {ProblemError} when the source cannot be read or the database not reached
 */
export async function readCompatibility(
  context: Context,
  request: TargetRequest,
  application: string | null,
): Promise<CompatibilityReport> {
  const target = await resolveTarget(context, request);
  const source = await readSource(target);
  return withSession(context, target, async (session) => {
    const { comparison } = await readComparison(source, session);
    return {
      environment: target.environment.name,
      database: session.identity.database,
      current: comparison.current,
      ...judgeCompatibility(comparison.rows, source, application),
    };
  });
}

/** What came with one version of the application. @throws {ProblemError} `compatibility.noSuchVersion` */
export async function readChanges(
  context: Context,
  request: TargetRequest,
  version: string,
): Promise<ApplicationVersion & Pick<CompatibilityReport, 'basis'>> {
  const { basis, applications } = await readCompatibility(context, request, version);
  const found = applications.find((one) => one.version === version);
  if (found !== undefined) return { ...found, basis };
  return raise({
    code: 'compatibility.noSuchVersion',
    message: `Nothing tells of version ${version} of the application.`,
    hint: `Versions that are known: ${applications.map((one) => one.version).join(', ') || 'none'}.`,
  });
}
