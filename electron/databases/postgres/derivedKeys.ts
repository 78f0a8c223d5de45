/**
 * Signing in with a password (SCRAM) stretches it by thousands of rounds, slow on purpose. What comes out depends on
 * password, salt and rounds alone, and a role has one salt: many databases of one server are signed in to with one
 * stretching. A client may keep it (RFC 5802, section 3); it lives in memory, as the password does.
 */
import { createHash, createHmac, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import ofClientLibrary from 'pg/lib/crypto/utils.js';

const stretch = promisify(pbkdf2);
const keyBytes = 32;

/** The oldest one makes room. */
const most = 50;
const kept = new Map<string, Promise<Buffer>>();

function deriveKey(password: string, salt: Uint8Array, rounds: number): Promise<Buffer> {
  const about = JSON.stringify([password, Buffer.from(salt).toString('base64'), rounds]);
  const id = createHash('sha256').update(about).digest('base64');
  const known = kept.get(id);
  if (known !== undefined) return known;
  const [oldest] = kept.keys();
  if (kept.size >= most && oldest !== undefined) kept.delete(oldest);
  const key = stretch(password, salt, rounds, keyBytes, 'sha256');
  kept.set(id, key);
  key.catch(() => kept.delete(id));
  return key;
}

/** The client library derives anew each time, and has each digest of a few bytes made by another thread. */
export function deriveKeysOnce(): void {
  Object.assign(ofClientLibrary, {
    deriveKey,
    sha256: async (bytes: Uint8Array) => createHash('sha256').update(bytes).digest(),
    hmacSha256: async (key: Uint8Array, text: string) => createHmac('sha256', key).update(text).digest(),
  });
}
