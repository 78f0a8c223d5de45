import { describe, expect, test } from 'vitest';
import { amountScale, median, niceStep, timeScale } from '../../renderer/features/history/chartScale.ts';

describe('amounts', () => {
  test('near each other begin at nothing', () => {
    const { place, ticks } = amountScale([120, 340, 900]);
    expect(ticks).toEqual([0, 500, 1000]);
    expect([place(0), place(500), place(1000)]).toEqual([0, 0.5, 1]);
  });

  test('far apart go by powers of ten, so that small ones are seen', () => {
    const { place, ticks } = amountScale([3, 40_000]);
    expect(ticks).toEqual([1, 10, 100, 1000, 10_000, 100_000]);
    expect(place(1)).toBe(0);
    expect(place(100_000)).toBe(1);
    expect(place(0)).toBe(0);
    expect(place(3)).toBeGreaterThan(0.05);
  });

  test.each([[[]], [[0]], [[0, 0]]])('of %j lie at the bottom', (values) => {
    const { place, ticks } = amountScale(values);
    expect([place(0), ticks]).toEqual([0, [0]]);
  });

  test('every value lies on the axis', () => {
    for (const values of [[1], [7, 7], [1, 99], [1, 100], [1, 101], [0.2, 5e9]]) {
      const { place } = amountScale(values);
      for (const value of values) {
        expect(place(value)).toBeGreaterThanOrEqual(0);
        expect(place(value)).toBeLessThanOrEqual(1);
      }
    }
  });
});

test.each([
  [0.3, 0.5],
  [1, 1],
  [1.1, 2],
  [5, 5],
  [6, 10],
  [230, 500],
])('the step for %d is %d', (least, step) => {
  expect(niceStep(least)).toBe(step);
});

describe('moments', () => {
  test('lie between first and last', () => {
    const { place, ticks } = timeScale([2000, 1000, 3000], 3);
    expect(ticks).toEqual([1000, 2000, 3000]);
    expect(place(1500)).toBe(0.25);
  });

  test('one alone lies in the middle, none nowhere', () => {
    expect(timeScale([5], 4)).toMatchObject({ ticks: [5] });
    expect(timeScale([5, 5], 4).place(5)).toBe(0.5);
    expect(timeScale([], 4).ticks).toEqual([]);
  });
});

test.each([
  [[], null],
  [[4], 4],
  [[9, 1, 5], 5],
  [[4, 1, 3, 2], 2.5],
])('the median of %j is %s', (values, expected) => {
  expect(median(values)).toBe(expected);
});
