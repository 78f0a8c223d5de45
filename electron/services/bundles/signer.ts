/** With which key a bundle is signed: this installation's, or one that a build system holds. */
import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { open } from 'node:fs/promises';
import { raise } from '../../../shared/problem.ts';
import { unreadable } from '../../tools/common/folder.ts';
import type { Context } from '../context.ts';
import { type SigningKey, signingKey } from '../signingKey.ts';

export interface KeyChoice {
  /** File with an Ed25519 private key, PKCS #8 in PEM. */
  readonly file?: string;
  /** The same, as text. */
  readonly pem?: string;
}

const longestPem = 4096;

/** @throws {ProblemError} `keychain.unavailable`; `usage.invalid` when it is no such key */
export async function chosenSigner(context: Context, { file, pem }: KeyChoice): Promise<SigningKey> {
  const text = pem ?? (file === undefined ? null : await readPem(file));
  if (text === null) return signingKey(context.credentials.keychain);
  const key = privateKey(text);
  return {
    publicKey: createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64'),
    sign: (signed) => sign(null, Buffer.from(signed), key).toString('base64'),
  };
}

async function readPem(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(longestPem));
    return buffer.toString('utf8', 0, bytesRead);
  } catch (thrown) {
    return raise(unreadable(path, thrown), thrown);
  }
}

/** The cause is not kept: it might quote the key. */
function privateKey(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Told below.
  }
  return raise({
    code: 'usage.invalid',
    message: 'The signing key is no Ed25519 private key in PEM without a passphrase.',
    hint: 'Make one with: openssl genpkey -algorithm ed25519',
  });
}
