/** Pieces of a stream, waiting to be taken in other sizes. */
export class Pieces {
  #waiting: Buffer[] = [];
  bytes = 0;

  add(piece: Buffer): void {
    this.#waiting.push(piece);
    this.bytes += piece.length;
  }

  /** The first `count` bytes, fewer when there are not as many. */
  take(count: number): Buffer {
    const taken: Buffer[] = [];
    let missing = Math.min(count, this.bytes);
    this.bytes -= missing;
    while (missing > 0) {
      const [first] = this.#waiting;
      if (first === undefined) break;
      const part = first.subarray(0, missing);
      taken.push(part);
      missing -= part.length;
      if (part.length === first.length) this.#waiting.shift();
      else this.#waiting[0] = first.subarray(part.length);
    }
    const [only] = taken;
    return taken.length === 1 && only !== undefined ? only : Buffer.concat(taken);
  }
}
