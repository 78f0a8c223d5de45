/**
 * SipHash-1-3 with a key of zeros, 64 bits (Aumasson and Bernstein, “SipHash: a fast short-input PRF”). Words of 64 bits are
 * two halves of 32, the lower first: numbers are several times faster here than BigInt.
 */
import type { Digest } from '../common/scan.ts';

/** a, b, c, d: the lower and the upper half of each. */
type State = Int32Array;

export class SipHash13 implements Digest {
  readonly #state: State = Int32Array.of(
    0x70736575,
    0x736f6d65,
    0x6e646f6d,
    0x646f7261,
    0x6e657261,
    0x6c796765,
    0x79746573,
    0x74656462,
  );
  #rest: Buffer = Buffer.alloc(0);
  #length = 0;

  update(bytes: Buffer): this {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    this.#length += bytes.length;
    const whole = all.length - (all.length % 8);
    for (let at = 0; at < whole; at += 8) compress(this.#state, all.readInt32LE(at), all.readInt32LE(at + 4));
    this.#rest = Buffer.from(all.subarray(whole));
    return this;
  }

  /** Decimal, without sign. */
  digest(): string {
    const last = Buffer.alloc(8);
    this.#rest.copy(last);
    last[7] = this.#length & 0xff;
    const state = this.#state;
    compress(state, last.readInt32LE(0), last.readInt32LE(4));
    xor(state, c, 0xff, 0);
    for (let time = 0; time < 3; time++) round(state);
    const half = (offset: number): bigint =>
      BigInt.asUintN(
        32,
        [a, b, c, d].reduce((sum, word) => sum ^ BigInt(state[word + offset] ?? 0), 0n),
      );
    return String((half(1) << 32n) | half(0));
  }
}

/** Where each word begins in the state. */
const [a, b, c, d] = [0, 2, 4, 6] as const;

function compress(state: State, low: number, high: number): void {
  xor(state, d, low, high);
  round(state);
  xor(state, a, low, high);
}

function round(state: State): void {
  add(state, a, b);
  rotate(state, b, 13);
  xorWord(state, b, a);
  swap(state, a);
  add(state, c, d);
  rotate(state, d, 16);
  xorWord(state, d, c);
  add(state, a, d);
  rotate(state, d, 21);
  xorWord(state, d, a);
  add(state, c, b);
  rotate(state, b, 17);
  xorWord(state, b, c);
  swap(state, c);
}

const at = (state: State, index: number): number => state[index] ?? 0;

function add(state: State, to: number, from: number): void {
  const low = (at(state, to) >>> 0) + (at(state, from) >>> 0);
  state[to + 1] = at(state, to + 1) + at(state, from + 1) + (low > 0xffffffff ? 1 : 0);
  state[to] = low;
}

function xor(state: State, word: number, low: number, high: number): void {
  state[word] = at(state, word) ^ low;
  state[word + 1] = at(state, word + 1) ^ high;
}

const xorWord = (state: State, word: number, other: number): void =>
  xor(state, word, at(state, other), at(state, other + 1));

/** To the left, by less than 32. */
function rotate(state: State, word: number, by: number): void {
  const [low, high] = [at(state, word), at(state, word + 1)];
  state[word] = (low << by) | (high >>> (32 - by));
  state[word + 1] = (high << by) | (low >>> (32 - by));
}

/** To the left by 32. */
function swap(state: State, word: number): void {
  const low = at(state, word);
  state[word] = at(state, word + 1);
  state[word + 1] = low;
}
