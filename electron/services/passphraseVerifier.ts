/** What a passphrase is compared with: scrypt of it, which cannot be turned back. */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/** About a tenth of a second and 64 MiB for each try. */
const cost = { N: 2 ** 16, r: 8, p: 1 } as const;
const bytes = 32;

export async function createVerifier(passphrase: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(passphrase, salt, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64'), key.toString('base64')].join('$');
}

/** False also for what is no verifier: it comes from a keychain that others may write to. */
export async function isVerified(passphrase: string, verifier: string): Promise<boolean> {
  const found = /^scrypt\$(\d{1,7})\$(\d{1,2})\$(\d{1,2})\$([\w+/=]{1,100})\$([\w+/=]{1,100})$/.exec(verifier);
  if (found === null) return false;
  const [, N = '', r = '', p = '', salt = '', key = ''] = found;
  const expected = Buffer.from(key, 'base64');
  const costs = { N: Number(N), r: Number(r), p: Number(p) };
  if (expected.length !== bytes || costs.N < cost.N) return false;
  return timingSafeEqual(expected, await derive(passphrase, Buffer.from(salt, 'base64'), costs));
}

/** The same passphrase typed on another keyboard: composed and decomposed letters are one. */
function derive(passphrase: string, salt: Buffer, costs: { N: number; r: number; p: number }): Promise<Buffer> {
  const options: ScryptOptions = { ...costs, maxmem: 256 * costs.N * costs.r };
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, bytes, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}
