/** What is in a migration folder: names only, regular files only. */
import { readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { nothingChanged, type Problem, raise } from '../../../shared/problem.ts';
import { once } from './look.ts';
import { printable, sourceProblem } from './problems.ts';
import { compareBytes } from './versions.ts';

export interface Folder {
  /** Names in byte order. */
  readonly files: readonly string[];
  readonly folders: readonly string[];
  /** Entries that were left out: unreadable names, links that leave the source. */
  readonly problems: readonly Problem[];
}

/**
 * Lists `root/path` (`path` with `/`, empty for the root itself). Links are followed when they stay within the source.
 * @throws {ProblemError} `source.unreadable`
 */
export const listFolder = (root: string, path = ''): Promise<Folder> =>
  once(`folder ${join(root, path)}`, () => readFolder(root, path));

async function readFolder(root: string, path: string): Promise<Folder> {
  const files: string[] = [];
  const folders: string[] = [];
  const problems: Problem[] = [];
  for (const entry of await entriesOf(root, path)) {
    const place = path === '' ? entry.name : `${path}/${entry.name}`;
    // Node replaces what is not UTF-8 in a name: such a file cannot be opened by the name it gave.
    if (entry.name.includes('\uFFFD')) problems.push(unreadableName(place));
    else if (entry.isFile()) files.push(entry.name);
    else if (entry.isDirectory()) folders.push(entry.name);
    else if (entry.isSymbolicLink()) {
      const target = await linkTarget(root, place);
      if (target === 'file') files.push(entry.name);
      else if (target === 'folder') folders.push(entry.name);
      else problems.push(strayLink(place));
    }
  }
  return { files: files.sort(compareBytes), folders: folders.sort(compareBytes), problems };
}

/** Deeper are no migrations, but perhaps links in a circle. */
const deepest = 16;

/** More are no migrations, but perhaps a whole disk. */
const mostFiles = 50_000;
/** Enough to see whose a folder is. */
export const filesLookedAt = 2_000;

/**
 * Files of `root` and of all folders in it, by path with `/`, in byte order; names that begin with a dot and installed
 * packages are left out. With more than `most`, the rest is left out with a Problem.
 * @throws {ProblemError} `source.unreadable`
 */
export const walkFolder = (root: string, path = '', most = mostFiles): Promise<Omit<Folder, 'folders'>> =>
  once(`folders ${most} ${join(root, path)} ${root}`, () => walk(root, path, most));

async function walk(root: string, path: string, most: number): Promise<Omit<Folder, 'folders'>> {
  const files: string[] = [];
  const problems: Problem[] = [];
  const visible = (name: string) => !name.startsWith('.') && name !== 'node_modules';
  const visit = async (place: string, depth: number): Promise<void> => {
    if (files.length > most) return;
    const below = (name: string) => (place === '' ? name : `${place}/${name}`);
    const folder = await listFolder(root, place);
    problems.push(...folder.problems);
    files.push(...folder.files.filter(visible).map(below));
    if (depth < deepest) for (const name of folder.folders.filter(visible)) await visit(below(name), depth + 1);
  };
  await visit(path, 0);
  if (files.length > most) problems.push(tooMany(path === '' ? root : path, most));
  return { files: files.sort(compareBytes), problems };
}

/** A folder that a setting names, relative to `root` with `/` (the root itself: empty); null when it is none within it. */
export async function folderWithin(root: string, named: string): Promise<string | null> {
  const [base, target] = [resolve(root), resolve(root, named)];
  if (target !== base && !target.startsWith(base.endsWith(sep) ? base : base + sep)) return null;
  const path = relative(base, target).split(sep).join('/');
  if (target === base) return '';
  const within = await linkTarget(root, path);
  return within === 'folder' ? path : null;
}

async function entriesOf(root: string, path: string) {
  const folder = join(root, path);
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    raise(unreadable(folder, error), error);
  }
}

async function linkTarget(root: string, place: string): Promise<'file' | 'folder' | null> {
  try {
    const [base, target] = await Promise.all([realpath(root), realpath(join(root, place))]);
    if (!target.startsWith(base.endsWith(sep) ? base : base + sep)) return null;
    const status = await stat(target);
    return status.isFile() ? 'file' : status.isDirectory() ? 'folder' : null;
  } catch {
    // A dangling link has no target: said with the stray ones.
    return null;
  }
}

/** What the file system said of a path, as a Problem. */
export function unreadable(path: string, error: unknown): Problem {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const words: Readonly<Record<string, readonly [string, string]>> = {
    ENOENT: ['does not exist', 'Check the path; it may have been moved, or a drive may not be connected.'],
    ENOTDIR: ['is not a folder', 'Choose the folder that holds the migrations.'],
    EISDIR: ['is a folder, not a file', 'Put the migration into a file of that name.'],
    EACCES: ['may not be read by this account', 'Give this account the right to read it.'],
    EPERM: ['may not be read by this account', 'Give this account the right to read it.'],
  };
  const [what, hint] = words[code] ?? ['cannot be read', 'Check the disk or network share that it is on.'];
  return {
    code: 'source.unreadable',
    message: `${printable(path)} ${what}.`,
    state: nothingChanged,
    hint,
    path,
    ...(error instanceof Error ? { serverMessage: error.message } : {}),
  };
}

function tooMany(place: string, most: number): Problem {
  const message = `${printable(place)} and the folders in it hold more than ${most} files; not all were looked at.`;
  return sourceProblem('source.unsupported', message, 'Choose the folder with the migrations itself.', { path: place });
}

function unreadableName(place: string): Problem {
  return sourceProblem(
    'source.unreadable',
    `The name of ${printable(place)} is not UTF-8, so it cannot be opened by name.`,
    'Rename the file with letters that UTF-8 has.',
    { path: place },
  );
}

function strayLink(place: string): Problem {
  return sourceProblem(
    'source.unsupported',
    `${printable(place)} is a link that leaves the source or leads nowhere; it is not followed.`,
    'Put the file itself into the folder.',
    { path: place },
  );
}
