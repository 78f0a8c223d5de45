import { type Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { BackupRequest } from '../backupTaker.ts';
import { encryptor } from '../encryption/encrypt.ts';
import { compressor, Digest, gather } from './compress.ts';
import type { PartialFile } from './partialFile.ts';

export interface WrittenArchive {
  /** Size of the archive. */
  readonly bytes: number;
  /** SHA-256 of the archive, lower-case hex. */
  readonly sha256: string;
}

/**
 * Compresses `source` into the file, encrypted where a key is given, showing the data before that to `observe`.
 * Publishing is the caller's.
 */
export async function writeArchive(
  source: Readable,
  file: PartialFile,
  { compression, key }: Pick<BackupRequest, 'compression' | 'key'>,
  observe: (piece: Buffer) => void,
  signal: AbortSignal,
): Promise<WrittenArchive> {
  const digest = new Digest();
  const store = new Writable({
    write(piece: Buffer, _encoding, done) {
      digest.add(piece);
      file.handle.appendFile(piece).then(() => done(), done);
    },
  });
  const encryption = key === null ? [] : [encryptor(key)];
  await pipeline([source, gather(observe), compressor(compression), ...encryption, store], { signal });
  return { bytes: digest.bytes, sha256: digest.finish() };
}
