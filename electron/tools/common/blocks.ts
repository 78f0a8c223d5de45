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
    if (isLong()) await pause();
    yield small;
  }
}

/** The same blocks of a whole file, given to `take` one after another: for thousands of files, without a promise for each block. */
export async function takeBlocks(file: string, take: (block: Buffer) => void): Promise<void> {
  const small = readSmall(file, 0, Number.POSITIVE_INFINITY);
  if (small === null) for await (const block of readLarge(file, 0, Number.POSITIVE_INFINITY)) take(block);
  else if (small.length > 0) take(small);
  if (isLong()) await pause();
}

/** Most migrations are smaller: read at once, without asking for their size first. */
const smallBytes = 64 * 1024;
let smallFile: Buffer | null = null;

/** Synchronous: for the small files that most migrations are, promises would cost more than the reading. */
function readSmall(file: string, start: number, end: number): Buffer | null {
  const descriptor = openSync(file, 'r');
  try {
    smallFile ??= Buffer.allocUnsafeSlow(smallBytes);
    if (end - start >= smallBytes) {
      const filled = fill(descriptor, smallFile, start);
      if (filled < smallBytes) return Buffer.from(smallFile.subarray(0, filled));
    }
    const length = Math.min(end, fstatSync(descriptor).size) - start;
    if (length > blockBytes) return null;
    const bytes = Buffer.allocUnsafe(Math.max(length, 0));
    return bytes.subarray(0, fill(descriptor, bytes, start));
  } finally {
    closeSync(descriptor);
  }
}

/** How many bytes there were: fewer than wanted only at the file's end. */
function fill(descriptor: number, bytes: Buffer, start: number): number {
  let filled = 0;
  while (filled < bytes.length) {
    const count = readSync(descriptor, bytes, filled, bytes.length - filled, start + filled);
    if (count === 0) break;
    filled += count;
  }
  return filled;
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

/** White space within and at the end of lines. */
export const isBlank = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === newline;

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

/** Reading has kept the main loop for 10 ms: others are to have a turn. */
const isLong = (): boolean => performance.now() - lastPause >= 10;

async function pause(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  lastPause = performance.now();
}
