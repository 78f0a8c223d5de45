// Files of a database, and names of files.
import { copyFile, link, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '../../archive/partialFile.ts';

/** What SQLite keeps beside a file while it is open or after a crash. */
const companions = ['-wal', '-shm', '-journal'];

export async function isThere(file: string): Promise<boolean> {
  return (await identityOf(file)) !== null;
}

/** Removes a file that nobody has open, with what SQLite left beside it. */
export async function removeFile(file: string): Promise<void> {
  for (const name of [file, ...companions.map((suffix) => file + suffix)]) await rm(name, { force: true });
}

/** After a crash between two names: the second one of the live file goes. */
export async function leaveExtraName(live: string, other: string): Promise<void> {
  const [a, b] = [await identityOf(live), await identityOf(other)];
  if (a !== null && a === b) await rm(other);
}

async function identityOf(file: string): Promise<string | null> {
  try {
    const { dev, ino } = await stat(file, { bigint: true });
    return `${dev}:${ino}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** The same file under a second name; a copy on file systems that know no such thing. Nothing of that name may be there. */
export async function addName(file: string, name: string): Promise<void> {
  try {
    await link(file, name);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP', 'EMLINK'].includes(code)) throw error;
    await copyWhole(file, name);
  }
}

async function copyWhole(file: string, name: string): Promise<void> {
  const partial = `${name}.partial`;
  await copyFile(file, partial);
  const handle = await open(partial, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(partial, name);
}

/** There is a file of the name `onto` at every moment: the old one or the new one. */
export async function renameOver(file: string, onto: string): Promise<void> {
  await rename(file, onto);
  await syncFolder(dirname(onto));
}

/** Readers and writers of the one file may read and write the other. */
export async function sameAccess(as: string, file: string): Promise<void> {
  const { mode, uid, gid } = await stat(as);
  const handle = await open(file, 'r+');
  try {
    await handle.chmod(mode & 0o7777);
    // Only an administrator gives files away; as oneself it is one's own already.
    await handle.chown(uid, gid).catch(() => undefined);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
