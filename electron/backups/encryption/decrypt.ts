// The content of an encrypted archive: nothing of it is passed on before it was authenticated.
import { ProblemError, raise } from '../../../shared/problem.ts';
import { damaged } from '../archive/damaged.ts';
import type { ArchiveKey } from './archiveKey.ts';
import { CHUNK_BYTES, TAG_BYTES, unseal } from './chunks.ts';
import { HEADER_BYTES, openHeader, readHeader } from './header.ts';
import { knownKey } from './keyRing.ts';
import { Pieces } from './pieces.ts';

/**
 * With a key of the ring. `path`: for what is told when it fails.
 * @throws {ProblemError} `backup.keyMissing`, `backup.damaged`
 */
export async function* decrypted(source: AsyncIterable<Buffer>, path: string): AsyncGenerator<Buffer> {
  const pieces = new Pieces();
  const bad = (detail: string): ProblemError => new ProblemError(damaged({ path }, detail));
  let streamKey: Buffer | null = null;
  let index = 0;
  for await (const piece of source) {
    pieces.add(piece);
    if (streamKey === null && pieces.bytes < HEADER_BYTES) continue;
    streamKey ??= streamKeyOf(pieces.take(HEADER_BYTES), path);
    // What may be the last chunk waits for the end.
    while (pieces.bytes > CHUNK_BYTES + TAG_BYTES) {
      const chunk = unseal(streamKey, index++, false, pieces.take(CHUNK_BYTES + TAG_BYTES));
      if (chunk === null) throw bad('a part of it is not what was encrypted');
      yield chunk;
    }
  }
  const last = streamKey === null ? null : unseal(streamKey, index, true, pieces.take(pieces.bytes));
  if (last === null) throw bad('its end is missing or not what was encrypted');
  yield last;
}

function streamKeyOf(header: Buffer, path: string): Buffer {
  const key = keyFor(header, path);
  return openHeader(header, key) ?? raise(damaged({ path }, 'its header is not what was written'));
}

/** @throws {ProblemError} `backup.keyMissing`, `backup.damaged` */
export function keyFor(header: Buffer, path: string): ArchiveKey {
  const found = readHeader(header) ?? raise(damaged({ path }, 'it does not begin as an encrypted archive'));
  return (
    knownKey(found.keyId) ??
    raise({
      code: 'backup.keyMissing',
      message: `The archive ${path} is encrypted, and its key is not known here.`,
      hint:
        found.recipe.kind === 'passphrase'
          ? 'Give the passphrase it was encrypted with (LOCKKEEPER_BACKUP_PASSPHRASE, or Unlock in the window).'
          : 'Open it on the computer and account whose keychain holds the key, and unlock that keychain.',
    })
  );
}
