// Finds dump programs on PATH and in the usual places, with their versions.
import { execFile } from 'node:child_process';
import { access, constants, glob, realpath } from 'node:fs/promises';
import { basename, delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import type { EngineId } from '../../shared/model/environment.ts';
import type { DumpCommand } from '../../shared/model/settings.ts';
import { usualPlaces } from './places.ts';
import { compareVersions } from './version.ts';

export interface DumpProgram {
  readonly engine: EngineId;
  /** Whose program it is: MariaDB's also calls itself `mysqldump`. */
  readonly product: 'PostgreSQL' | 'MariaDB' | 'MySQL';
  readonly name: string;
  /** Absolute path; of one that runs elsewhere the first word of the command that reaches it. */
  readonly path: string;
  readonly version: string;
  /** Absent: it runs on this computer. */
  readonly remote?: DumpCommand;
}

/** Where a taker looks for its programs. */
export type FindPrograms = () => Promise<readonly DumpProgram[]>;

/** The names a dump program goes by, per engine; SQLite needs none. */
const names = ['pg_dump', 'mariadb-dump', 'mysqldump'] as const;

const VERSION_TIMEOUT_MS = 5_000;

/** Folders named `tools` that are carried with the application or lie in its data directory. */
const carried = new Set<string>();

/** From now on programs are looked for there, too: in the folder itself, in `bin`, and in folders of these two depths. */
export const carryPrograms = (folder: string): void => {
  carried.add(folder);
};

/** Folders that a person named in the settings. */
let located: readonly string[] = [];

/** From now on programs are looked for there, too: in these folders and in their `bin`. */
export const locatePrograms = (folders: readonly string[]): void => {
  located = folders;
};

/** All dump programs of this computer, the newest first; of equal ones those that were located, then those carried along. */
export async function listDumpPrograms(): Promise<DumpProgram[]> {
  const folders = [
    ...located.flatMap((folder) => [folder, join(folder, 'bin')]),
    ...(await carriedFolders()),
    ...pathFolders(process.env['PATH'] ?? ''),
    ...(await placesHere()),
  ];
  return findDumpPrograms(folders);
}

async function carriedFolders(): Promise<string[]> {
  const found: string[] = [];
  for (const folder of carried) {
    found.push(folder);
    for await (const inside of glob(['bin', '*', '*/bin'], { cwd: folder })) found.push(join(folder, inside));
  }
  return found;
}

/** The dump programs in these folders, the newest first, each file once. */
export async function findDumpPrograms(folders: readonly string[]): Promise<DumpProgram[]> {
  const found = new Map<string, Promise<DumpProgram | null>>();
  for (const folder of folders) {
    for (const name of names) {
      const path = await executable(join(folder, process.platform === 'win32' ? `${name}.exe` : name));
      if (path !== null && !found.has(path)) found.set(path, identify(name, path));
    }
  }
  const programs = await Promise.all(found.values());
  return programs.filter((program) => program !== null).sort((a, b) => compareVersions(b.version, a.version));
}

/** A relative folder on PATH means another program in each folder: never. */
const pathFolders = (path: string): string[] => path.split(delimiter).filter(isAbsolute);

const placesHere = (): Promise<string[]> => Array.fromAsync(glob(usualPlaces[process.platform] ?? []));

/** The file itself behind links; null when there is none to run. */
async function executable(path: string): Promise<string | null> {
  try {
    await access(path, constants.X_OK);
    const file = await realpath(path);
    // Debian's script chooses a version by rules of its own; the programs it chooses from are in the usual places.
    return basename(file) === 'pg_wrapper' ? null : file;
  } catch {
    return null;
  }
}

async function identify(name: (typeof names)[number], path: string): Promise<DumpProgram | null> {
  try {
    const { stdout } = await promisify(execFile)(path, ['--version'], {
      timeout: VERSION_TIMEOUT_MS,
      env: { LC_ALL: 'C' },
      windowsHide: true,
    });
    return parseVersion(name, path, stdout);
  } catch {
    // It does not run here (another architecture, a library missing): as good as not there.
    return null;
  }
}

/** Reads what `--version` prints; null when it is none of these programs. */
export function parseVersion(name: string, path: string, output: string): DumpProgram | null {
  const postgres = /^pg_dump \(PostgreSQL\) (?<version>\d+(?:\.\d+)*)/.exec(output)?.groups?.['version'];
  if (postgres !== undefined) return { engine: 'postgres', product: 'PostgreSQL', name, path, version: postgres };
  // MariaDB 10: `Ver 10.19 Distrib 10.11.19-MariaDB`; 11: `from 11.4.2-MariaDB`; MySQL 5.7: `Distrib 5.7.44`; 8: `Ver 8.0.36`.
  const version = /(?:Distrib|from|Ver) (?<version>\d+\.\d+\.\d+)/.exec(output)?.groups?.['version'];
  if (version === undefined) return null;
  return { engine: 'mysql', product: output.includes('MariaDB') ? 'MariaDB' : 'MySQL', name, path, version };
}
