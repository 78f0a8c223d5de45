/** The JavaScript and TypeScript migrations of node-pg-migrate: their SQL is known only by running them. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ProgramScript } from '../../../shared/model/migration.ts';
import type { Problem } from '../../../shared/problem.ts';
import { outsideArchive } from '../../engine/childEntry.ts';
import { findPackage, PackageReader } from '../programs/packages.ts';
import { type Library, readProgram } from '../programs/readProgram.ts';

export interface ProgramMigration {
  readonly up: ProgramScript;
  readonly down: ProgramScript | null;
  readonly transaction: boolean;
  readonly problems: readonly Problem[];
}

/** Reads files in their order: what one exports as `shorthands` counts for those after it. */
export async function programReader(root: string): Promise<(path: string) => Promise<ProgramMigration>> {
  const packages = new PackageReader();
  const library = await builderOf(root, packages);
  const before: string[] = [];
  return async (path) => {
    const { program, shape, bytes, problems } = await readProgram(root, path, {
      calledWith: 'pgm',
      before: [...before],
      library,
      packages,
    });
    const { literals, mentions } = shape;
    const script = (direction: 'up' | 'down'): ProgramScript => ({
      kind: 'program',
      path,
      line: 1,
      bytes,
      sha256: program.digest,
      direction,
      program,
    });
    // A template writes `exports.shorthands = undefined` into every file.
    if (mentions.has('shorthands') && !(literals.has('shorthands') && literals.get('shorthands') === undefined))
      before.push(path);
    const irreversible = literals.get('down') === false;
    return {
      up: script('up'),
      down: irreversible ? null : script('down'),
      transaction: !mentions.has('noTransaction'),
      problems,
    };
  };
}

/** The project's own where it has one, since versions yield different SQL; else ours. */
async function builderOf(root: string, packages: PackageReader): Promise<Library> {
  const own = findPackage('node-pg-migrate', root);
  if (own !== null && existsSync(join(own, 'dist/legacy/migrationBuilder.js')))
    return { folder: own, packages: [await packages.one('node-pg-migrate', own)] };
  const ours = createRequire(import.meta.url).resolve('node-pg-migrate/package.json');
  return { folder: outsideArchive(dirname(ours)), packages: [] };
}
