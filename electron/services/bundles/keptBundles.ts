/** Bundles that were brought to the window: kept by their digest, so that a plan can name exactly one. */
import { mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import type { BundleReport, BundleVerdict } from '../../../shared/model/bundle.ts';
import type { ReadKey } from '../../../shared/model/trustedKey.ts';
import { nothingChanged, ProblemError } from '../../../shared/problem.ts';
import type { Context } from '../context.ts';
import { offlineSource } from '../offlineSource.ts';
import { signingKey } from '../signingKey.ts';
import { addTrustedKey, readPublicKey } from '../trustStore.ts';
import { bundlesFolder, keptPath, withBundle } from './bundleTarget.ts';
import { checkBundle, reportOf } from './checkBundle.ts';
import { containerLimits } from './container.ts';
import { type BundleWish, createBundle } from './createBundle.ts';
import { damaged, unsafe } from './faults.ts';
import { bytesOf, type ReadBundle, readBundle, readBundleFile, sha256 } from './readBundle.ts';
import { removeBrokenUploads } from './removeBrokenUploads.ts';
import { keepBundle } from './useBundle.ts';

/** Characters of a file that are shown. */
const longestShown = 1_000_000;

/**
 * A bundle as it was dropped, or a file of this computer. Kept only when all of it holds.
 * @throws {ProblemError} `bundle.*`, `source.unreadable`
 */
export async function openBundle(
  context: Context,
  given: { readonly name: string; readonly upload: string } | { readonly path: string },
): Promise<BundleReport> {
  const content = 'path' in given ? await bytesOf(given.path) : await brought(context, given.upload);
  const bundle = await readBundle(content);
  await keepBundle(context, bundle.digest, content);
  return reportOf(context, bundle, 'path' in given ? given.path : given.name);
}

const uploadPath = (context: Context, upload: string): string => path.join(bundlesFolder(context), `.upload-${upload}`);

interface Part {
  readonly upload: string;
  /** Bytes. */
  readonly offset: number;
  readonly base64: string;
}

/** A piece of a bundle, in order. @throws {ProblemError} `bundle.damaged`, `bundle.unsafe` */
export async function takePart(context: Context, { upload, offset, base64 }: Part): Promise<void> {
  if (offset === 0) await removeBrokenUploads(context);
  await mkdir(bundlesFolder(context), { recursive: true, mode: 0o700 });
  await using file = await open(uploadPath(context, upload), 'a', 0o600);
  const { size } = await file.stat();
  if (size !== offset) damaged('a piece of it was lost on its way here');
  if (size + base64.length > containerLimits.file) unsafe('it is too large');
  await file.appendFile(Buffer.from(base64, 'base64'));
}

/** All its pieces, which are not kept. */
async function brought(context: Context, upload: string): Promise<Buffer> {
  try {
    return await bytesOf(uploadPath(context, upload));
  } finally {
    await rm(uploadPath(context, upload), { force: true });
  }
}

/** @throws {ProblemError} `bundle.notFound`, `bundle.*` */
export async function showBundle(context: Context, digest: string): Promise<BundleReport> {
  return reportOf(context, await kept(context, digest), path.basename(keptPath(context, digest)));
}

/** Null: it is no text, or too long to be shown. @throws {ProblemError} likewise */
export async function fileOfBundle(context: Context, digest: string, name: string): Promise<{ text: string | null }> {
  const content = (await kept(context, digest)).files.get(name);
  if (content === undefined) return unsafe('there is no such file in it');
  const text = content.length > longestShown ? null : content.toString('utf8');
  return { text: text?.includes('\u0000') === true ? null : text };
}

/** @throws {ProblemError} as `checkBundle` */
export async function checkKept(context: Context, digest: string, environmentId: string): Promise<BundleVerdict> {
  await kept(context, digest);
  return checkBundle(context, withBundle({ kind: 'environment', nameOrId: environmentId }, keptPath(context, digest)));
}

/** Believes whoever signed it, after the fingerprint was compared. @throws {ProblemError} `gate.role`, `gate.confirmation` */
export async function trustSigner(
  context: Context,
  { digest, name, fingerprint }: { readonly digest: string; readonly name: string; readonly fingerprint: string },
): Promise<BundleReport> {
  const { publicKey } = await kept(context, digest);
  addTrustedKey(context, { key: publicKey, name, purposes: ['bundles'], fingerprint });
  return showBundle(context, digest);
}

/** From an environment's own folder, with this installation's key. @throws {ProblemError} as `createBundle` */
export async function bundleOfEnvironment(
  context: Context,
  { environmentId, ...wish }: Omit<BundleWish, 'source'> & { readonly environmentId: string },
): Promise<{ digest: string; base64: string; fingerprint: string }> {
  const signer = await signingKey(context.credentials.keychain);
  const source = offlineSource(context, { kind: 'environment', nameOrId: environmentId });
  const { file } = await createBundle({ ...wish, source: { ...source, engine: null } }, signer);
  const { fingerprint } = readPublicKey(signer.publicKey);
  return { digest: sha256(file), base64: file.toString('base64'), fingerprint };
}

/** @throws {ProblemError} `keychain.unavailable` */
export const ownKey = async (context: Context): Promise<ReadKey> =>
  readPublicKey((await signingKey(context.credentials.keychain)).publicKey);

async function kept(context: Context, digest: string): Promise<ReadBundle> {
  const bundle = await readBundleFile(keptPath(context, digest)).catch((thrown: unknown) => {
    throw thrown instanceof ProblemError && thrown.problem.code === 'source.unreadable' ? notFound() : thrown;
  });
  // Another file of that name is another bundle.
  if (bundle.digest !== digest) throw notFound();
  return bundle;
}

const notFound = (): ProblemError =>
  new ProblemError({
    code: 'bundle.notFound',
    message: 'This bundle is not open here.',
    state: nothingChanged,
    hint: 'Open its file again.',
  });
