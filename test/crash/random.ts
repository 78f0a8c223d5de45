// Random numbers that a seed repeats exactly (mulberry32).

export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** An integer from 0, below `bound`. */
  below(bound: number): number;
  pick<T>(all: readonly [T, ...T[]]): T;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (bound: number): number => Math.floor(next() * bound);
  return { next, below, pick: (all) => all[below(all.length)] ?? all[0] };
}

/** Another seed from a seed and a number: the shots of a series are independent of each other, and of their order. */
export const seedOf = (series: number, shot: number): number =>
  (Math.imul(series ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(shot + 1, 0xc2b2ae35)) >>> 0;
