// The streams between a dump and its archive.
import { createHash } from 'node:crypto';
import { addAbortSignal, type Duplex, type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress, createZstdDecompress, type ZstdCompress } from 'node:zlib';

/** Each write to zlib costs a trip to its thread; larger pieces make up for it (measured: a fifth faster than 64 KiB). */
const PIECE_BYTES = 1 << 20;

/** By zstd, with its own checksum of the content. Level 1: as fast as the dump, at the size of gzip's default. */
export const compressor = (level: number): ZstdCompress =>
  createZstdCompress({
    chunkSize: PIECE_BYTES,
    params: { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 },
  });

/** Decompresses `source`; a failure of either is an error of the returned stream. */
export function decompressed(
  source: Readable,
  signal: AbortSignal,
  observe: (piece: Buffer) => void = () => undefined,
): Readable {
  return pass([source, createZstdDecompress({ chunkSize: PIECE_BYTES })], signal, observe);
}

/** What comes out of the last of `streams`; a failure of any is an error of the returned stream. */
export function pass(
  streams: readonly (Readable | Duplex)[],
  signal: AbortSignal,
  observe: (piece: Buffer) => void,
): Readable {
  const content = tap(observe);
  // The error destroys `content`, whose reader sees it there.
  pipeline([...streams, content]).catch(() => undefined);
  return addAbortSignal(signal, content);
}

/** Joins small pieces to pieces of a megabyte; shows each to `observe` first, which must be cheap. */
export function gather(observe: (piece: Buffer) => void): Transform {
  let waiting: Buffer[] = [];
  let bytes = 0;
  const joined = (): Buffer => {
    const [only] = waiting;
    const piece = waiting.length === 1 && only !== undefined ? only : Buffer.concat(waiting, bytes);
    waiting = [];
    bytes = 0;
    return piece;
  };
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      observe(piece);
      waiting.push(piece);
      bytes += piece.length;
      if (bytes >= PIECE_BYTES) this.push(joined());
      done();
    },
    flush(done) {
      if (bytes > 0) this.push(joined());
      done();
    },
  });
}

/** Passes everything on and shows it to `observe`, which must be cheap. */
const tap = (observe: (piece: Buffer) => void): Transform =>
  new Transform({
    transform(piece: Buffer, _encoding, done) {
      observe(piece);
      done(null, piece);
    },
  });

/** SHA-256 and length of all that is shown to it. */
export class Digest {
  readonly #hash = createHash('sha256');
  bytes = 0;

  add(piece: Buffer): void {
    this.#hash.update(piece);
    this.bytes += piece.length;
  }

  /** Lower-case hex; once only. */
  finish(): string {
    return this.#hash.digest('hex');
  }
}
