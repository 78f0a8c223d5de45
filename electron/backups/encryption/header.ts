// The first 106 bytes of an encrypted archive (electron/backups/README.md).
import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { type ArchiveKey, ID_BYTES, type KeyRecipe, SALT_BYTES } from './archiveKey.ts';

const MAGIC = Buffer.from('LKARCH01', 'latin1');
const ARCHIVE_SALT_BYTES = 32;
const MAC_BYTES = 32;
const AT = { recipe: 8, cost: 9, id: 10, salt: 26, archiveSalt: 42, mac: 74 } as const;

export const HEADER_BYTES = AT.mac + MAC_BYTES;

export interface Header {
  readonly keyId: string;
  readonly recipe: KeyRecipe;
}

export function writeHeader(key: ArchiveKey): { readonly header: Buffer; readonly streamKey: Buffer } {
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  if (key.recipe.kind === 'passphrase') {
    header.writeUInt8(1, AT.recipe);
    header.writeUInt8(key.recipe.cost, AT.cost);
    key.recipe.salt.copy(header, AT.salt);
  }
  header.write(key.id, AT.id, 'hex');
  randomBytes(ARCHIVE_SALT_BYTES).copy(header, AT.archiveSalt);
  const { streamKey, mac } = derive(key, header);
  mac.copy(header, AT.mac);
  return { header, streamKey };
}

/** Null: no encrypted archive begins like this. */
export function readHeader(header: Buffer): Header | null {
  if (header.length < HEADER_BYTES || !header.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  const keyId = header.toString('hex', AT.id, AT.id + ID_BYTES);
  if (header[AT.recipe] === 0) return { keyId, recipe: { kind: 'random' } };
  if (header[AT.recipe] !== 1) return null;
  const salt = Buffer.from(header.subarray(AT.salt, AT.salt + SALT_BYTES));
  return { keyId, recipe: { kind: 'passphrase', salt, cost: header.readUInt8(AT.cost) } };
}

/** The key of what follows; null: the header is not what was written with this key. */
export function openHeader(header: Buffer, key: ArchiveKey): Buffer | null {
  const { streamKey, mac } = derive(key, header);
  return timingSafeEqual(mac, header.subarray(AT.mac, HEADER_BYTES)) ? streamKey : null;
}

/** Each archive has keys of its own, by its random salt: nonces may begin at 0. */
function derive(key: ArchiveKey, header: Buffer): { readonly streamKey: Buffer; readonly mac: Buffer } {
  const salt = header.subarray(AT.archiveSalt, AT.mac);
  const derived = Buffer.from(hkdfSync('sha256', key.secret, salt, 'lockkeeper archive 1', 64));
  const mac = createHmac('sha256', derived.subarray(32)).update(header.subarray(0, AT.mac)).digest();
  return { streamKey: derived.subarray(0, 32), mac };
}
