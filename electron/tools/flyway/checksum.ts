/** Flyway's checksum: CRC-32 of the lines without their ends, the byte-order mark left out (ChecksumCalculator). */
import { crc32 } from 'node:zlib';
import type { Digest } from '../common/scan.ts';

const [lineFeed, carriageReturn] = [0x0a, 0x0d];

/** Also notes whether the text holds `prefix`, with which placeholders begin. */
export class LinesDigest implements Digest {
  readonly #prefix: string;
  #crc = 0;
  #atStart = true;
  hasPrefix = false;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  update(bytes: Buffer): void {
    this.hasPrefix ||= this.#prefix !== '' && bytes.includes(this.#prefix);
    let from = this.#atStart && bytes.subarray(0, 3).toString('hex') === 'efbbbf' ? 3 : 0;
    this.#atStart = false;
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at];
      if (byte !== lineFeed && byte !== carriageReturn) continue;
      if (at > from) this.#crc = crc32(bytes.subarray(from, at), this.#crc);
      from = at + 1;
    }
    if (from < bytes.length) this.#crc = crc32(bytes.subarray(from), this.#crc);
  }

  /** A signed number of 32 bits, as its column holds it. */
  digest(): string {
    return String(this.#crc | 0);
  }
}

export function checksumOf(text: string): string {
  const digest = new LinesDigest('');
  digest.update(Buffer.from(text));
  return digest.digest();
}
