/** Where values lie on an axis, and which of them are written at it. Pure. */

export interface Scale {
  /** From 0 (the beginning) to 1. */
  readonly place: (value: number) => number;
  readonly ticks: readonly number[];
}

/** Beyond this ratio small values could not be told apart on a line that begins at nothing. */
const widest = 100;

/** Of amounts above 0: from nothing, or by powers of ten where they are far apart. */
export function amountScale(values: readonly number[]): Scale {
  const known = values.filter((value) => value > 0);
  const largest = known.reduce((most, value) => Math.max(most, value), 0);
  const smallest = known.reduce((least, value) => Math.min(least, value), largest);
  if (largest === 0) return { place: () => 0, ticks: [0] };
  return largest / smallest > widest ? powerScale(smallest, largest) : linearScale(largest);
}

function linearScale(largest: number): Scale {
  const step = niceStep(largest / 4);
  const top = Math.ceil(largest / step) * step;
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step);
  return { place: (value) => value / top, ticks };
}

function powerScale(smallest: number, largest: number): Scale {
  const from = Math.floor(Math.log10(smallest));
  const to = Math.ceil(Math.log10(largest));
  const apart = Math.ceil((to - from) / 5);
  const ticks = Array.from({ length: Math.floor((to - from) / apart) + 1 }, (_, index) => 10 ** (from + index * apart));
  return { place: (value) => (Math.log10(Math.max(value, 10 ** from)) - from) / (to - from), ticks };
}

/** The next of 1, 2, 5, 10, 20 … */
export function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5].find((one) => one * power >= least) ?? 10;
  return factor * power;
}

/** Of moments, milliseconds since 1970: one alone lies in the middle. */
export function timeScale(moments: readonly number[], most: number): Scale {
  const first = moments.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY);
  const last = moments.reduce((latest, at) => Math.max(latest, at), Number.NEGATIVE_INFINITY);
  if (first >= last) return { place: () => 0.5, ticks: first === last ? [first] : [] };
  const count = Math.max(2, most);
  const ticks = Array.from({ length: count }, (_, index) => first + ((last - first) * index) / (count - 1));
  return { place: (at) => (at - first) / (last - first), ticks };
}

/** The middle one of all; null of none. */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  if (upper === undefined) return null;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
