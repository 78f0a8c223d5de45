/** Bytes of a file in blocks that can be decoded on their own, so that no file is ever held whole. */
import { isUtf8 } from 'node:buffer';
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';

/** Most bytes in a block, and most bytes read without giving way to others. */
export const blockBytes = 1024 * 1024;

const newline = 0x0a;

/**
 * Yields the bytes `start` (inclusive) to `end` (exclusive, or the file's end) in blocks of at most 1 MiB. Each block
 * ends with a line, or with a whole character where a line is longer than a block.
 * @throws the file system's own error.
 */
export async function* readBlocks(file: string, start = 0, end = Number.POSITIVE_INFINITY): AsyncGenerator<Buffer> {
  const small = readSmall(file, start, end);
  if (small === null) {
    yield* readLarge(file, start, end);
  } else if (small.length > 0) {
    await breathe();
    yield small;
  }
}

/** Synchronous: for the small files that most migrations are, promises would cost more than the reading. */
function readSmall(file: string, start: number, end: number): Buffer | null {
  const descriptor = openSync(file, 'r');
  try {
    const length = Math.min(end, fstatSync(descriptor).size) - start;
    if (length > blockBytes) return null;
    const bytes = Buffer.alloc(Math.max(length, 0));
    let filled = 0;
    while (filled < bytes.length) {
      const count = readSync(descriptor, bytes, filled, bytes.length - filled, start + filled);
      if (count === 0) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  } finally {
    closeSync(descriptor);
  }
}

async function* readLarge(file: string, start: number, end: number): AsyncGenerator<Buffer> {
  await using handle = await open(file, 'r');
  let rest: Buffer = Buffer.alloc(0);
  let position = start;
  for (;;) {
    const bytes = Buffer.alloc(blockBytes);
    rest.copy(bytes);
    const wanted = Math.min(blockBytes - rest.length, end - position);
    const { bytesRead } = await handle.read(bytes, rest.length, wanted, position);
    position += bytesRead;
    const filled = bytes.subarray(0, rest.length + bytesRead);
    if (bytesRead === 0) {
      if (filled.length > 0) yield filled;
      return;
    }
    const cut = cutAt(filled);
    if (cut > 0) yield filled.subarray(0, cut);
    rest = filled.subarray(cut);
  }
}

/** After the last line; within one line longer than a block, before the character that the end splits. */
function cutAt(bytes: Buffer): number {
  const afterLine = bytes.lastIndexOf(newline) + 1;
  if (afterLine > 0 || bytes.length < blockBytes) return afterLine;
  // A UTF-8 character has at most three continuation bytes (10xxxxxx) after its first.
  for (let back = 1; back <= 4; back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) break;
    if (byte >= 0xc0) return isUtf8(bytes.subarray(-back)) ? bytes.length : bytes.length - back;
  }
  return bytes.length;
}

/** 0-based line within `bytes` of the first that is not text in UTF-8 (a zero byte is not text); null when all is well. */
export function lineNotUtf8(bytes: Buffer): number | null {
  if (isUtf8(bytes) && !bytes.includes(0)) return null;
  let line = 0;
  for (let at = 0; at < bytes.length; line++) {
    const end = lineEnd(bytes, at);
    const part = bytes.subarray(at, end);
    if (!isUtf8(part) || part.includes(0)) return line;
    at = end;
  }
  return 0;
}

/** Index after the line that starts at `from`, its newline included. */
export function lineEnd(bytes: Buffer, from: number): number {
  const at = bytes.indexOf(newline, from);
  return at < 0 ? bytes.length : at + 1;
}

export function countNewlines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) count++;
  return count;
}

let lastPause = 0;

/** Lets the main loop have a turn when reading has kept it for 10 ms. */
async function breathe(): Promise<void> {
  const now = performance.now();
  if (now - lastPause < 10) return;
  await new Promise((resolve) => setImmediate(resolve));
  lastPause = performance.now();
}
