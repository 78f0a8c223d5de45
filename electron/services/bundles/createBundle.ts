/** Makes a bundle of a migration folder: the same folder, wishes and key give the same bytes. */
import path from 'node:path';
import type { BundledMigration, BundleManifest, BundleRequirements } from '../../../shared/model/bundle.ts';
import { isBundlePath } from '../../../shared/model/bundle.ts';
import type { Migration } from '../../../shared/model/migration.ts';
import { type Problem, ProblemError, raise } from '../../../shared/problem.ts';
import { chooseTool } from '../../tools/detect.ts';
import type { OfflineSource } from '../offlineSource.ts';
import { ownerOf, tableName } from '../readSource.ts';
import type { SigningKey } from '../signingKey.ts';
import { type FolderRead, filesFor } from './bundleFiles.ts';
import { writeContainer } from './container.ts';
import { format, manifestBytes } from './manifest.ts';
import { filesPrefix, manifestName, sha256, signatureName } from './readBundle.ts';

export interface BundleWish {
  readonly source: OfflineSource;
  /** Versions, both included; null: from the first, to the last. */
  readonly from: string | null;
  readonly to: string | null;
  readonly origin: string | null;
  /** Plain text. */
  readonly notes: string | null;
  readonly requires: BundleRequirements;
}

export interface CreatedBundle {
  readonly file: Buffer;
  readonly digest: string;
  readonly manifest: BundleManifest;
}

/** @throws {ProblemError} `source.*`, `usage.invalid`, `bundle.unsafe` */
export async function createBundle(wish: BundleWish, signer: SigningKey): Promise<CreatedBundle> {
  const folder = await readFolder(wish.source);
  const { migrations } = folder.read.source;
  const range = rangeOf(migrations, wish);
  const wanted = migrations.filter((migration) => range.includes(migration));
  requireWhole(folder, wanted);
  const files = await filesFor(folder, wanted);
  const manifest: BundleManifest = {
    format,
    tool: folder.tool.id,
    origin: wish.origin,
    notes: wish.notes,
    range: { from: range.from, to: range.to },
    requires: wish.requires,
    migrations: migrations
      .filter((migration) => range.includes(migration) || range.precedes(migration))
      .map((migration) => bundled(migration, range.includes(migration))),
    files: [...files].map(([file, content]) => ({ path: file, bytes: content.length, sha256: sha256(content) })),
  };
  const signed = manifestBytes(manifest);
  const signature = { key: signer.publicKey, signature: signer.sign(signed.toString()) };
  const file = await writeContainer([
    { name: manifestName, content: signed },
    { name: signatureName, content: Buffer.from(JSON.stringify(signature)) },
    ...[...files].map(([name, content]) => ({ name: `${filesPrefix}${name}`, content })),
  ]);
  return { file, digest: sha256(file), manifest };
}

async function readFolder(source: OfflineSource): Promise<FolderRead> {
  if (isBundlePath(source.path))
    raise({
      code: 'usage.invalid',
      message: `${source.path} is a bundle already.`,
      hint: 'Make the new one from the folder of its migrations.',
    });
  const root = path.resolve(source.path);
  const tool = await chooseTool(root, source.tool ?? null);
  const options = {
    engine: source.engine,
    placeholders: source.placeholders ?? {},
    historyTable: tableName(source.historyTable),
  };
  return { root, tool, options, read: await tool.read(root, options) };
}

interface Range {
  readonly from: string;
  readonly to: string;
  includes(migration: Migration): boolean;
  precedes(migration: Migration): boolean;
}

/** Repeatable ones belong to no place in the order: they come along always. */
function rangeOf(migrations: readonly Migration[], { from, to }: BundleWish): Range {
  const ordered = migrations.filter(({ kind }) => kind !== 'repeatable');
  const first = from === null ? 0 : placeOf(ordered, from);
  const last = to === null ? ordered.length - 1 : placeOf(ordered, to);
  const [begin, end] = [ordered[first] ?? migrations[0], ordered[last] ?? migrations.at(-1)];
  if (begin === undefined || end === undefined || first > last + (ordered.length === 0 ? 1 : 0))
    return raise({
      code: 'usage.invalid',
      message: 'The range holds no migration.',
      hint: 'Give --from a version that is not after the one of --to.',
    });
  const included = new Set(ordered.slice(first, last + 1));
  const before = new Set(ordered.slice(0, first));
  return {
    from: begin.version,
    to: end.version,
    includes: (migration) => included.has(migration) || migration.kind === 'repeatable',
    precedes: (migration) => before.has(migration),
  };
}

function placeOf(ordered: readonly Migration[], name: string): number {
  const place = ordered.findIndex(({ version, historyKey }) => version === name || historyKey === name);
  return place !== -1
    ? place
    : raise({
        code: 'source.noSuchVersion',
        message: `There is no migration “${name}” in this folder.`,
        hint: 'Look up the versions with: lockkeeper validate',
      });
}

/** What would fail at every site is told here. */
function requireWhole({ root, tool, read }: FolderRead, wanted: readonly Migration[]): void {
  const source = { tool, migrations: read.source.migrations };
  const problem = read.problems.find((one) => {
    const owner = ownerOf(source, one);
    return owner === undefined || wanted.includes(owner);
  });
  if (problem !== undefined) throw new ProblemError(problem);
  for (const migration of wanted) {
    const reason = whyNot(migration);
    if (reason !== null) throw new ProblemError(unfit(root, migration, reason));
  }
}

function whyNot({ up, down, notRunnable }: Migration): string | null {
  if (notRunnable !== undefined) return notRunnable;
  for (const script of [up, down]) {
    if (script?.kind !== 'program') continue;
    const { command, packages, files, library } = script.program;
    if (command !== undefined || library !== null) return 'it runs with the project’s own programs.';
    if (packages.length > 0) return `it needs packages (${packages.map(({ name }) => name).join(', ')}).`;
    if (files.some((file) => file.path.startsWith('../'))) return 'it loads files from outside of its folder.';
  }
  return null;
}

const unfit = (root: string, { version, up }: Migration, reason: string): Problem => ({
  code: 'source.unsupported',
  message: `Migration ${version} cannot be put into a bundle: ${reason}`,
  state: 'No bundle was made.',
  hint: 'Leave it out of the range, or write it in SQL.',
  path: path.join(root, up.path),
});

const bundled = (migration: Migration, included: boolean): BundledMigration => ({
  version: migration.version,
  historyKey: migration.historyKey,
  name: migration.name,
  kind: migration.kind,
  checksum: migration.checksum,
  otherChecksums: [...(migration.otherChecksums ?? [])],
  included,
  reversible: migration.down !== null,
  program: migration.up.kind === 'program' || migration.down?.kind === 'program',
});
