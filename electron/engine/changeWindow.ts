/**
 * Change windows: whether a moment is in one, and when that changes. By the clock on the wall: an hour that a time zone
 * repeats is in the window twice, one that it leaves out never comes. Zones are those of the runtime. Pure.
 */
import { type ChangeWindow, weekdays } from '../../shared/model/changeWindow.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
/** A window that a time zone leaves out on its day comes a week later. */
const HORIZON_MS = 15 * DAY_MINUTES * MINUTE_MS;

/** @param at milliseconds since the epoch. No window at all: always. */
export const isInside = (windows: readonly ChangeWindow[], at: number): boolean =>
  windows.length === 0 || windows.some((window) => holds(window, localTime(window.timeZone, at)));

/** When it is next inside: `at` itself if it is; null: not within two weeks. */
export const nextOpening = (windows: readonly ChangeWindow[], at: number): number | null => next(windows, at, true);

/** When it is next outside; null: not within two weeks. */
export const nextClosing = (windows: readonly ChangeWindow[], at: number): number | null => next(windows, at, false);

function next(windows: readonly ChangeWindow[], at: number, wanted: boolean): number | null {
  let moment = at;
  while (moment <= at + HORIZON_MS) {
    if (isInside(windows, moment) === wanted) return moment;
    if (windows.length === 0) return null;
    moment = Math.min(...windows.map((window) => nextBoundary(window, moment)));
  }
  return null;
}

interface LocalTime {
  /** Index in `weekdays`. */
  readonly day: number;
  /** Since midnight, by the clock on the wall. */
  readonly minute: number;
  /** Milliseconds that the wall is ahead of UTC. */
  readonly offset: number;
}

function holds({ days, from, to }: ChangeWindow, { day, minute }: LocalTime): boolean {
  const [opens, closes] = [minutes(from), minutes(to)];
  const isOn = (index: number) => days.some((one) => one === weekdays[(index + 7) % 7]);
  if (opens < closes) return isOn(day) && minute >= opens && minute < closes;
  return (isOn(day) && minute >= opens) || (isOn(day - 1) && minute < closes);
}

/** The next moment at which it could begin or end: a time of its own, midnight, or a change of the clock. */
function nextBoundary({ from, to, timeZone }: ChangeWindow, at: number): number {
  const local = localTime(timeZone, at);
  const ahead = [minutes(from), minutes(to), DAY_MINUTES].filter((one) => one > local.minute);
  const wall = at + local.offset;
  const boundary = wall - mod(wall, MINUTE_MS) + (Math.min(...ahead) - local.minute) * MINUTE_MS - local.offset;
  return localTime(timeZone, boundary).offset === local.offset ? boundary : clockChange(timeZone, at, boundary);
}

/** The first millisecond of the later offset. */
function clockChange(timeZone: string, before: number, after: number): number {
  const { offset } = localTime(timeZone, before);
  let [low, high] = [before, after];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (localTime(timeZone, middle).offset === offset) low = middle;
    else high = middle;
  }
  return high;
}

function localTime(timeZone: string, at: number): LocalTime {
  const parts = new Map(
    formatter(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: string): number => parts.get(type as Intl.DateTimeFormatPartTypes) ?? 0;
  const [hour, minute] = [part('hour'), part('minute')];
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), hour, minute, part('second'));
  // Days since the epoch, which began on a Thursday.
  const day = mod(Math.floor(wall / (DAY_MINUTES * MINUTE_MS)) + 3, 7);
  return { day, minute: hour * 60 + minute, offset: wall - (at - mod(at, 1000)) };
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Making one takes a thousand times as long as asking it. */
function formatter(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formatters.set(timeZone, made);
  return made;
}

const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));

const mod = (value: number, by: number): number => ((value % by) + by) % by;
