// Temporary files and folders carry their owner in the name, so that those of a killed process can be removed later.
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

const host = hostname()
  .replace(/[^A-Za-z0-9]+/g, '-')
  .slice(0, 40);

/** Name of a temporary file or folder that will become `name`. */
export const partialName = (name: string): string => `.${name}.${host}.${process.pid}.partial`;

/** Removes what processes of this computer left in the folder and that no longer run. */
export async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const owner = /^\..+\.(?<host>[A-Za-z0-9-]*)\.(?<pid>\d+)\.partial$/.exec(name)?.groups;
    if (owner?.host === host && !isRunning(Number(owner.pid)))
      await rm(join(folder, name), { recursive: true, force: true });
  }
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process may not be signalled, but it exists.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
