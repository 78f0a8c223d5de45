import { open } from 'node:fs/promises';
import type { KeyRecipe } from './archiveKey.ts';
import { HEADER_BYTES, readHeader } from './header.ts';

/** How the key of an encrypted archive was made; null: the file is none. Rejects when it cannot be read. */
export async function readRecipe(path: string): Promise<KeyRecipe | null> {
  await using file = await open(path, 'r');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
  return readHeader(buffer.subarray(0, bytesRead))?.recipe ?? null;
}
