import { Transform } from 'node:stream';
import type { ArchiveKey } from './archiveKey.ts';
import { CHUNK_BYTES, seal } from './chunks.ts';
import { writeHeader } from './header.ts';
import { Pieces } from './pieces.ts';

/** Encrypts what is written to it. */
export function encryptor(key: ArchiveKey): Transform {
  const { header, streamKey } = writeHeader(key);
  const pieces = new Pieces();
  let index = 0;
  const stream = new Transform({
    transform(piece: Buffer, _encoding, done) {
      pieces.add(piece);
      // What may be the last chunk waits for the end.
      while (pieces.bytes > CHUNK_BYTES)
        for (const part of seal(streamKey, index++, false, pieces.take(CHUNK_BYTES))) this.push(part);
      done();
    },
    flush(done) {
      for (const part of seal(streamKey, index, true, pieces.take(pieces.bytes))) this.push(part);
      done();
    },
  });
  stream.push(header);
  return stream;
}
