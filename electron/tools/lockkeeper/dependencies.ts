/** `requires` and `conflicts`: do the migrations they name exist, and can the order of versions keep them? */
import type { Migration } from '../../../shared/model/migration.ts';
import type { Problem } from '../../../shared/problem.ts';
import { printable, sourceProblem } from '../common/problems.ts';
import { canonicalSegments } from '../common/versions.ts';
import type { MetadataLines } from './metadata.ts';

/** A migration and where its metadata stands. */
export interface Described {
  readonly migration: Migration;
  /** The file of the metadata. */
  readonly path: string;
  readonly lines: MetadataLines;
}

export interface DependencyResult {
  /** With the names in `requires` and `conflicts` replaced by versions. */
  readonly migrations: readonly Migration[];
  readonly problems: readonly Problem[];
}

/** `described`: in order. */
export function resolveDependencies(described: readonly Described[]): DependencyResult {
  const names = new Names(described.map(({ migration }) => migration));
  const resolved = described.map((one) => resolve(one, names));
  const problems = resolved.flatMap(({ problems: found }) => found);
  const migrations = resolved.map(({ migration }) => migration);
  const position = new Map(migrations.map(({ version }, index) => [version, index]));
  const required = new Map(migrations.map(({ version, metadata }) => [version, metadata.dependencies ?? []]));
  for (const [index, one] of described.entries()) {
    for (const name of migrations[index]?.metadata.dependencies ?? [])
      if ((position.get(name) ?? -1) >= index) problems.push(orderProblem(one, name, required));
  }
  return { migrations, problems };
}

function resolve({ migration, path, lines }: Described, names: Names) {
  const { dependencies, conflicts } = migration.metadata;
  const problems: Problem[] = [];
  const refuse = (message: string, hint: string, line: number | undefined): void => {
    problems.push(sourceProblem('source.dependency', message, hint, { path, ...(line === undefined ? {} : { line }) }));
  };
  const label = `Migration ${printable(migration.version)}`;
  const required = dependencies?.map((name) => {
    const found = names.find(name);
    if (found.length === 0)
      refuse(
        `${label} requires “${printable(name)}”, which is not in this folder.`,
        'Add the missing migration, or correct the name; a version, a name or both with “_” between them will do.',
        lines.requires,
      );
    if (found.length > 1)
      refuse(
        `${label} requires “${printable(name)}”, which several migrations are called.`,
        `Name its version: ${found.map(printable).join(', ')}.`,
        lines.requires,
      );
    return found[0] ?? name;
  });
  const excluded = conflicts?.flatMap((name) => {
    const found = names.find(name);
    return found.length === 0 ? [name] : found;
  });
  const both = excluded?.find((name) => required?.includes(name) === true || name === migration.version);
  if (both !== undefined)
    refuse(
      `${label} conflicts with ${printable(both)}, which it ${both === migration.version ? 'is itself' : 'requires'}.`,
      'Remove one of the two lines.',
      lines.conflicts,
    );
  const metadata = {
    ...migration.metadata,
    ...(required === undefined ? {} : { dependencies: required }),
    ...(excluded === undefined ? {} : { conflicts: excluded }),
  };
  return { migration: { ...migration, metadata }, problems };
}

function orderProblem(
  { migration: { version }, path, lines }: Described,
  name: string,
  required: ReadonlyMap<string, readonly string[]>,
): Problem {
  const line = lines.requires === undefined ? {} : { line: lines.requires };
  const back = wayBack(name, version, required);
  return back === null
    ? sourceProblem(
        'source.dependency',
        `Migration ${printable(version)} requires ${printable(name)}, which comes after it.`,
        'Give it a version behind that of what it requires.',
        { path, ...line },
      )
    : sourceProblem(
        'source.dependency',
        `Migrations require each other: ${[version, ...back].map(printable).join(' → ')}.`,
        'Remove one of these requirements: none of them could ever be applied first.',
        { path, ...line },
      );
}

/** From `from` over what each requires to `to`, both included; null when there is no such way. */
function wayBack(from: string, to: string, required: ReadonlyMap<string, readonly string[]>): string[] | null {
  const seen = new Set<string>();
  const walk = (version: string): string[] | null => {
    if (version === to) return [version];
    if (seen.has(version)) return null;
    seen.add(version);
    for (const next of required.get(version) ?? []) {
      const rest = walk(next);
      if (rest !== null) return [version, ...rest];
    }
    return null;
  };
  return walk(from);
}

/** What a migration may be called: its version, however written, its name, or both. */
class Names {
  readonly #versions = new Map<string, string>();
  readonly #names = new Map<string, string[]>();

  constructor(migrations: readonly Migration[]) {
    for (const { version, name } of migrations) {
      this.#versions.set(canonicalSegments(version), version);
      this.#names.set(name, [...(this.#names.get(name) ?? []), version]);
    }
  }

  find(called: string): readonly string[] {
    const [, version, name] = /^v?(\d+(?:\.\d+)*)(?:[_-](.*))?$/is.exec(called) ?? [];
    const known = version === undefined ? undefined : this.#versions.get(canonicalSegments(version));
    if (known === undefined) return this.#names.get(called) ?? [];
    return name === undefined || this.#names.get(name)?.includes(known) === true ? [known] : [];
  }
}
