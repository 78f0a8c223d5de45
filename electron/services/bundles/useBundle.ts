/** A bundle as a migration source: only of a trusted key, from a private folder of its own that is compared at each use. */
import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ulid } from 'ulid';
import type { BundledMigration, BundleManifest } from '../../../shared/model/bundle.ts';
import type { Migration } from '../../../shared/model/migration.ts';
import { raise } from '../../../shared/problem.ts';
import { textScript } from '../../engine/textScript.ts';
import type { ReadResult } from '../../tools/tool.ts';
import type { Context } from '../context.ts';
import { findTrustedSigner } from '../trustStore.ts';
import { writeTree } from './bundleFiles.ts';
import { bundlesFolder, keptPath } from './bundleTarget.ts';
import { bytesOf, type ReadBundle, readBundle } from './readBundle.ts';

export interface UsedBundle {
  /** As it was named. */
  readonly file: string;
  readonly digest: string;
  /** Of the key that signed it. */
  readonly fingerprint: string;
  /** Absolute path of its files. */
  readonly folder: string;
  readonly manifest: BundleManifest;
}

/** @throws {ProblemError} `bundle.*`, `source.unreadable` */
export async function useBundle(context: Context, file: string): Promise<UsedBundle> {
  const content = await bytesOf(file);
  const bundle = await readBundle(content);
  requireTrusted(context, bundle);
  const folder = await unpack(context, bundle);
  await keepBundle(context, bundle.digest, content);
  return { file, digest: bundle.digest, fingerprint: bundle.fingerprint, folder, manifest: bundle.manifest };
}

/** @throws {ProblemError} `bundle.untrusted` */
export function requireTrusted(context: Context, { publicKey, fingerprint }: ReadBundle): void {
  if (findTrustedSigner(context, publicKey, 'bundles') !== null) return;
  raise({
    code: 'bundle.untrusted',
    message: `This bundle is signed by a key that is not trusted here: ${fingerprint}`,
    hint: `Ask whoever made it for the fingerprint of their key; when both are equal, an administrator trusts it: lockkeeper bundle trust ${publicKey} --name NAME`,
  });
}

export async function keepBundle(context: Context, digest: string, content: Buffer): Promise<void> {
  const target = keptPath(context, digest);
  const known = await readFile(target).catch(() => null);
  if (known?.equals(content) === true) return;
  await mkdir(bundlesFolder(context), { recursive: true, mode: 0o700 });
  const making = path.join(bundlesFolder(context), `.${ulid()}`);
  await writeFile(making, content, { flag: 'wx', mode: 0o600 });
  await rename(making, target);
}

async function unpack(context: Context, { digest, files }: ReadBundle): Promise<string> {
  const folder = path.join(bundlesFolder(context), digest);
  if (await holdsExactly(folder, files)) return folder;
  const making = path.join(bundlesFolder(context), `.${ulid()}`);
  await mkdir(making, { recursive: true, mode: 0o700 });
  try {
    await writeTree(making, files);
    await rm(folder, { recursive: true, force: true });
    await rename(making, folder);
  } catch (thrown) {
    await rm(making, { recursive: true, force: true });
    // Another process of ours was faster.
    if (!(await holdsExactly(folder, files))) throw thrown;
  }
  return folder;
}

/** No link, no further file, and each byte as signed. */
async function holdsExactly(folder: string, files: ReadonlyMap<string, Buffer>): Promise<boolean> {
  try {
    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    if (found.some((entry) => !entry.isFile() && !entry.isDirectory())) return false;
    if (found.filter((entry) => entry.isFile()).length !== files.size) return false;
    for (const [name, content] of files) {
      const file = path.join(folder, ...name.split('/'));
      if ((await lstat(file)).size !== content.length || !(await readFile(file)).equals(content)) return false;
    }
    return true;
  } catch {
    // What cannot be compared is made anew.
    return false;
  }
}

/**
 * What its tool read of the files, completed by what the manifest tells of the migrations before them.
 * @throws {ProblemError} `bundle.unfit` when this version reads other migrations than were bundled
 */
export function asBundled(read: ReadResult, { manifest }: UsedBundle): ReadResult {
  const found = new Map(read.source.migrations.map((migration) => [migration.historyKey, migration]));
  let before: string | null = null;
  const migrations = manifest.migrations.map((one) => {
    const migration = found.get(one.historyKey);
    if (one.included && migration === undefined) return missing(one);
    const previousKey = before;
    if (one.kind !== 'repeatable') before = one.historyKey;
    if (migration === undefined) return standIn(one, previousKey);
    const placed = migration.previousKey === null ? { ...migration, previousKey } : migration;
    return one.included ? placed : { ...placed, notRunnable };
  });
  return { ...read, source: { ...read.source, migrations } };
}

const notRunnable = 'it comes before the range of this bundle, and must be applied from elsewhere first.';

const missing = ({ version }: BundledMigration): never =>
  raise({
    code: 'bundle.unfit',
    message: `Migration ${version} of this bundle is not read from its files by this version of Lockkeeper.`,
    hint: 'Use the version that the bundle was made with.',
  });

const standIn = (one: BundledMigration, previousKey: string | null): Migration => ({
  version: one.version,
  historyKey: one.historyKey,
  name: one.name,
  kind: one.kind,
  up: textScript(`${one.version} (not in this bundle)`, ''),
  down: null,
  verify: null,
  previousKey,
  checksum: one.checksum,
  otherChecksums: one.otherChecksums,
  notRunnable,
  transaction: { up: true, down: true },
  metadata: {},
});
