import type { Readable } from 'node:stream';
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
  await pipeline(
    source,
    gather(observe),
    compressor(compression),
    ...(key === null ? [] : [encryptor(key)]),
    async (pieces: AsyncIterable<Buffer>) => {
      for await (const piece of pieces) {
        digest.add(piece);
        await file.handle.appendFile(piece);
      }
    },
    { signal },
  );
  return { bytes: digest.bytes, sha256: digest.finish() };
}
