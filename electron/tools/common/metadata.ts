/** Metadata values as people write them. */

/** `5m`, `1h 30m`, `90 s`, `2 minutes`, `250ms` in milliseconds; null when it is no such duration. */
export function durationMs(text: string): number | null {
  const parts = [...text.matchAll(durationPart)];
  if (parts.length === 0 || text.replace(durationPart, '').trim() !== '') return null;
  return Math.round(
    parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (unitMs[unit?.toLowerCase() ?? ''] ?? 0), 0),
  );
}

const durationPart = /(\d+(?:\.\d+)?)\s*(milliseconds?|ms|seconds?|sec|s|minutes?|min|m|hours?|h)(?![a-z])/gi;

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  millisecond: 1,
  milliseconds: 1,
  s: 1000,
  sec: 1000,
  second: 1000,
  seconds: 1000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
};

/** Null when it is neither. */
export function yesOrNo(text: string): boolean | null {
  if (/^(yes|true|y|required)$/i.test(text.trim())) return true;
  return /^(no|false|n|none)$/i.test(text.trim()) ? false : null;
}

/** `a, b` as `['a', 'b']`. */
export const listed = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
