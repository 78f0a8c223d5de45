/** A migration of our own format that is a JavaScript or TypeScript module with the functions `up` and perhaps `down`. */
import type { Migration, MigrationMetadata, ProgramScript } from '../../../shared/model/migration.ts';
import type { Problem } from '../../../shared/problem.ts';
import type { JsonObject } from '../common/json.ts';
import { printable, sourceProblem } from '../common/problems.ts';
import type { Literal, ModuleShape } from '../programs/moduleShape.ts';
import type { PackageReader } from '../programs/packages.ts';
import { readProgram } from '../programs/readProgram.ts';
import type { Parts } from './layout.ts';
import { metadataFromJson } from './metadata.ts';

/** Characters that the history table has room for. */
const longestName = 255;

/** What its exports say is read from its text, never by running it: values must be written out. */
export async function fromProgram(
  root: string,
  parts: Parts,
  packages: PackageReader,
  problems: Problem[],
): Promise<Migration> {
  const path = parts.up;
  const read = await readProgram(root, path, { calledWith: 'handle', before: [], library: null, packages });
  const { program, shape, bytes } = read;
  problems.push(...read.problems);
  if (!shape.mentions.has('up')) problems.push(withoutUp(path));
  const described = metadataOf(shape, path);
  problems.push(...described.problems);
  const transaction = shape.literals.get('transaction') !== false;
  const script = (direction: 'up' | 'down'): ProgramScript => ({
    kind: 'program',
    path,
    line: 1,
    bytes,
    sha256: program.digest,
    direction,
    program,
  });
  return {
    version: parts.version,
    historyKey: parts.version,
    name: textOf(shape, 'name')?.slice(0, longestName) ?? parts.name,
    kind: 'versioned',
    up: script('up'),
    // Whoever has no way back does not write the word.
    down: shape.mentions.has('down') && shape.literals.get('down') !== false ? script('down') : null,
    verify: null,
    checksum: read.checksum,
    transaction: { up: transaction, down: transaction },
    metadata: described.metadata,
  };
}

function textOf({ literals }: ModuleShape, name: string): string | null {
  const value = literals.get(name);
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

function metadataOf(shape: ModuleShape, path: string): { metadata: MigrationMetadata; problems: readonly Problem[] } {
  const exported = shape.literals.get('metadata');
  const described = isObject(exported) ? metadataFromJson(exported, path) : { metadata: {}, problems: [] };
  const description = textOf(shape, 'description');
  return description === null ? described : { ...described, metadata: { ...described.metadata, description } };
}

const isObject = (value: Literal): value is JsonObject & Literal =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const withoutUp = (path: string): Problem =>
  sourceProblem(
    'source.invalidSections',
    `${printable(path)} exports no function "up".`,
    'Export one, or rename the file if it is no migration.',
    { path },
  );
