/** Checksums of text, fed in pieces. */
import { createHash, type Hash, hash } from 'node:crypto';

/** SHA-256 (lower-case hex). Text that came in one piece, as nearly all does, is hashed in one call: several times faster. */
export class Sha256 {
  #only: Buffer | null = null;
  #hash: Hash | null = null;

  update(bytes: Buffer): void {
    if (this.#hash === null && this.#only === null) {
      this.#only = bytes;
      return;
    }
    this.#hash ??= createHash('sha256').update(this.#only ?? '');
    this.#only = null;
    this.#hash.update(bytes);
  }

  digest(): string {
    return this.#hash?.digest('hex') ?? (this.#only === null ? ofNothing : hash('sha256', this.#only));
  }
}

const ofNothing = hash('sha256', '');

/**
 * SHA-256 (lower-case hex) of what a script does, not of how it was saved: line ends count as LF, blank lines as empty,
 * and the comment and blank lines before the first and the blank lines after the last line of code do not count. So
 * neither Git's autocrlf nor a changed description makes an applied migration look changed.
 */
export class CanonicalHash {
  readonly #hash = createHash('sha256');
  #rest: Buffer = Buffer.alloc(0);
  #inLine = false;
  #started = false;
  #blankLines = 0;

  update(bytes: Buffer): void {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let at = 0;
    for (let end = all.indexOf(0x0a); end >= 0; end = all.indexOf(0x0a, at)) {
      this.#line(all.subarray(at, end + 1), true);
      at = end + 1;
    }
    this.#rest = all.subarray(at);
    if (this.#rest.length > longLine) {
      // A line of unusual length is code; its last byte stays behind, as it may be the CR of a CRLF.
      this.#line(this.#rest.subarray(0, -1), false);
      this.#rest = this.#rest.subarray(-1);
    }
  }

  digest(): string {
    if (this.#rest.length > 0) this.#line(Buffer.concat([this.#rest, lineFeed]), true);
    return this.#hash.digest('hex');
  }

  /** `ends`: the bytes end with the line's LF. */
  #line(bytes: Buffer, ends: boolean): void {
    if (!this.#inLine) {
      const first = bytes.findIndex((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0d && byte !== 0x0a);
      if (first < 0) {
        if (this.#started) this.#blankLines++;
        return;
      }
      if (!this.#started && bytes[first] === 0x2d && bytes[first + 1] === 0x2d) return;
      if (this.#blankLines > 0) this.#hash.update(Buffer.alloc(this.#blankLines, lineFeed));
      this.#blankLines = 0;
      this.#started = true;
    }
    if (ends && bytes.at(-2) === 0x0d) this.#hash.update(bytes.subarray(0, -2)).update(lineFeed);
    else this.#hash.update(bytes);
    this.#inLine = !ends;
  }
}

/** Digests of the content as it is, with LF and with CRLF at the ends of all lines: Git may have changed them. */
export class LineEndHashes {
  readonly #plain: Hash;
  readonly #lf: Hash;
  readonly #crlf: Hash;
  #endsWithCr = false;
  #digests: [string, ...string[]] | null = null;

  constructor(algorithm: 'sha256' | 'md5') {
    this.#plain = createHash(algorithm);
    this.#lf = createHash(algorithm);
    this.#crlf = createHash(algorithm);
  }

  update(bytes: Buffer): void {
    this.#plain.update(bytes);
    const held = this.#endsWithCr ? '\r' : '';
    const text = (held + bytes.toString('latin1')).replaceAll('\r\n', '\n');
    this.#endsWithCr = text.endsWith('\r');
    const whole = this.#endsWithCr ? text.slice(0, -1) : text;
    this.#lf.update(whole, 'latin1');
    this.#crlf.update(whole.replaceAll('\n', '\r\n'), 'latin1');
  }

  /** Lower-case hex; that of the content as it is first, each once. */
  digests(): [string, ...string[]] {
    this.#digests ??= this.#finish();
    return this.#digests;
  }

  #finish(): [string, ...string[]] {
    const last = this.#endsWithCr ? '\r' : '';
    const plain = this.#plain.digest('hex');
    const others = [this.#lf.update(last).digest('hex'), this.#crlf.update(last).digest('hex')];
    return [plain, ...new Set(others.filter((other) => other !== plain))];
  }

  digest(): string {
    return this.digests()[0];
  }
}

const lineFeed = Buffer.from('\n');
const longLine = 256 * 1024;
