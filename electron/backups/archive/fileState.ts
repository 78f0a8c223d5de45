// A glance at an archive: whether it is there and as it was written. Its content is read by a check only.
import { stat } from 'node:fs/promises';
import type { Backup } from '../../../shared/model/backup.ts';
import { nothingChanged, type Problem } from '../../../shared/problem.ts';

export type FileState = 'present' | 'missing' | 'changed';

/** Size and time of the last change, against the record. */
export async function fileState(backup: Backup): Promise<FileState> {
  const found = await stat(backup.path).catch(() => null);
  if (found === null || !found.isFile()) return 'missing';
  const { modifiedAt = null } = backup;
  return found.size === backup.bytes && (modifiedAt === null || modifiedAt === Math.round(found.mtimeMs))
    ? 'present'
    : 'changed';
}

/** Milliseconds since 1970; null when it cannot be seen. */
export async function modificationOf({ path }: Backup): Promise<number | null> {
  const found = await stat(path).catch(() => null);
  return found === null ? null : Math.round(found.mtimeMs);
}

/** What a glance at the archive adds to its record; an external backup has none. */
export async function glance(backup: Backup): Promise<Backup> {
  const state = backup.external === undefined ? await fileState(backup) : 'present';
  if (state === 'present') return backup;
  return { ...backup, problem: state === 'missing' ? missing(backup) : (backup.problem ?? changed(backup)) };
}

const missing = ({ path }: Backup): Problem => ({
  code: 'backup.notFound',
  message: `The archive ${path} is not there or cannot be read.`,
  state: nothingChanged,
  hint: 'Attach the disk it is on or put it back, or take a new backup.',
});

const changed = ({ path, id }: Backup): Problem => ({
  code: 'backup.changed',
  message: `The archive ${path} was changed after it was written: its size or time is another.`,
  state: nothingChanged,
  hint: `Read it to its end: lockkeeper backup check ${id}`,
});
