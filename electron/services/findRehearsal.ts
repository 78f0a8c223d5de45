/** Rehearsals that were recorded: by id, and the last one that a migration was part of. */
import type { MigrationRehearsal, Rehearsal } from '../../shared/model/rehearsal.ts';
import { raise } from '../../shared/problem.ts';
import type { Context } from './context.ts';
import { readSource } from './readSource.ts';
import { resolveTarget, type TargetRequest } from './target.ts';

/** @throws {ProblemError} `rehearsal.notFound` */
export const findRehearsal = ({ workspace }: Context, id: string): Rehearsal =>
  workspace.rehearsals.get(id) ??
  raise({
    code: 'rehearsal.notFound',
    message: `There is no rehearsal ${id}.`,
    hint: 'Of each plan the last five are kept: rehearse it again.',
  });

/** Null: there is none. @throws {ProblemError} when the source cannot be read */
export async function rehearsalOfMigration(
  context: Context,
  request: TargetRequest,
  version: string,
): Promise<MigrationRehearsal | null> {
  const target = await resolveTarget(context, request);
  const rehearsal = context.workspace.rehearsals.lastWith(target.environment.name, version);
  const step = rehearsal?.steps.find((one) => one.version === version);
  if (rehearsal === null || step === undefined) return null;
  const { migrations } = await readSource(target);
  const migration = migrations.find((one) => one.version === version);
  const script = step.action === 'apply' ? migration?.up : migration?.down;
  return { rehearsal, step, outdated: step.scriptSha256 !== undefined && script?.sha256 !== step.scriptSha256 };
}
