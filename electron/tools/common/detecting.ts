/** What detection looks at: names, and the beginnings of a few small files. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';

const headBytes = 16 * 1024;
const filesSampled = 12;

/** First 16 KiB as text; null when there is no such file or it cannot be read (detection looks, it does not judge). */
export async function headOf(root: string, path: string): Promise<string | null> {
  try {
    await using handle = await open(join(root, path), 'r');
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead).toString('utf8');
  } catch {
    return null;
  }
}

/** Of up to twelve of the files, spread over the list: how many have a beginning that `speaks`. */
export async function sampled(
  root: string,
  files: readonly string[],
  speaks: (head: string) => boolean,
): Promise<{ looked: number; speaking: number }> {
  const every = Math.max(1, Math.floor(files.length / filesSampled));
  const some = files.filter((_, index) => index % every === 0).slice(0, filesSampled);
  const heads = await Promise.all(some.map((path) => headOf(root, path)));
  return { looked: some.length, speaking: heads.filter((head) => head !== null && speaks(head)).length };
}

/** `3 files`, `1 file`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
