/** Moments and durations that keep themselves up to date. */
import { useEffect, useState } from 'react';
import { formatAge, formatDuration, formatElapsed, formatFullTime, formatTime } from '../format.ts';

/** Milliseconds since the epoch, renewed every `everyMs` while mounted; still when null. */
export function useNow(everyMs: number | null): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (everyMs === null) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** `2 hr. ago`, with the exact moment as its title. */
export function Age({ at }: { at: string }) {
  const now = useNow(30_000);
  return (
    <time dateTime={at} title={formatFullTime(at)} className="nowrap">
      {formatAge(at, now)}
    </time>
  );
}

/** `14:02` or `3 Nov, 14:02`. */
export function Moment({ at }: { at: string }) {
  return (
    <time dateTime={at} title={formatFullTime(at)} className="nowrap number">
      {formatTime(at)}
    </time>
  );
}

/** A clock that runs from `since`; how long it took once `until` is known. */
export function Elapsed({ since, until }: { since: string; until: string | null }) {
  const now = useNow(until === null ? 500 : null);
  const from = new Date(since).getTime();
  const words = until === null ? formatElapsed(now - from) : formatDuration(new Date(until).getTime() - from);
  return <span className="number nowrap">{words}</span>;
}
