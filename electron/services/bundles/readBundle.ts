/** A bundle's file, with everything that can be proven of it without knowing whose it is. Nothing is written or run. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { z } from 'zod';
import type { BundleManifest } from '../../../shared/model/bundle.ts';
import { raise } from '../../../shared/problem.ts';
import { unreadable } from '../../tools/common/folder.ts';
import { isSignedBy } from '../signingKey.ts';
import { readPublicKey } from '../trustStore.ts';
import { type ContainerEntry, containerLimits, readContainer } from './container.ts';
import { damaged, reading, unsafe, utf8 } from './faults.ts';
import { json, readManifest } from './manifest.ts';

export const manifestName = 'manifest.json';
export const signatureName = 'signature.json';
/** Before the path of each file of the source. */
export const filesPrefix = 'files/';

export interface ReadBundle {
  /** SHA-256 of the file, lower-case hex. */
  readonly digest: string;
  readonly bytes: number;
  readonly manifest: BundleManifest;
  /** Whose signature it carries: DER in base64, and what people compare. */
  readonly publicKey: string;
  readonly fingerprint: string;
  /** By path. */
  readonly files: ReadonlyMap<string, Buffer>;
}

/** @throws {ProblemError} `source.unreadable`, `bundle.*` */
export async function readBundleFile(path: string): Promise<ReadBundle> {
  return readBundle(await bytesOf(path));
}

/** @throws {ProblemError} `source.unreadable`; `bundle.unsafe` when it is too large */
export async function bytesOf(path: string): Promise<Buffer> {
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    return size > containerLimits.file ? unsafe('it is too large') : await file.readFile();
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown) return raise(unreadable(path, thrown), thrown);
    throw thrown;
  }
}

/**
 * Container, manifest, digests, signature, in this order: nothing of the files is looked at before all of that holds.
 * @throws {ProblemError} `bundle.damaged`, `bundle.unsafe`, `bundle.newer`, `bundle.signature`
 */
export const readBundle = (file: Buffer): Promise<ReadBundle> =>
  reading(async () => {
    const [first, second, ...rest] = await readContainer(file);
    if (first?.name !== manifestName || second?.name !== signatureName)
      return damaged('its manifest and signature are not where they belong');
    const manifest = readManifest(first.content);
    const { publicKey, fingerprint } = checkSignature(first.content, second.content);
    return {
      digest: sha256(file),
      bytes: file.length,
      manifest,
      publicKey,
      fingerprint,
      files: checkFiles(manifest, rest),
    };
  });

export const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

const signatureSchema = z.strictObject({ key: z.string().max(200), signature: z.string().max(200) });

function checkSignature(manifest: Buffer, signed: Buffer): { publicKey: string; fingerprint: string } {
  if (signed.length > 1000) unsafe('its signature is too large');
  const text = utf8(signed);
  const parsed = signatureSchema.safeParse(json(text));
  if (!parsed.success || JSON.stringify(parsed.data) !== text) return badSignature('it has no signature in our form');
  const { key, signature } = parsed.data;
  const { publicKey, fingerprint } = keyOf(key);
  if (publicKey !== key || !isSignedBy(publicKey, utf8(manifest), signature))
    return badSignature('its signature is not of its content');
  return { publicKey, fingerprint };
}

function keyOf(key: string): ReturnType<typeof readPublicKey> {
  try {
    return readPublicKey(key);
  } catch (thrown) {
    return badSignature('its signature names no key of ours', thrown);
  }
}

const badSignature = (what: string, cause?: unknown): never =>
  raise(
    {
      code: 'bundle.signature',
      message: `This bundle was changed after it was signed, or never signed: ${what}.`,
      hint: 'Do not use it; get the file again from where it was made.',
    },
    cause,
  );

/** The manifest is signed, and says of each file what it must be: no more files, no fewer, no others. */
function checkFiles({ files }: BundleManifest, entries: readonly ContainerEntry[]): Map<string, Buffer> {
  if (entries.length !== files.length) damaged('its files are not those of its manifest');
  return new Map(
    files.map(({ path, bytes, sha256: digest }, index) => {
      const entry = entries[index];
      if (entry?.name !== `${filesPrefix}${path}`) return damaged('its files are not those of its manifest');
      if (entry.content.length !== bytes || sha256(entry.content) !== digest)
        return damaged('a file in it is not what its manifest says');
      return [path, entry.content];
    }),
  );
}
