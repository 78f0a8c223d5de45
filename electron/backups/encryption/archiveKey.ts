// A key for archives: random and kept in a keychain, or made from a passphrase, which needs nothing but a memory.
import { hkdfSync, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';

/** How to get at a key again; written into every archive it is used for. */
export type KeyRecipe =
  | { readonly kind: 'random' }
  /** `cost`: binary logarithm of scrypt's N; 1 to 22. */
  | { readonly kind: 'passphrase'; readonly salt: Buffer; readonly cost: number };

export interface ArchiveKey {
  /** Tells keys apart without telling anything about them; lower-case hex. */
  readonly id: string;
  /** 32 bytes. */
  readonly secret: Buffer;
  readonly recipe: KeyRecipe;
}

export const ID_BYTES = 16;
export const SALT_BYTES = 16;
const SECRET_BYTES = 32;

/** scrypt with r = 8, p = 1: 128 MiB and some 0.4 s for each guess. */
const COST = 17;
/** More would let a crafted archive take all memory: 4 GiB. */
const HIGHEST_COST = 22;

const withId = (secret: Buffer, recipe: KeyRecipe): ArchiveKey => ({
  id: Buffer.from(hkdfSync('sha256', secret, '', 'lockkeeper archive key id', ID_BYTES)).toString('hex'),
  secret,
  recipe,
});

export const randomKey = (): ArchiveKey => withId(randomBytes(SECRET_BYTES), { kind: 'random' });

/** Without `recipe` a new key; with it the one it was before, if the passphrase is the same. */
export async function keyFromPassphrase(
  passphrase: string,
  recipe: KeyRecipe & { kind: 'passphrase' } = { kind: 'passphrase', salt: randomBytes(SALT_BYTES), cost: COST },
): Promise<ArchiveKey> {
  if (recipe.cost < 1 || recipe.cost > HIGHEST_COST)
    throw new RangeError(`scrypt’s cost is out of range: ${recipe.cost}`);
  const N = 2 ** recipe.cost;
  // The same words typed on another keyboard may come composed differently.
  const derive = promisify<string, Buffer, number, object, Buffer>(scrypt);
  const secret = await derive(passphrase.normalize('NFKC'), recipe.salt, SECRET_BYTES, {
    N,
    r: 8,
    p: 1,
    maxmem: 256 * N * 8,
  });
  return withId(secret, recipe);
}

/** For a keychain; never for a file. */
export const formatKey = ({ secret, recipe }: ArchiveKey): string =>
  recipe.kind === 'random'
    ? `random:${secret.toString('base64')}`
    : `passphrase:${secret.toString('base64')}:${recipe.salt.toString('base64')}:${recipe.cost}`;

/** Null: it was not written by `formatKey`. */
export function parseKey(text: string): ArchiveKey | null {
  const [kind, secretText = '', saltText = '', cost = ''] = text.split(':');
  const secret = Buffer.from(secretText, 'base64');
  if (secret.length !== SECRET_BYTES) return null;
  if (kind === 'random') return withId(secret, { kind });
  const salt = Buffer.from(saltText, 'base64');
  return kind === 'passphrase' && salt.length === SALT_BYTES
    ? withId(secret, { kind, salt, cost: Number(cost) })
    : null;
}
