/** Bundles and keys for tests, and containers that no `bundle create` would make. */
import { generateKeyPairSync } from 'node:crypto';
import { crc32, deflateRawSync } from 'node:zlib';
import { type BundleWish, createBundle } from '../../../electron/services/bundles/createBundle.ts';
import { chosenSigner } from '../../../electron/services/bundles/signer.ts';
import type { Context } from '../../../electron/services/context.ts';
import { addTrustedKey, readPublicKey } from '../../../electron/services/trustStore.ts';
import type { BundleRequirements } from '../../../shared/model/bundle.ts';

export const privatePem = (): string =>
  String(generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }));

export const nothingRequired: BundleRequirements = {
  applications: [],
  schemaVersion: null,
  servers: [],
  extensions: [],
};

export async function bundleOf(
  context: Context,
  folder: string,
  pem: string,
  wish: Partial<Omit<BundleWish, 'source'>> = {},
): Promise<Buffer> {
  const signer = await chosenSigner(context, { pem });
  const source = { path: folder, engine: null };
  const all = { source, from: null, to: null, origin: null, notes: null, requires: nothingRequired, ...wish };
  return (await createBundle(all, signer)).file;
}

export async function trust(context: Context, pem: string, name = 'Release desk'): Promise<void> {
  const { publicKey } = await chosenSigner(context, { pem });
  const { fingerprint } = readPublicKey(publicKey);
  addTrustedKey(context, { key: publicKey, name, purposes: ['bundles'], fingerprint });
}

/** One entry of a ZIP file, with everything that a header can say. */
export interface RawEntry {
  readonly name: string | Buffer;
  readonly content: Buffer;
  readonly method?: number;
  readonly flags?: number;
  readonly crc?: number;
  readonly size?: number;
  readonly packedSize?: number;
  readonly attributes?: number;
  readonly extra?: Buffer;
  readonly packed?: Buffer;
  /** What its local header says instead. */
  readonly localName?: string;
}

/** A ZIP file as another program might write it; `after` and `before` go around it. */
export function rawZip(
  entries: readonly RawEntry[],
  { before = '', after = '', comment = '' }: { before?: string; after?: string; comment?: string } = {},
): Buffer {
  const parts: Buffer[] = [Buffer.from(before)];
  const directory: Buffer[] = [];
  let offset = Buffer.byteLength(before);
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    const method = entry.method ?? 0;
    const packed = entry.packed ?? (method === 8 ? deflateRawSync(entry.content) : entry.content);
    const extra = entry.extra ?? Buffer.alloc(0);
    const fields = (nameLength: number): Buffer => {
      const bytes = Buffer.alloc(26);
      bytes.writeUInt16LE(20, 0);
      bytes.writeUInt16LE(entry.flags ?? 0x0800, 2);
      bytes.writeUInt16LE(method, 4);
      bytes.writeUInt16LE(0x6000, 6);
      bytes.writeUInt16LE(0x0021, 8);
      bytes.writeUInt32LE(entry.crc ?? crc32(entry.content), 10);
      bytes.writeUInt32LE(entry.packedSize ?? packed.length, 14);
      bytes.writeUInt32LE(entry.size ?? entry.content.length, 18);
      bytes.writeUInt16LE(nameLength, 22);
      bytes.writeUInt16LE(extra.length, 24);
      return bytes;
    };
    const localName = Buffer.from(entry.localName ?? entry.name);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), fields(localName.length), localName, extra]);
    parts.push(local, packed);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(entry.attributes ?? 0, 6);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000'), fields(name.length), tail, name, extra]));
    offset += local.length + packed.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  return Buffer.concat([...parts, central, end, Buffer.from(comment), Buffer.from(after)]);
}
