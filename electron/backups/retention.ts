// Which backups are beyond their limits, and which of these somebody may still need. Pure.
import { type Backup, type BackupLevel, backupLevels, reaches } from '../../shared/model/backup.ts';
import type { BackupRetention } from '../../shared/model/settings.ts';

const DAY_MS = 86_400_000;

export interface Retained {
  readonly remove: readonly Backup[];
  /** Beyond the limits, yet kept: why, in words. */
  readonly keep: readonly { readonly backup: Backup; readonly why: string }[];
}

/**
 * Of one environment. `undo`: ids that runs of the last days name as what brings back the state before them.
 * Whole, sound backups are counted apart from the others, which must not push them out.
 */
export function judgeRetention(
  backups: readonly Backup[],
  limits: Pick<BackupRetention, 'days' | 'count'>,
  undo: ReadonlySet<string>,
  now: number,
): Retained {
  const newest = backups.toSorted((a, b) => (a.takenAt < b.takenAt ? 1 : -1));
  const [good, other] = [newest.filter(isGood), newest.filter((backup) => !isGood(backup))];
  const beyond = [good, other].flatMap((group) =>
    group.filter((backup, index) => isBeyond(backup, index, limits, now)),
  );
  const last = lastOfEachLevel(good);
  const judged = beyond.map((backup) => ({ backup, why: reasonToKeep(backup, last, undo) }));
  return {
    remove: judged.flatMap(({ backup, why }) => (why === null ? [backup] : [])),
    keep: judged.flatMap(({ backup, why }) => (why === null ? [] : [{ backup, why }])),
  };
}

/** Without limits nothing is beyond them; with both a backup must be beyond both. */
function isBeyond(
  { takenAt }: Backup,
  index: number,
  { days, count }: Pick<BackupRetention, 'days' | 'count'>,
  now: number,
): boolean {
  if (days === null && count === null) return false;
  const old = days === null || Date.parse(takenAt) < now - days * DAY_MS;
  return old && (count === null || index >= count);
}

const isGood = ({ covers, problem }: Backup): boolean => covers === 'everything' && problem === null;

/** Newest first; the newest of each level, and of all above it. */
const lastOfEachLevel = (good: readonly Backup[]): ReadonlyMap<string, BackupLevel> =>
  new Map(
    backupLevels.flatMap((level) => {
      const found = good.find((backup) => reaches(backup.level, level));
      return found === undefined ? [] : [[found.id, level] as const];
    }),
  );

function reasonToKeep(
  { id }: Backup,
  last: ReadonlyMap<string, BackupLevel>,
  undo: ReadonlySet<string>,
): string | null {
  const level = last.get(id);
  if (level !== undefined) return `the newest ${level} one of this environment`;
  return undo.has(id) ? 'a recent run can be undone with it' : null;
}
