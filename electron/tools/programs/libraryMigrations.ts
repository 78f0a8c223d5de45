/** Migrations that run through the library that their project has installed. */
import type { EngineId } from '../../../shared/model/environment.ts';
import type { LibraryName, ProgramScript } from '../../../shared/model/migration.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { ModuleShape } from './moduleShape.ts';
import { findPackage, PackageReader } from './packages.ts';
import { type Library, readProgram } from './readProgram.ts';

export interface LibraryMigration {
  readonly up: ProgramScript;
  readonly down: ProgramScript;
  readonly shape: ModuleShape;
  readonly problems: readonly Problem[];
}

export interface LibraryReader {
  /** `path`: relative to the root. */
  read(path: string): Promise<LibraryMigration>;
  /** Why none of them can be run; undefined when they can. */
  readonly notRunnable: string | undefined;
}

/** `engine`: null when it is not known yet. Nothing is run. */
export async function libraryReader(root: string, name: LibraryName, engine: EngineId | null): Promise<LibraryReader> {
  const packages = new PackageReader();
  const library = await installed(root, name, packages);
  return {
    async read(path) {
      const { program, shape, bytes, problems } = await readProgram(root, path, {
        calledWith: name,
        before: [],
        library,
        packages,
        ...(engine === null ? {} : { engine }),
      });
      const script = (direction: 'up' | 'down'): ProgramScript => ({
        kind: 'program',
        path,
        line: 1,
        bytes,
        sha256: program.digest,
        direction,
        program,
      });
      return { up: script('up'), down: script('down'), shape, problems };
    },
    notRunnable:
      library === null
        ? `its project has not installed ${name}, through which it runs: install the project’s packages beside it (npm ci).`
        : undefined,
  };
}

async function installed(root: string, name: LibraryName, packages: PackageReader): Promise<Library | null> {
  const folder = findPackage(name, root);
  return folder === null ? null : { folder, packages: await packages.tree(name, root) };
}
