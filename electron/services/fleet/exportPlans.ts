/** Plans of a fleet's members as files, one each, for a second person to approve. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FleetMemberPlan } from '../../../shared/model/fleet.ts';
import { raise } from '../../../shared/problem.ts';
import type { Context } from '../context.ts';
import { readOnce } from '../folders.ts';
import { writePlanFile } from '../planFile.ts';
import { type PreparedPlan, planMigration } from '../planMigration.ts';
import { viewPlan } from '../viewPlan.ts';
import type { FleetPlanRequest } from './planFleet.ts';

/**
 * Of those that ask for an approval which is not there. A file of the same plan is kept: it may be approved already.
 * @returns the files' paths
 * @throws {ProblemError} as planning does; `usage.invalid` for a folder that cannot be written to
 */
export async function exportPlans(
  context: Context,
  plans: readonly FleetMemberPlan[],
  { wanted, password }: Pick<FleetPlanRequest, 'wanted' | 'password'>,
  folder: string,
): Promise<string[]> {
  const folders = readOnce();
  const written: string[] = [];
  for (const { id } of plans.filter(({ approval }) => approval !== null)) {
    const target = { kind: 'environment', nameOrId: id, ...(password === undefined ? {} : { password }) } as const;
    const prepared = await planMigration(context, target, wanted, [], folders);
    const file = path.resolve(folder, fileName(prepared));
    await writeNew(file, await writePlanFile(context, prepared, await viewPlan(context, prepared, false)));
    written.push(file);
  }
  return written;
}

/** Environments may be called anything; the fingerprint tells apart what is alike without its signs. */
const fileName = ({ plan: { target, fingerprint } }: PreparedPlan): string =>
  `${target.environment.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 80)}-${fingerprint.slice(0, 12)}.lockplan`;

async function writeNew(file: string, text: string): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, text, { mode: 0o600, flag: 'wx' });
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST') return;
    raise(
      {
        code: 'usage.invalid',
        message: `${file} cannot be written.`,
        hint: 'Name a folder that you may write to.',
        path: file,
        serverMessage: String(thrown),
      },
      thrown,
    );
  }
}
