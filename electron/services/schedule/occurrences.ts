/** The times of a schedule. Where clocks change, croner's rules hold: a time that is left out comes right after, one that is repeated comes once. */
import { Cron } from 'croner';
import type { ScheduleTime } from '../../../shared/model/schedule.ts';
import { raise } from '../../../shared/problem.ts';

/** The next one after `after`, in milliseconds since the epoch; null: none. @throws {ProblemError} `schedule.invalid` */
export function nextAfter(time: ScheduleTime, after: number): number | null {
  if (time.kind === 'cron') return cronOf(time).nextRun(new Date(after))?.getTime() ?? null;
  const at = Date.parse(time.at);
  return at > after ? at : null;
}

/** The next ones after `after`, at most `count`. */
export function following(time: ScheduleTime, after: number, count: number): number[] {
  const times: number[] = [];
  for (let next = nextAfter(time, after); next !== null && times.length < count; next = nextAfter(time, next))
    times.push(next);
  return times;
}

/** More are not counted. */
const mostCounted = 1_000;

/** Those from `first` on that are not after `now`: the last one, and how many came before it. */
export function passedUntil(time: ScheduleTime, first: number, now: number): { last: number; before: number } {
  let last = first;
  let before = 0;
  for (let next = nextAfter(time, last); next !== null && next <= now; next = nextAfter(time, last)) {
    last = next;
    before += 1;
    if (before >= mostCounted) break;
  }
  return { last, before };
}

function cronOf({ expression, timeZone }: Extract<ScheduleTime, { kind: 'cron' }>): Cron {
  try {
    const cron = new Cron(expression, { timezone: timeZone, mode: '5-part', paused: true });
    // An unknown zone is told only when it is asked.
    cron.nextRun(new Date(0));
    return cron;
  } catch (thrown) {
    return raise(
      {
        code: 'schedule.invalid',
        message: `“${expression}” in ${timeZone} is no time of a schedule: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
        hint: 'Write minute, hour, day, month and weekday, as in "30 2 * * sat", and a time zone such as Europe/Berlin.',
      },
      thrown,
    );
  }
}
