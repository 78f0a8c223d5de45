import { describe, expect, test } from 'vitest';
import {
  formatAge,
  formatBytes,
  formatCount,
  formatDuration,
  formatElapsed,
  formatTime,
  shortDigest,
} from '../../renderer/format.ts';

describe('durations', () => {
  test.each([
    [0, '0 ms'],
    [84.4, '84 ms'],
    [999, '999 ms'],
    [12_400, '12 s'],
    [60_000, '1 min'],
    [250_000, '4 min 10 s'],
    [3_600_000, '1 h'],
    [7_500_000, '2 h 5 min'],
  ])('%d ms is %s', (ms, words) => {
    expect(formatDuration(ms)).toBe(words);
  });

  test.each([
    [-5, '0:00'],
    [7_900, '0:07'],
    [760_000, '12:40'],
    [3_723_000, '1:02:03'],
  ])('a clock of %d ms shows %s', (ms, words) => {
    expect(formatElapsed(ms)).toBe(words);
  });
});

describe('sizes', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [131_072, '131 kB'],
    [999_600, '1 MB'],
    [182e9, '182 GB'],
  ])('%d bytes are %s', (bytes, words) => {
    expect(formatBytes(bytes)).toBe(words);
  });
});

describe('moments', () => {
  const now = new Date('2026-11-20T12:00:00Z');

  test('an age names its largest unit', () => {
    expect(formatAge('2026-11-20T11:59:40Z', now.getTime())).toBe('just now');
    expect(formatAge('2026-11-20T09:00:00Z', now.getTime())).toContain('3');
    expect(formatAge('2026-11-19T11:00:00Z', now.getTime())).toBe('yesterday');
  });

  test('only another year is written out', () => {
    expect(formatTime('2025-03-01T10:00:00Z', now)).toContain('2025');
    expect(formatTime('2026-03-01T10:00:00Z', now)).not.toContain('2026');
  });

  test('what is no moment is shown as it came', () => {
    expect(formatTime('soon')).toBe('soon');
    expect(formatAge('soon')).toBe('soon');
  });
});

test('counts are in the singular for one only', () => {
  expect(formatCount(0, 'step')).toBe('0 steps');
  expect(formatCount(1, 'step')).toBe('1 step');
  expect(formatCount(2, 'needs attention', 'need attention')).toBe('2 need attention');
});

test('short checksums are shown whole, digests by their beginning', () => {
  expect(shortDigest('-193472391')).toBe('-193472391');
  expect(shortDigest('a'.repeat(64))).toBe('aaaaaaaa…');
});
