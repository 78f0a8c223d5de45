/** Packages that a program imports: found as Node finds them, and identified by all of their content. */
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, realpathSync } from 'node:fs';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { ProgramPackage } from '../../../shared/model/migration.ts';
import { ProblemError } from '../../../shared/problem.ts';
import { sourceProblem } from '../common/problems.ts';

/** More than any package that a migration could need. */
const mostFiles = 20_000;
const mostBytes = 200 * 1024 * 1024;

/**
 * What libraries connect with, as needed or wished for by them. It is left out of what a person is asked to trust, and
 * with that out of what can be loaded: a migration reaches its database through Lockkeeper's session alone.
 */
const drivers = new Set(
  '@google-cloud/spanner @sap/hana-client better-sqlite3 ibm_db ioredis mariadb mongodb mssql mysql mysql2 oracledb pg pg-native pg-query-stream redis snowflake-sdk sql.js sqlite3 tedious ts-node typeorm-aurora-data-api-driver'.split(
    ' ',
  ),
);

const isDriver = (name: string): boolean => drivers.has(name);

/** `@scope/name` or `name` of an import. */
export const packageName = (specifier: string): string =>
  specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

/** Packages are read once however many programs import them; a reader is for one reading of a source. */
export class PackageReader {
  readonly #known = new Map<string, ProgramPackage>();

  /**
   * The package and all it depends on; empty when it is not installed.
   * @throws {ProblemError} `script.import` when there is more of it than a migration could need
   */
  async tree(name: string, from: string): Promise<ProgramPackage[]> {
    const found = new Map<string, ProgramPackage>();
    await this.#collect(name, realpathSync(from), found);
    return [...found.values()];
  }

  /** The package alone. @throws {ProblemError} as `tree` */
  one(name: string, folder: string): Promise<ProgramPackage> {
    return this.#read(folder, name, readManifest(folder));
  }

  async #collect(name: string, from: string, found: Map<string, ProgramPackage>): Promise<void> {
    const place = placeOfPackage(name, from);
    if (place === null) return;
    const folder = realpathSync(place);
    const known = found.get(folder);
    const links = linksIn(place);
    if (known !== undefined) {
      found.set(folder, { ...known, links: [...new Set([...known.links, ...links])] });
      return;
    }
    const manifest = readManifest(folder);
    found.set(folder, { ...(await this.#read(folder, name, manifest)), links });
    const needed = { ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.peerDependencies };
    for (const other of Object.keys(needed)) if (!isDriver(other)) await this.#collect(other, folder, found);
  }

  async #read(folder: string, name: string, manifest: Manifest): Promise<ProgramPackage> {
    const known = this.#known.get(folder);
    if (known !== undefined) return known;
    const read = { name, version: manifest.version ?? '', sha256: await contentDigest(folder), folder, links: [] };
    this.#known.set(folder, read);
    return read;
  }
}

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Real path of an installed package, looked for in `node_modules` from a folder upwards; null when there is none. */
export function findPackage(name: string, from: string): string | null {
  const place = placeOfPackage(name, from);
  return place === null ? null : realpathSync(place);
}

/** Of the folder `node_modules`, the scope's and the package's own: those that are links, as pnpm makes them. */
function linksIn(place: string): string[] {
  const paths: string[] = [];
  for (let path = place; ; path = dirname(path)) {
    if (lstatSync(path).isSymbolicLink()) paths.push(path);
    if (path.endsWith(`${sep}node_modules`)) return paths;
  }
}

function placeOfPackage(name: string, from: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (dirname(folder) === folder) return null;
  }
}

/** Does the project name the package among those it needs? */
export function asksFor(project: string, name: string): boolean {
  const { dependencies, devDependencies } = readManifest(project);
  return name in { ...dependencies, ...devDependencies };
}

/** What cannot be read as a manifest says nothing. */
export function readManifest(folder: string): Manifest {
  try {
    const read: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    return typeof read === 'object' && read !== null ? read : {};
  } catch {
    return {};
  }
}

/** By folder, what its files were like when they were read, and their digest: a library has thousands, and few change. */
const digests = new Map<string, { readonly state: string; readonly sha256: string }>();

/** Awaits the disk: a library has more files than a loop that serves a window could wait for. */
async function contentDigest(folder: string): Promise<string> {
  const paths = await filesUnder(folder);
  const files = await inOrder(paths, async (path) => ({ path, status: await lstat(path) }));
  const bytes = files.reduce((sum, { status }) => sum + status.size, 0);
  if (files.length > mostFiles || bytes > mostBytes) throw new ProblemError(tooLarge(folder));
  // The time of a file's last change of any kind is the system's: whoever writes to it cannot put it back.
  const facts = files.map(({ path, status: { ino, size, ctimeMs } }) => `${path}\0${ino}\0${size}\0${ctimeMs}`);
  const state = createHash('sha256').update(facts.join('\n')).digest('hex');
  const known = digests.get(folder);
  if (known?.state === state) return known.sha256;
  const lines = await inOrder(paths, async (path) => {
    const name = relative(folder, path).split(sep).join('/');
    return `${name}\0${createHash('sha256')
      .update(await contentOf(path))
      .digest('hex')}\n`;
  });
  const sha256 = createHash('sha256').update(lines.join('')).digest('hex');
  digests.set(folder, { state, sha256 });
  return sha256;
}

/** Of all of them in their order; some are asked for at the same time, but never so many that memory would matter. */
async function inOrder<T>(paths: readonly string[], ask: (path: string) => Promise<T>): Promise<T[]> {
  const found: T[] = [];
  for (let at = 0; at < paths.length; at += atOnce)
    found.push(...(await Promise.all(paths.slice(at, at + atOnce).map(ask))));
  return found;
}

const atOnce = 32;

/** In byte order, with the packages installed inside it: the process may read all of the folder. */
async function filesUnder(folder: string): Promise<string[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await filesUnder(path)));
    else found.push(path);
  }
  return found;
}

/** Where a link leads is part of the content; what is there is not loaded, as only real paths are. */
async function contentOf(path: string): Promise<Buffer> {
  const status = await lstat(path);
  if (status.isSymbolicLink()) return Buffer.from(`-> ${await readlink(path)}`);
  return status.isFile() ? await readFile(path) : Buffer.alloc(0);
}

const tooLarge = (folder: string) =>
  sourceProblem(
    'script.import',
    `The package in ${folder} is larger than a person could trust.`,
    'Import something smaller from the migration.',
    { path: folder },
  );
