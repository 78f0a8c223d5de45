/** Whose signatures this workspace believes, and for what: keys that an administrator has compared and added. */
import { createHash, createPublicKey } from 'node:crypto';
import { open } from 'node:fs/promises';
import {
  type KeyPurpose,
  longestKey,
  longestKeyName,
  type ReadKey,
  type TrustedKey,
} from '../../shared/model/trustedKey.ts';
import { raise } from '../../shared/problem.ts';
import type { Context } from './context.ts';
import { recordAudit } from './recordAudit.ts';
import { requireRole } from './roles.ts';

export interface KeyToTrust {
  /** PEM, or DER in base64. */
  readonly key: string;
  readonly name: string;
  readonly purposes: readonly KeyPurpose[];
  /** As whoever adds it has read it elsewhere, or on the screen: it must be the key's own. */
  readonly fingerprint: string;
}

/** @throws {ProblemError} `usage.invalid` when this is no Ed25519 public key */
export function readPublicKey(text: string): ReadKey {
  const der = derOf(text.trim());
  if (der === null)
    return raise({
      code: 'usage.invalid',
      message: 'This is no Ed25519 public key.',
      hint: 'Give what “lockkeeper bundle key” prints on the other computer, or a PEM file that begins with “BEGIN PUBLIC KEY”.',
    });
  return { publicKey: der.toString('base64'), fingerprint: fingerprintOf(der) };
}

const noSuchFile: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG']);

/** Its text; null when there is no such file. */
export async function readKeyFile(path: string): Promise<string | null> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(longestKey + 1));
    return buffer.toString('utf8', 0, bytesRead);
  } catch (thrown) {
    if (noSuchFile.has(String((thrown as NodeJS.ErrnoException).code))) return null;
    return raise(
      {
        code: 'usage.invalid',
        message: `The key in ${path} cannot be read.`,
        hint: 'Give a file that you may read, or the key itself.',
        path,
      },
      thrown,
    );
  }
}

/** A private key holds a public one, but has no business here. */
function derOf(text: string): Buffer | null {
  if (text.length > longestKey || text.includes('PRIVATE')) return null;
  try {
    const key = text.startsWith('-----')
      ? createPublicKey(text)
      : createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' ? key.export({ format: 'der', type: 'spki' }) : null;
  } catch {
    return null;
  }
}

const fingerprintOf = (der: Buffer): string =>
  createHash('sha256')
    .update(der)
    .digest('hex')
    .replace(/.{4}(?!$)/g, '$& ');

/** Spaces, colons and capitals are a matter of taste. */
const bare = (fingerprint: string): string => fingerprint.toLowerCase().replace(/[^\da-f]/g, '');

export const trustedKeys = ({ workspace }: Context): TrustedKey[] => workspace.trustedKeys.list();

/** Null: nobody whom this workspace believes in this. `publicKey` is DER in base64, as in the file that names it. */
export function findTrustedSigner({ workspace }: Context, publicKey: string, purpose: KeyPurpose): TrustedKey | null {
  const key = workspace.trustedKeys.find(publicKey);
  return key?.purposes.includes(purpose) === true ? key : null;
}

/**
 * A key that is there gets the further purposes, and the new name.
 * @throws {ProblemError} `gate.role`; `gate.confirmation` when the fingerprint is another key's; `usage.invalid`
 */
export function addTrustedKey(context: Context, wanted: KeyToTrust): TrustedKey {
  requireRole(context, true);
  const { publicKey, fingerprint } = readPublicKey(wanted.key);
  const name = wanted.name.trim();
  if (name === '' || name.length > longestKeyName || wanted.purposes.length === 0)
    raise({
      code: 'usage.invalid',
      message: `A trusted key needs a name of at most ${longestKeyName} characters, and what it is trusted for.`,
      hint: 'Name whoever signs with it.',
    });
  if (bare(wanted.fingerprint) !== bare(fingerprint))
    raise({
      code: 'gate.confirmation',
      message: `The fingerprint of this key is ${fingerprint}, not the one that was given.`,
      hint: 'Ask its owner for the fingerprint, and trust the key only when both are equal.',
    });
  const purposes = [
    ...new Set([...(context.workspace.trustedKeys.find(publicKey)?.purposes ?? []), ...wanted.purposes]),
  ];
  const at = new Date(context.clock.now()).toISOString();
  const key: TrustedKey = {
    publicKey,
    fingerprint,
    name,
    purposes: purposes.sort(),
    addedAt: at,
    addedBy: context.host.user,
  };
  context.workspace.trustedKeys.save(key);
  tell(context, 'key trusted', key, {});
  return key;
}

/**
 * By its fingerprint, or by a name that only one has.
 * @param reason for the audit log
 * @throws {ProblemError} `gate.role`, `usage.invalid` when none is meant
 */
export function removeTrustedKey(
  context: Context,
  nameOrFingerprint: string,
  reason: string | null = null,
): TrustedKey {
  requireRole(context, true);
  const keys = trustedKeys(context);
  const named = keys.filter(({ name }) => name === nameOrFingerprint);
  const key =
    keys.find(({ fingerprint }) => bare(fingerprint) === bare(nameOrFingerprint)) ??
    (named.length === 1 ? named[0] : undefined);
  if (key === undefined)
    return raise({
      code: 'usage.invalid',
      message: `${named.length === 0 ? 'No trusted key has' : 'Several trusted keys have'} this name or fingerprint.`,
      hint: 'See “lockkeeper bundle trust --list”, and give the fingerprint.',
    });
  context.workspace.trustedKeys.remove(key.publicKey);
  tell(context, 'key no longer trusted', key, { reason });
  return key;
}

function tell(context: Context, action: string, key: TrustedKey, more: { readonly reason?: string | null }): void {
  const { name, fingerprint, purposes } = key;
  recordAudit(context, { action, environment: null, run: null, detail: { name, fingerprint, purposes, ...more } });
  context.changes.publish({ kind: 'trust', environmentId: null });
}
