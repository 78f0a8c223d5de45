import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { compressor, Digest, gather } from './compress.ts';
import type { PartialFile } from './partialFile.ts';

export interface WrittenArchive {
  /** Size of the archive. */
  readonly bytes: number;
  /** SHA-256 of the archive, lower-case hex. */
  readonly sha256: string;
}

/** Compresses `source` into the file, showing the data before compression to `observe`. Publishing is the caller's. */
export async function writeArchive(
  source: Readable,
  file: PartialFile,
  observe: (piece: Buffer) => void,
  signal: AbortSignal,
): Promise<WrittenArchive> {
  const digest = new Digest();
  await pipeline(
    source,
    gather(observe),
    compressor(),
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
