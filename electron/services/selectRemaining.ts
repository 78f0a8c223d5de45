/** The steps of an interrupted run that are not done, as its folder has them now. */
import type { Migration, Script } from '../../shared/model/migration.ts';
import { nothingChanged, type Problem } from '../../shared/problem.ts';
import { type Comparison, isEffective, versionOf } from '../engine/compare.ts';
import type { SelectedStep, Selection } from '../engine/select.ts';
import { downScript } from '../engine/select.ts';
import type { KnownStep } from './findRun.ts';

/** `open`: those that the history does not have as done; `all`: whatever it says. */
export function selectRemaining(
  comparison: Comparison,
  steps: readonly Pick<KnownStep, 'version' | 'action'>[],
  which: 'open' | 'all',
): Selection {
  const problems: Problem[] = [];
  const selected = steps.flatMap(({ version, action }): SelectedStep[] => {
    const row = comparison.rows.find((one) => versionOf(one) === version);
    if (action !== 'apply' && action !== 'revert') return [];
    if (which === 'open' && isEffective(row?.entry) === (action === 'apply')) return [];
    const migration: Migration | null = row?.migration ?? null;
    const script: Script | null =
      row === undefined || migration === null ? null : action === 'apply' ? migration.up : downScript(row);
    if (row !== undefined && migration !== null && script !== null) return [{ row, migration, action, script }];
    problems.push(gone(version));
    return [];
  });
  return { steps: selected, problems, warnings: [] };
}

const gone = (version: string): Problem => ({
  code: 'plan.missing',
  message: `The script of migration ${version} is not in the folder any more.`,
  state: nothingChanged,
  hint: 'Put its file back as it was.',
});
