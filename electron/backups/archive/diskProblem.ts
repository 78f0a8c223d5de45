// What goes wrong with the folder of the archives, as Problems.
import { access, constants, mkdir, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { nothingChanged, type Problem, ProblemError, raise } from '../../../shared/problem.ts';
import { removeLeftovers } from './leftovers.ts';

/** Compression has never been seen to reach this ratio on a whole database; less space than that is clearly too little. */
const BEST_RATIO = 8;

const full = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
const unwritable = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOENT', 'EIO', 'ENAMETOOLONG']);

/** A file system error as a ProblemError; any other error unchanged. */
export function fromDisk(error: unknown, folder: string): unknown {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  if (code === undefined || error instanceof ProblemError) return error;
  if (full.has(code)) return new ProblemError({ ...diskFull(folder), serverMessage: String(error) }, { cause: error });
  if (unwritable.has(code))
    return new ProblemError({ ...folderUnusable(folder), serverMessage: String(error) }, { cause: error });
  return error;
}

/** Creates the folder and clears it of what killed processes left. */
export async function prepareFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await removeLeftovers(folder);
}

/**
 * Free bytes where the folder is or will be.
 * @throws {ProblemError} `backup.folder` when it cannot be written.
 */
export async function freeBytesIn(folder: string): Promise<number> {
  const existing = await nearestExisting(folder);
  try {
    await access(existing, constants.W_OK);
    const { bavail, bsize } = await statfs(existing);
    return bavail * bsize;
  } catch (error) {
    throw fromDisk(error, folder);
  }
}

/** @throws {ProblemError} `backup.diskFull` when `neededBytes` clearly do not fit. */
export function requireSpace(folder: string, neededBytes: number, freeBytes: number): void {
  if (freeBytes >= neededBytes) return;
  raise({
    ...diskFull(folder),
    message: `The backup needs at least ${megabytes(neededBytes)} in ${folder}, but only ${megabytes(freeBytes)} are free there.`,
  });
}

/** The least an archive of this much data takes. */
export const leastArchiveBytes = (dataBytes: number): number => Math.ceil(dataBytes / BEST_RATIO);

const diskFull = (folder: string): Problem => ({
  code: 'backup.diskFull',
  message: `The disk is full: the backup does not fit into ${folder}.`,
  state: `${nothingChanged} No file was left behind.`,
  hint: 'Free some space or choose another backup folder, then take the backup again.',
});

const folderUnusable = (folder: string): Problem => ({
  code: 'backup.folder',
  message: `The backup folder ${folder} cannot be written.`,
  state: nothingChanged,
  hint: 'Give your account write access to it or choose another backup folder.',
});

async function nearestExisting(folder: string): Promise<string> {
  try {
    await access(folder);
    return folder;
  } catch {
    // Not there yet (or not to be reached, which the next step up or the write test tells).
    return dirname(folder) === folder ? folder : nearestExisting(dirname(folder));
  }
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
