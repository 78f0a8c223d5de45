// Finds the installed programs and libraries that tests use.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Folders of Debian's server programs that a user's PATH leaves out. */
const SERVER_FOLDERS = ['/usr/lib/postgresql/15/bin', '/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The library by which MariaDB is a node of a Galera cluster. */
export const galeraProvider = '/usr/lib/galera/libgalera_smm.so';

/**
 * Path of an executable. PostgreSQL 15's own folder comes before PATH: Debian's wrappers of the same names in
 * /usr/bin choose a version by themselves.
 */
export function findProgram(name: string): string | undefined {
  const folders = [...SERVER_FOLDERS, ...(process.env.PATH ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** Path of an executable that `npm test` has made sure of. */
export function requireProgram(name: string): string {
  const path = findProgram(name);
  if (path === undefined)
    throw new Error(`${name} is not installed; \`node test/prepare.ts\` installs what the tests need`);
  return path;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
