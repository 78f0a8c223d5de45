// The data that follows PostgreSQL's `COPY … FROM stdin;` in a script, as psql reads it: whole lines from the next
// line on, until `\.` stands alone on one.
import { unclosed } from './lexicon.ts';

/** UTF-16 code units after which a piece of data ends with its line. */
const PIECE_LENGTH = 262_144;

export interface DataPiece {
  /** Whole lines; empty where there are none. */
  readonly text: string;
  /** Where to go on. */
  readonly next: number;
  /** The data ends here. */
  readonly ended: boolean;
}

/** The rest of the line at `at`: its content, its line break ('' at the text's end), and the next line's beginning. */
export function restOfLine(
  text: string,
  at: number,
  final: boolean,
): { content: string; lineBreak: string; next: number } | typeof unclosed {
  const search = /\r\n|\n|\r/g;
  search.lastIndex = at;
  const lineBreak = search.exec(text)?.[0] ?? '';
  const next = lineBreak === '' ? text.length : search.lastIndex;
  // A carriage return at the end of what was read may be the first half of a pair.
  if (!final && (lineBreak === '' || (lineBreak === '\r' && next === text.length))) return unclosed;
  return { content: text.slice(at, next - lineBreak.length), lineBreak, next };
}

/**
 * The next piece of the data that begins at `at`, the beginning of a line; undefined where more text is needed.
 * `lineBreak` is what ends the lines: `\r` or, with or without a `\r` before it, `\n`.
 */
export function readCopyData(text: string, at: number, final: boolean, lineBreak: '\r' | '\n'): DataPiece | undefined {
  const enough = text.indexOf(lineBreak, at + PIECE_LENGTH - 1) + 1;
  const data = text.slice(at, enough || text.length);
  const marker = findEndMarker(data, final, lineBreak);
  if (marker !== undefined) return { text: data.slice(0, marker.at), next: at + marker.next, ended: true };
  return enough ? { text: data, next: enough, ended: false } : undefined;
}

function findEndMarker(data: string, final: boolean, lineBreak: string): { at: number; next: number } | undefined {
  for (let line = 0; ; ) {
    const next = data.startsWith('\\.', line) ? afterEndMarker(data, line + 2, final, lineBreak) : undefined;
    if (next !== undefined) return { at: line, next };
    line = data.indexOf(`${lineBreak}\\.`, line) + 1;
    if (line === 0) return undefined;
  }
}

/** Offset after the line whose `\.` ends at `at`; undefined where the line holds more. */
function afterEndMarker(data: string, at: number, final: boolean, lineBreak: string): number | undefined {
  const next = data.startsWith('\r\n', at) ? at + 2 : at + 1;
  if (data.startsWith(lineBreak, next - 1)) return next;
  const rest = data.slice(at, at + 2);
  return final && (rest === '' || rest === '\r') ? data.length : undefined;
}
