// Reads a plain dump as it flows by: counts its objects by pg_dump's comments and looks for the end marker.
import type { ObjectCounts, ObjectKind } from '../../../shared/model/backup.ts';
import { kindOf } from './contents.ts';

/** A line of which more is not looked at; one that begins data names all columns of a table. */
const LONGEST_LINE = 1 << 20;
const NEWLINE = 10;
const endOfData = Buffer.from('\n\\.\n');
/** First bytes of the lines that matter: `COPY`, comments, `\unrestrict`. */
const interesting = new Set(['C', '-', '\\'].map((letter) => letter.charCodeAt(0)));

/**
 * Rows stand between `COPY … FROM stdin;` and `\.`, where nothing else counts. Elsewhere a line like pg_dump's own
 * could only be inside a function's body.
 */
export class PlainInspector {
  readonly #counts: Partial<Record<ObjectKind, number>> = {};
  #inData = false;
  #completed = false;
  #rest: Buffer = Buffer.alloc(0);

  /** Objects seen so far. */
  get objects(): ObjectCounts {
    return this.#counts;
  }

  add(piece: Buffer): void {
    const bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    let start = 0;
    for (let next = this.#next(bytes, start); next !== null; next = this.#next(bytes, start)) start = next;
    // What may become the end of data stays; of a line that is too long no more than shows what it is.
    const rest = this.#inData
      ? bytes.subarray(Math.max(start, bytes.length - endOfData.length + 1))
      : bytes.subarray(start);
    this.#rest = rest.subarray(0, LONGEST_LINE);
  }

  /** Where to go on after the line or the data at `start`; null when its end has not come yet. */
  #next(bytes: Buffer, start: number): number | null {
    const end = this.#inData ? bytes.indexOf(endOfData, start) : bytes.indexOf(NEWLINE, start);
    if (end === -1) return null;
    if (this.#inData) {
      this.#inData = false;
      return end + endOfData.length;
    }
    if (end > start) this.#line(bytes, start, end);
    // The line break before data may be the one before its end.
    return this.#inData ? end : end + 1;
  }

  /** After the last piece. True: the dump ends with its end marker. */
  end(): boolean {
    return this.#completed && !this.#inData;
  }

  #line(bytes: Buffer, start: number, end: number): void {
    if (!interesting.has(bytes[start] ?? 0)) {
      this.#completed = false;
      return;
    }
    const line = bytes.toString('utf8', start, Math.min(end, start + LONGEST_LINE));
    if (line === '-- PostgreSQL database dump complete') this.#completed = true;
    // What follows the marker in newer versions is `\unrestrict`, which ends psql's restricted mode.
    else if (line !== '--' && !line.startsWith('\\unrestrict ')) this.#completed = false;
    if (/^COPY .+ FROM stdin;$/.test(line)) this.#inData = true;
    const type = /^-- Name: .*; Type: (?<type>[A-Z ]+); Schema: /.exec(line)?.groups?.['type'];
    const kind = type === undefined ? null : kindOf(type);
    if (kind !== null) this.#counts[kind] = (this.#counts[kind] ?? 0) + 1;
  }
}
