/** Lines of a part of a file by their number, however large it is: nothing but the lines asked for is held. */
import { countNewlines, readBlocks } from './blocks.ts';

const newline = 0x0a;

/** Lines between two places that are remembered: reading begins at most so many lines before what is wanted. */
const stride = 1024;

export interface LineIndex {
  readonly file: string;
  /** Bytes: start inclusive, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** Where every `stride`th line begins. */
  readonly places: readonly number[];
  /** An end without a newline is a line, too: never 0. */
  readonly lines: number;
}

/** Reads it once. @throws the file system's own error */
export async function indexLines(file: string, start: number, end: number): Promise<LineIndex> {
  const places = [start];
  let lines = 1;
  let position = start;
  for await (const block of readBlocks(file, start, end)) {
    for (let at = block.indexOf(newline); at >= 0; at = block.indexOf(newline, at + 1)) {
      if (lines % stride === 0) places.push(position + at + 1);
      lines += 1;
    }
    position += block.length;
  }
  return { file, start, end: position, places, lines };
}

export interface IndexedLine {
  /** From 0. */
  readonly number: number;
  readonly text: string;
  readonly cut: boolean;
}

/** `count` lines from line `from` (0-based) on, each of at most `longest` characters. */
export async function readLines(
  index: LineIndex,
  from: number,
  count: number,
  longest: number,
): Promise<readonly IndexedLine[]> {
  const place = Math.min(Math.floor(from / stride), index.places.length - 1);
  const found: IndexedLine[] = [];
  let number = place * stride;
  let text = '';
  let bytes = 0;
  const end = (): void => {
    if (number >= from) found.push({ number, text: withoutReturn(text).slice(0, longest), cut: text.length > longest });
    number += 1;
    text = '';
    bytes = 0;
  };
  for await (const block of readBlocks(index.file, index.places[place] ?? index.start, index.end)) {
    for (let at = 0; at < block.length; ) {
      const stop = block.indexOf(newline, at);
      const piece = block.subarray(at, stop < 0 ? block.length : stop);
      // A character has at most four bytes: what is beyond cannot be among the first ones.
      const most = 4 * longest + 4 - bytes;
      if (number >= from && most > 0) text += piece.toString('utf8', 0, Math.min(piece.length, most));
      bytes += piece.length;
      if (stop >= 0) end();
      if (found.length === count) return found;
      at = stop < 0 ? block.length : stop + 1;
    }
  }
  if (number < index.lines) end();
  return found;
}

const withoutReturn = (text: string): string => (text.endsWith('\r') ? text.slice(0, -1) : text);

/** The first line from `from` (0-based) on that has the words, whatever their case; null: none has. */
export async function findLine(
  index: LineIndex,
  words: string,
  from: number,
  signal: AbortSignal,
): Promise<number | null> {
  const wanted = words.toLowerCase();
  const place = Math.min(Math.floor(from / stride), index.places.length - 1);
  let number = place * stride;
  for await (const block of readBlocks(index.file, index.places[place] ?? index.start, index.end)) {
    signal.throwIfAborted();
    const text = block.toString('utf8').toLowerCase();
    if (text.includes(wanted)) {
      const first = text.split('\n').findIndex((line, at) => number + at >= from && line.includes(wanted));
      if (first >= 0) return number + first;
    }
    number += countNewlines(block);
  }
  return null;
}
