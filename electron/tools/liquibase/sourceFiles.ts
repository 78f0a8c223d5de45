/** The text files of a project, none from outside of its folder. */
import { lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { type Problem, ProblemError } from '../../../shared/problem.ts';
import { lineNotUtf8 } from '../common/blocks.ts';
import { unreadable } from '../common/folder.ts';
import { notUtf8, printable, sourceProblem } from '../common/problems.ts';
import { normalPath } from './model.ts';
import { treeLimits } from './parsing.ts';

export interface SourceFile {
  /** As changelogs name it, relative to a search path. */
  readonly name: string;
  /** Relative to the source's root. */
  readonly path: string;
  /** Absolute, links followed. */
  readonly real: string;
}

export class SourceFiles {
  readonly #root: string;
  /** Absolute; where names of files begin. */
  readonly #search: readonly string[];
  #bytesLeft: number = 4 * treeLimits.bytes;

  constructor(root: string, search: readonly string[]) {
    this.#root = root;
    this.#search = search;
  }

  /** Null: there is none. @throws {ProblemError} `source.unsupported` when it is outside of the folder */
  find(name: string): SourceFile | null {
    const normal = normalPath(name);
    for (const base of this.#search) {
      const file = join(base, normal);
      try {
        lstatSync(file);
      } catch {
        continue;
      }
      const real = realpathSync(file);
      const home = realpathSync(base);
      if (real !== home && !real.startsWith(home.endsWith(sep) ? home : home + sep))
        throw new ProblemError(outside(name));
      if (statSync(real).isFile()) return { name: normal, path: this.pathOf(file), real };
    }
    return null;
  }

  /** The folder of that name in each search path that has one. */
  folders(name: string): { readonly base: string; readonly path: string }[] {
    const normal = normalPath(name);
    if (normal.startsWith('..')) throw new ProblemError(outside(name));
    return this.#search.flatMap((base) => {
      const status = statSync(join(base, normal), { throwIfNoEntry: false });
      return status?.isDirectory() === true ? [{ base, path: normal }] : [];
    });
  }

  /** Relative to the root, for people and Problems. */
  pathOf(file: string): string {
    return relative(this.#root, file).split(sep).join('/');
  }

  /** Without its byte-order mark. @throws {ProblemError} `source.unreadable`, `script.notUtf8`, `script.tooLarge` */
  read({ path, real }: SourceFile): string {
    let bytes: Buffer;
    try {
      const { size } = statSync(real);
      if (size > treeLimits.bytes || size > this.#bytesLeft) throw new ProblemError(tooLarge(path));
      this.#bytesLeft -= size;
      bytes = readFileSync(real);
    } catch (error) {
      if (error instanceof ProblemError) throw error;
      throw new ProblemError(unreadable(path, error), { cause: error });
    }
    const bad = lineNotUtf8(bytes);
    if (bad !== null) throw new ProblemError(notUtf8(path, bad + 1));
    return bytes.toString('utf8').replace(/^\ufeff/, '');
  }
}

/** What a changelog means by a name: beside itself, or in a search path. */
export const nameOf = (name: string, relativeTo: string | null): string =>
  relativeTo === null ? normalPath(name) : normalPath(posix.join(dirname(relativeTo), normalPath(name)));

const outside = (name: string): Problem =>
  sourceProblem(
    'source.unsupported',
    `${printable(name)} is outside of the folder; nothing there is read.`,
    'Choose the folder that holds all changelogs, or move the file into it.',
    { path: name },
  );

const tooLarge = (path: string): Problem =>
  sourceProblem(
    'script.tooLarge',
    `${printable(path)} is too large: changelogs are read as a whole, up to 64 MiB each and 256 MiB together.`,
    'Divide it, or load the data by the database’s own means.',
    { path },
  );
