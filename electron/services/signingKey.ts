/** This installation's key: it signs what others are to believe of it. The private half is in the keychain and nowhere else. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import type { CredentialStore } from '../credentials/credentialStore.ts';
import { available } from './keeping.ts';

const account = 'signing key';

export interface SigningKey {
  /** DER in base64. */
  readonly publicKey: string;
  /** Ed25519, in base64. */
  sign(text: string): string;
}

/** Made at its first use. @throws {ProblemError} `keychain.unavailable` */
export async function signingKey(keychain: CredentialStore): Promise<SigningKey> {
  const kept = available(await keychain.get(account));
  const key = kept === null ? await createKey(keychain) : readKey(kept);
  return {
    publicKey: publicHalf(key),
    sign: (text) => sign(null, Buffer.from(text), key).toString('base64'),
  };
}

/** Null: there is none, or the keychain that would hold it cannot be used. Makes none. */
export async function ownPublicKey(keychain: CredentialStore): Promise<string | null> {
  const kept = await keychain.get(account);
  return kept.kind === 'unavailable' || kept.value === null ? null : publicHalf(readKey(kept.value));
}

const publicHalf = (key: KeyObject): string =>
  createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');

async function createKey(keychain: CredentialStore): Promise<KeyObject> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const text = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  available(await keychain.set(account, text));
  return privateKey;
}

const readKey = (text: string): KeyObject =>
  createPrivateKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'pkcs8' });

/** False also where key or signature are not what they should be: both come from files. */
export function isSignedBy(publicKey: string, text: string, signature: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    return (
      key.asymmetricKeyType === 'ed25519' && verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'))
    );
  } catch {
    return false;
  }
}
