/**
 * A program with everything that it can load: its imports, followed file by file, and the packages they name. Nothing is
 * run. What is missed here is refused when it runs, since the process loads only what is listed.
 */
import { createHash } from 'node:crypto';
import { existsSync, realpathSync, statSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { EngineId } from '../../../shared/model/environment.ts';
import type { Program, ProgramFile, ProgramPackage } from '../../../shared/model/migration.ts';
import { type Problem, ProblemError } from '../../../shared/problem.ts';
import { lineNotUtf8 } from '../common/blocks.ts';
import { unreadable } from '../common/folder.ts';
import { notUtf8, printable, sourceProblem } from '../common/problems.ts';
import { isAllowedBuiltin, readsFiles } from './builtins.ts';
import { packageOf } from './libraries.ts';
import { type ImportPlace, type ModuleShape, moduleShape } from './moduleShape.ts';
import { type PackageReader, packageName } from './packages.ts';

/** Extensions of code, in the order in which one left out is looked for. */
export const codeExtensions = ['.ts', '.js', '.mts', '.mjs', '.cts', '.cjs'] as const;

export const isCode = (name: string): boolean => /\.[cm]?[jt]s$/i.test(name) && !/\.d\.[cm]?ts$/i.test(name);

const mostBytesOfCode = 5 * 1024 * 1024;
const mostDataFiles = 1000;

export interface ProgramOptions {
  readonly calledWith: Program['calledWith'];
  /** Loaded before it, in order. */
  readonly before: readonly string[];
  /** What calls it; null for our own handle. */
  readonly library: Library | null;
  readonly engine?: EngineId;
  readonly packages: PackageReader;
}

export interface Library {
  /** Absolute path. */
  readonly folder: string;
  /** It and all it depends on; empty when it is our own, which needs nobody's trust. */
  readonly packages: readonly ProgramPackage[];
}

export interface ReadProgram {
  readonly program: Program;
  /** Of its own file. */
  readonly shape: ModuleShape;
  readonly bytes: number;
  /** SHA-256 of code inside the project, line ends not counting: what it does, wherever it was checked out. */
  readonly checksum: string;
  readonly problems: readonly Problem[];
}

/** `path`: relative to `root`. Never fails: what is wrong is told as Problems of that path. */
export function readProgram(root: string, path: string, options: ProgramOptions): Promise<ReadProgram> {
  return new Reading(root, path, options).read();
}

interface CodeFile {
  readonly path: string;
  readonly sha256: string;
  readonly canonical: string;
  readonly shape: ModuleShape;
  readonly bytes: number;
}

class Reading {
  readonly #root: string;
  readonly #project: string;
  readonly #path: string;
  readonly #options: ProgramOptions;
  readonly #code = new Map<string, CodeFile>();
  readonly #links: Record<string, Record<string, string>> = {};
  readonly #packages = new Map<string, ProgramPackage>();
  readonly #problems: Problem[] = [];
  readonly #libraryNames = new Set<string>();
  #readsFiles = false;

  constructor(root: string, path: string, options: ProgramOptions) {
    this.#root = realpathSync(root);
    this.#project = projectOf(this.#root);
    this.#path = path;
    this.#options = options;
  }

  async read(): Promise<ReadProgram> {
    const { calledWith, before, library, engine } = this.#options;
    for (const start of [this.#path, ...before]) await this.#follow(start);
    for (const each of library?.packages ?? []) this.#packages.set(each.folder, each);
    const main = this.#code.get(this.#path);
    const files = [...this.#codeFiles(), ...(this.#readsFiles ? await this.#dataFiles() : [])];
    const packages = [...this.#packages.values()].sort((a, b) => (a.folder < b.folder ? -1 : 1));
    const identity = [
      calledWith,
      before,
      files.map((file) => [file.path, file.sha256, file.role]),
      packages.map(({ name, version, sha256 }) => [name, version, sha256]),
    ];
    const program: Program = {
      digest: sha256(JSON.stringify(identity)),
      calledWith,
      files,
      packages,
      links: this.#links,
      before,
      library: library?.folder ?? null,
      engine: engine ?? null,
      libraryNames: [...this.#libraryNames].sort(),
    };
    const own = [...this.#code.values()].filter((file) => !before.includes(file.path));
    const checksum = sha256(JSON.stringify(own.map((file) => [file.path, file.canonical])));
    return {
      program,
      shape: main?.shape ?? moduleShape(''),
      bytes: main?.bytes ?? 0,
      checksum,
      problems: this.#problems,
    };
  }

  #codeFiles(): ProgramFile[] {
    return [...this.#code.values()].map(({ path, sha256: digest }) => ({
      path,
      sha256: digest,
      role: 'code' as const,
    }));
  }

  async #follow(start: string): Promise<void> {
    const waiting = [start];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (this.#code.has(path)) continue;
      const file = await this.#readCode(path);
      if (file === null) continue;
      this.#code.set(path, file);
      for (const place of file.shape.imports) {
        const target = await this.#resolve(path, place);
        if (target !== null) waiting.push(target);
      }
    }
  }

  async #readCode(path: string): Promise<CodeFile | null> {
    try {
      const content = await readFile(join(this.#root, path));
      if (content.length > mostBytesOfCode) {
        this.#refuse(
          path,
          null,
          `${printable(path)} is larger than a person could read.`,
          'Split it, or keep its data in a file.',
        );
        return null;
      }
      const bad = lineNotUtf8(content);
      if (bad !== null) this.#problems.push({ ...notUtf8(path, bad + 1), path: this.#path });
      const text = content.toString('utf8');
      const shape = path.endsWith('.json') ? moduleShape('') : moduleShape(text);
      const canonical = sha256(text.replaceAll('\r\n', '\n'));
      return { path, sha256: sha256(content), canonical, shape, bytes: content.length };
    } catch (error) {
      this.#problems.push({ ...unreadable(path, error), path: this.#path });
      return null;
    }
  }

  /** The file to follow, relative to the root; null when it is none. */
  async #resolve(from: string, place: ImportPlace): Promise<string | null> {
    const { specifier } = place;
    if (specifier === null) {
      this.#refuse(
        from,
        place.line,
        `${printable(from)} computes what it imports, so nobody can know what would be run.`,
        'Write the name of the file or package out in the import.',
      );
      return null;
    }
    if (isBuiltin(specifier)) this.#builtin(from, place, specifier);
    else if (/^\.{0,2}\//.test(specifier) || specifier === '.' || specifier === '..')
      return this.#file(from, place, specifier);
    else await this.#package(from, place, specifier);
    return null;
  }

  #builtin(from: string, place: ImportPlace, specifier: string): void {
    if (readsFiles(specifier)) this.#readsFiles = true;
    if (!isAllowedBuiltin(specifier))
      this.#refuse(
        from,
        place.line,
        `${printable(from)} imports ${specifier}: a migration reaches nothing but its database.`,
        'Do that part outside of the migration.',
      );
  }

  #file(from: string, place: ImportPlace, specifier: string): string | null {
    const wanted = resolve(this.#root, dirname(from), specifier);
    const found = candidates(wanted).find(isFile);
    if (found === undefined) {
      this.#refuse(
        from,
        place.line,
        `${printable(from)} imports ${printable(specifier)}, which is not there.`,
        'Correct the import, or put the file back.',
      );
      return null;
    }
    const real = realpathSync(found);
    if (!real.startsWith(`${this.#project}${sep}`)) {
      this.#refuse(
        from,
        place.line,
        `${printable(from)} imports ${printable(specifier)}, which is outside of the project.`,
        'Keep what a migration needs in its project.',
      );
      return null;
    }
    const path = relative(this.#root, real).split(sep).join('/');
    this.#links[from] = { ...this.#links[from], [specifier]: path };
    return path;
  }

  async #package(from: string, place: ImportPlace, specifier: string): Promise<void> {
    const name = packageName(specifier);
    // Given to the migration by whatever calls it: types among the names or not, and without a database driver.
    if (specifier === packageOf(this.#options.calledWith)) {
      for (const each of place.names) this.#libraryNames.add(each);
      return;
    }
    try {
      const tree = await this.#options.packages.tree(name, resolve(this.#root, dirname(from)));
      for (const each of tree) this.#packages.set(each.folder, each);
      if (tree.length > 0) return;
      this.#refuse(
        from,
        place.line,
        `${printable(from)} imports the package ${printable(name)}, which is not installed.`,
        'Install the project’s packages beside it (npm ci), then look again.',
      );
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      this.#problems.push({ ...error.problem, path: this.#path });
    }
  }

  /** A program that reads files could read any of the folder: all of them are part of what is trusted. */
  async #dataFiles(): Promise<ProgramFile[]> {
    const found: ProgramFile[] = [];
    for await (const file of regularFiles(this.#root)) {
      const path = relative(this.#root, file).split(sep).join('/');
      if (this.#code.has(path)) continue;
      if (found.length === mostDataFiles) {
        this.#refuse(
          this.#path,
          null,
          `${printable(this.#path)} reads files, and its folder holds more than ${mostDataFiles}.`,
          'Keep migrations in a folder of their own.',
        );
        break;
      }
      found.push({ path, sha256: sha256(await readFile(file)), role: 'data' });
    }
    return found;
  }

  #refuse(from: string, line: number | null, message: string, hint: string): void {
    const place = from === this.#path && line !== null ? { path: this.#path, line } : { path: this.#path };
    this.#problems.push(sourceProblem('script.import', message, hint, place));
  }
}

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');

/** The nearest folder upwards with a `package.json`, else the source itself. */
export function projectOf(root: string): string {
  for (let folder = root; dirname(folder) !== folder; folder = dirname(folder))
    if (existsSync(join(folder, 'package.json'))) return folder;
  return root;
}

/** A file may be named without its extension, by the extension it is compiled to, or by its folder. */
function candidates(path: string): string[] {
  const extended = codeExtensions.map((extension) => path + extension);
  const typed = path.replace(/\.([cm]?)js$/, '.$1ts');
  const inside = codeExtensions.map((extension) => join(path, `index${extension}`));
  return [path, ...(typed === path ? [] : [typed]), ...extended, `${path}.json`, ...inside];
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/** Hidden ones left out: settings and secrets are no data of a migration. */
async function* regularFiles(folder: string): AsyncGenerator<string> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* regularFiles(path);
    else if (entry.isFile()) yield path;
  }
}
