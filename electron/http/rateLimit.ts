/** How often somebody may ask: so many at once, then so many a minute. */

export interface RateLimit {
  readonly burst: number;
  readonly perMinute: number;
}

interface Bucket {
  left: number;
  /** Milliseconds. */
  at: number;
}

/** @param now in milliseconds @returns a function that tells the whole seconds to wait; 0: it may */
export function createRateLimit(
  { burst, perMinute }: RateLimit,
  now = () => performance.now(),
): (who: string) => number {
  const buckets = new Map<string, Bucket>();
  const refilled = ({ left, at }: Bucket): number => Math.min(burst, left + ((now() - at) * perMinute) / 60_000);
  return (who) => {
    if (buckets.size > 10_000) for (const [one, bucket] of buckets) if (refilled(bucket) >= burst) buckets.delete(one);
    const left = refilled(buckets.get(who) ?? { left: burst, at: now() });
    const taken = left >= 1;
    buckets.set(who, { left: taken ? left - 1 : left, at: now() });
    return taken ? 0 : Math.max(1, Math.ceil(((1 - left) * 60) / perMinute));
  };
}
