// What goes wrong while restoring, as Problems. Until the swap nothing of the live database is touched.
import { type Problem, ProblemError } from '../../../shared/problem.ts';
import { ServerFault } from '../../engine/ports.ts';
import { isDecompressionError } from '../archive/finding.ts';
import { type Archive, pathOf } from './archive.ts';

export const liveUntouched = (live: string): string => `${live} is unchanged.`;

export const cancelled = (live: string): Problem => ({
  code: 'restore.cancelled',
  message: 'The restore was cancelled.',
  state: `${liveUntouched(live)} Nothing of the restore was left behind.`,
  hint: 'Start it again when it suits.',
});

/** The data itself was refused, or cannot be read. */
export function loadFailed(error: unknown, archive: Archive | null, live: string): unknown {
  if (error instanceof ProblemError) return error;
  if (archive !== null && isDecompressionError(error))
    return new ProblemError(
      {
        code: 'backup.damaged',
        message: `${pathOf(archive)} cannot be decompressed.`,
        state: liveUntouched(live),
        hint: 'Do not rely on this file: restore another backup.',
        serverMessage: String(error),
      },
      { cause: error },
    );
  if (hasCode(error, ['ENOSPC', 'EDQUOT', 'EFBIG'])) return new ProblemError(diskFull(live), { cause: error });
  if (error instanceof ServerFault) return new ProblemError(refused(error, live), { cause: error });
  return error;
}

const hasCode = (error: unknown, codes: readonly string[]): boolean =>
  error instanceof Error && codes.includes((error as NodeJS.ErrnoException).code ?? '');

const diskFull = (live: string): Problem => ({
  code: 'database.diskFull',
  message: 'The disk is full: the restored data does not fit beside the live database.',
  state: `${liveUntouched(live)} Nothing of the restore was left behind.`,
  hint: 'Free space, then restore again.',
});

/** The server refused a part of the restore. */
export const refused = (fault: ServerFault, live: string): Problem => ({
  code: fault.kind === 'rights' ? 'restore.rights' : 'restore.failed',
  message:
    fault.kind === 'rights' ? 'The account lacks a right to restore this.' : 'The server refused to restore this.',
  state: `${liveUntouched(live)} Nothing of the restore was left behind.`,
  hint:
    fault.kind === 'rights'
      ? 'Grant the right that the server names, or restore with an account that has it.'
      : 'Remove the cause that the server names, then restore again.',
  serverMessage: fault.detail === null ? fault.message : `${fault.message}\n${fault.detail}`,
});

/** It broke while the databases changed places: which one is live is known only to the server. */
export const unfinished = (fault: ServerFault, live: string): Problem => ({
  code: 'restore.unfinished',
  message: `The server could not finish putting the restored database in place of ${live}.`,
  state: `${live} may be the restored database, the one before, or between the two; nothing of either is lost.`,
  hint: 'When the server can be reached again, undo this restore: that brings the database from before back in either case.',
  serverMessage: fault.message,
});
