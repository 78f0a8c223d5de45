import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isInside, nextClosing, nextOpening } from '../../electron/engine/changeWindow.ts';
import { type ChangeWindow, changeWindowWords, weekdays } from '../../shared/model/changeWindow.ts';

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Africa/Casablanca',
  'Asia/Tehran',
];
const minute = 60_000;
const time = fc
  .integer({ min: 0, max: 1439 })
  .map((value) => `${String(Math.floor(value / 60)).padStart(2, '0')}:${String(value % 60).padStart(2, '0')}`);
const window: fc.Arbitrary<ChangeWindow> = fc.record({
  days: fc.subarray([...weekdays], { minLength: 1 }),
  from: time,
  to: time,
  timeZone: fc.constantFrom(...zones),
});
const windows = fc.array(window, { minLength: 1, maxLength: 3 });
const moment = fc.integer({ min: Date.UTC(2015, 0, 1), max: Date.UTC(2035, 0, 1) });

/** The definition, read off the wall by another way of asking for it. */
function byTheWall({ days, from, to, timeZone }: ChangeWindow, at: number): boolean {
  const wall = new Date(at).toLocaleString('sv-SE', { timeZone });
  const today = new Date(`${wall.slice(0, 10)}T00:00:00Z`).getUTCDay();
  const now = wall.slice(11, 16);
  const isOn = (day: number) => days.some((one) => one === weekdays[(day + 6) % 7]);
  if (from < to) return isOn(today) && now >= from && now < to;
  return (isOn(today) && now >= from) || (isOn(today + 6) && now < to);
}

describe('A change window', () => {
  it('holds when the clock on the wall says so, in every zone and at every change of the clock', () => {
    fc.assert(
      fc.property(window, moment, (one, at) => {
        expect(isInside([one], at)).toBe(byTheWall(one, at));
      }),
      { numRuns: 3000 },
    );
  });

  it('opens and closes at the first moment for which that is so', () => {
    fc.assert(
      fc.property(
        windows,
        moment,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }),
        (all, at, between) => {
          for (const [next, wanted] of [
            [nextOpening(all, at), true],
            [nextClosing(all, at), false],
          ] as const) {
            if (next === null) continue;
            expect(isInside(all, next)).toBe(wanted);
            if (next > at) expect(isInside(all, next - 1)).toBe(!wanted);
            for (const part of between) {
              const earlier = Math.floor(at + part * (next - at));
              if (earlier < next) expect(isInside(all, earlier)).toBe(!wanted);
            }
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('of at least an hour opens within two weeks of any moment, and several are open when one of them is', () => {
    fc.assert(
      fc.property(windows, moment, (all, at) => {
        expect(isInside(all, at)).toBe(all.some((one) => isInside([one], at)));
        const wide = all.map((one) => ({ ...one, to: one.from }));
        expect(nextOpening(wide, at)).not.toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  it('is as long as the wall says: an hour less in spring, an hour more in autumn', () => {
    const night = { days: ['saturday'], from: '22:00', to: '04:00', timeZone: 'Europe/Berlin' } as const;
    const length = (from: string) => {
      const opens = nextOpening([night], Date.parse(from)) ?? 0;
      return ((nextClosing([night], opens) ?? 0) - opens) / (60 * minute);
    };
    expect(length('2026-01-05T00:00:00Z')).toBe(6);
    expect(length('2026-03-27T00:00:00Z')).toBe(5);
    expect(length('2026-10-23T00:00:00Z')).toBe(7);
    const left = { days: ['sunday'], from: '02:00', to: '03:00', timeZone: 'Europe/Berlin' } as const;
    expect(nextOpening([left], Date.parse('2026-03-28T00:00:00Z'))).toBe(Date.parse('2026-04-05T00:00:00Z'));
    const cut = { ...left, from: '02:30', to: '04:00' };
    expect(nextOpening([cut], Date.parse('2026-03-28T00:00:00Z'))).toBe(Date.parse('2026-03-29T01:00:00Z'));
  });

  it('is always where there is none, and reads as words', () => {
    expect([isInside([], 0), nextOpening([], 5), nextClosing([], 5)]).toEqual([true, 5, null]);
    const whole = { days: [...weekdays], from: '00:00', to: '00:00', timeZone: 'UTC' };
    expect(nextClosing([whole], 0)).toBeNull();
    expect(changeWindowWords(whole)).toBe('daily 00:00–00:00 UTC');
    expect(changeWindowWords({ ...whole, days: ['sunday', 'saturday'] })).toBe('Sat, Sun 00:00–00:00 UTC');
  });
});
