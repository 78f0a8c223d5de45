/** What detection looks at: names, and the beginnings of a few small files. */
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { once } from './look.ts';

const headBytes = 16 * 1024;
const filesSampled = 12;

/** First 16 KiB as text; null when there is no such file or it cannot be read (detection looks, it does not judge). */
export async function headOf(root: string, path: string): Promise<string | null> {
  const file = join(root, path);
  return once(`head ${file}`, () => ({ text: readHead(file) })).text;
}

/** A pipe is not waited for until somebody writes into it; Windows has none among its files, and no such flag. */
const readOnly = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
const head = Buffer.allocUnsafeSlow(headBytes);

/** Synchronous: hundreds of them are looked at, and promises would cost several times the reading. */
function readHead(file: string): string | null {
  let descriptor: number | null = null;
  try {
    descriptor = openSync(file, readOnly);
    return head.toString('utf8', 0, readSync(descriptor, head, 0, headBytes, 0));
  } catch {
    return null;
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}

/** Of up to twelve of the files, spread over the list: how many have a beginning that `speaks`. */
export async function sampled(
  root: string,
  files: readonly string[],
  speaks: (head: string) => boolean,
): Promise<{ looked: number; speaking: number }> {
  const every = Math.max(1, Math.floor(files.length / filesSampled));
  const some = files.filter((_, index) => index % every === 0).slice(0, filesSampled);
  const heads = await Promise.all(some.map((path) => headOf(root, path)));
  return { looked: some.length, speaking: heads.filter((head) => head !== null && speaks(head)).length };
}

/** A project's root is not further above its migrations: `src/main/resources/db/migrations`. */
const levelsAbove = 5;

/** The folder and those above it up to the project's root, nearest first. */
export async function projectFolders(root: string): Promise<string[]> {
  const folders = [resolve(root)];
  for (let at = resolve(root); folders.length <= levelsAbove; at = dirname(at)) {
    if (dirname(at) === at || (await headOf(at, '.git/HEAD')) !== null) break;
    folders.push(dirname(at));
  }
  return folders;
}

/** The nearest file of one of these names in the folder or above it in its project, with its beginning. */
export async function nearest(
  root: string,
  names: readonly string[],
): Promise<{ readonly folder: string; readonly name: string; readonly head: string } | null> {
  for (const folder of await projectFolders(root)) {
    for (const name of names) {
      const head = await headOf(folder, name);
      if (head !== null) return { folder, name, head };
    }
  }
  return null;
}

/** Does the nearest Cargo.toml depend on one of these crates? Says which. */
export async function cargoDependency(root: string, crates: readonly string[]): Promise<string | null> {
  const manifest = await nearest(root, ['Cargo.toml']);
  const named = (crate: string) =>
    new RegExp(`^\\s*(?:\\[.*dependencies\\.)?["']?${crate}["']?\\s*[\\].=]`, 'm').test(manifest?.head ?? '');
  return crates.find(named) ?? null;
}

/** `3 files`, `1 file`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
