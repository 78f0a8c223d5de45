/** A place in a file: both 1-based, the column in UTF-16 code units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;

/**
 * Turns growing offsets of a text into places. Line feed, carriage return and the pair end a line, as in editors.
 * The text may be cut off on the left and grow on the right: say so by `drop` and `grow`.
 */
export class LineCounter {
  #line: number;
  /** Offset at which the current line begins; negative once its beginning is dropped. */
  #lineStart: number;
  /** Next line breaks at or after the last counted offset; the text's end where none is. */
  #lineFeed = -1;
  #carriageReturn = -1;

  constructor(firstLine: number, firstColumn: number) {
    this.#line = firstLine;
    this.#lineStart = 1 - firstColumn;
  }

  /** The place of `at`, which is not before any offset asked for so far. */
  placeOf(text: string, at: number): Place {
    this.#countTo(text, at);
    return { line: this.#line, column: at - this.#lineStart + 1 };
  }

  /** The first `length` characters of the text are about to go. */
  drop(text: string, length: number): void {
    this.#countTo(text, length);
    this.#lineStart -= length;
    this.grow();
  }

  /** The text is another one now, from the same beginning. */
  grow(): void {
    this.#lineFeed = -1;
    this.#carriageReturn = -1;
  }

  #countTo(text: string, at: number): void {
    for (;;) {
      const from = Math.max(this.#lineStart, 0);
      if (this.#lineFeed < from) this.#lineFeed = indexOrEnd(text, '\n', from);
      if (this.#carriageReturn < from) this.#carriageReturn = indexOrEnd(text, '\r', from);
      const found = Math.min(this.#lineFeed, this.#carriageReturn);
      const pair = text.charCodeAt(found) === CARRIAGE_RETURN && text.charCodeAt(found + 1) === LINE_FEED;
      const next = found + (pair ? 2 : 1);
      if (next > at) return;
      this.#line++;
      this.#lineStart = next;
    }
  }
}

function indexOrEnd(text: string, character: string, from: number): number {
  const found = text.indexOf(character, from);
  return found === -1 ? text.length : found;
}
