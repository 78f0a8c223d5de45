/** What a restore has done so far, in words. */
import type { RestoreRecord } from '../../../shared/model/restore.ts';
import { assertNever } from '../../../shared/problem.ts';

export function restoreStageWords({ stage, live, restored, kept }: RestoreRecord): string {
  switch (stage) {
    case 'loading':
      return `Loading into ${restored}; ${live} is untouched`;
    case 'verified':
      return `${restored} holds what the backup holds`;
    case 'swapping':
      return `Giving ${restored} the name ${live}`;
    case 'swapped':
      return `${live} is the restored database; the one before is kept as ${kept}`;
    case 'left':
      return `The restored database is ${restored}; ${live} was not touched`;
    case 'removed':
      return `${restored} was removed; ${live} was not touched`;
    case 'undoing':
      return `Bringing ${kept} back as ${live}`;
    case 'undone':
      return `${live} is again the database before the restore`;
    default:
      return assertNever(stage);
  }
}

/** Can its run be undone, and is there something to put in order? */
export function undoOf(restore: RestoreRecord): 'undo' | 'tidy' | null {
  switch (restore.stage) {
    case 'swapped':
      return 'undo';
    case 'loading':
    case 'verified':
    case 'swapping':
    case 'undoing':
      return 'tidy';
    default:
      return null;
  }
}
