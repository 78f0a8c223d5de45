import type { Backup, ObjectCounts, ObjectKind } from '../../shared/model/backup.ts';
import { nothingChanged, type Problem } from '../../shared/problem.ts';
import type { BackupRequest } from './backupTaker.ts';

const words: Readonly<Record<ObjectKind, string>> = {
  table: 'tables',
  view: 'views',
  index: 'indexes',
  trigger: 'triggers',
  routine: 'routines',
  sequence: 'sequences',
  event: 'events',
  materializedView: 'materialized views',
  type: 'types',
  extension: 'extensions',
};

/** What an archive must hold of what the catalogue counts. */
export const expectedObjects = (request: BackupRequest, catalogue: ObjectCounts): ObjectCounts =>
  request.covers === 'tables' ? { table: request.tables.length } : catalogue;

/** `tables: 3 of 5` for each kind of which the archive holds fewer than the database. */
function missingObjects(expected: ObjectCounts, found: ObjectCounts): string[] {
  const kinds = Object.keys(words) as ObjectKind[];
  return kinds
    .filter((kind) => (found[kind] ?? 0) < (expected[kind] ?? 0))
    .map((kind) => `${words[kind]}: ${found[kind] ?? 0} of ${expected[kind] ?? 0}`);
}

export const withoutEnd = (name: string): Problem => ({
  code: 'backup.incomplete',
  message: `The dump of ${name} breaks off: its end marker is missing.`,
  state: nothingChanged,
  hint: 'Do not rely on this backup: take a new one.',
});

/** The archive lacks objects; null when it holds all. */
export function incomplete(
  expected: ObjectCounts,
  found: ObjectCounts,
  where: Pick<Backup, 'database'>,
): Problem | null {
  const missing = missingObjects(expected, found);
  if (missing.length === 0) return null;
  return {
    code: 'backup.incomplete',
    message: `The archive does not hold all objects of ${where.database} (${missing.join(', ')}).`,
    state: nothingChanged,
    hint: 'Make sure that nobody changes the schema meanwhile and that the account may see every object, then take the backup again.',
  };
}
