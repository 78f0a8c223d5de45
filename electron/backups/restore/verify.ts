// Compares what was loaded with what the backup's record says of the moment it was taken.
import type { ObjectCounts } from '../../../shared/model/backup.ts';
import { type Problem, ProblemError, raise } from '../../../shared/problem.ts';
import { incomplete } from '../compareObjects.ts';
import type { Archive } from './archive.ts';

/**
 * A dump of somebody else has no record to compare with. `count`: rows of the named tables; null: not compared.
 * @throws {ProblemError} `restore.verification`
 */
export async function compareLoaded(
  archive: Archive,
  objects: ObjectCounts,
  count: ((tables: ReadonlySet<string>) => Promise<ReadonlyMap<string, number>>) | null,
): Promise<void> {
  if (archive.kind === 'foreign') return;
  const { backup } = archive;
  const lacking = incomplete(backup.objects, objects, backup);
  if (lacking !== null) throw new ProblemError(failed(lacking.message.replace('archive', 'restored database')));
  if (count === null) return;
  const recorded = (backup.rows ?? []).filter(({ source }) => source === 'counted');
  const counted = await count(new Set(recorded.map(({ table }) => table)));
  const wrong = recorded.filter(({ table, rows }) => counted.get(table) !== rows);
  if (wrong.length === 0) return;
  const told = wrong
    .slice(0, 5)
    .map(({ table, rows }) => `${table}: ${counted.get(table) ?? 'no table, not'} of ${rows} rows`);
  raise(failed(`The restored database has not the rows that were backed up (${told.join(', ')}).`));
}

export const failed = (message: string): Problem => ({
  code: 'restore.verification',
  message,
  state: 'The live database is unchanged. What was restored was removed again.',
  hint: 'Restore another backup, and check this one with: lockkeeper backup check',
});
