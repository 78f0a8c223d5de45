import { expect, test } from 'vitest';
import { durationMs, listed, yesOrNo } from '../../../electron/tools/common/metadata.ts';

test.each([
  ['250ms', 250],
  ['90s', 90_000],
  ['5m', 300_000],
  ['1h 30m', 5_400_000],
  ['1.5 hours', 5_400_000],
  ['2 minutes 10 sec', 130_000],
  ['10 MIN', 600_000],
  ['5', null],
  ['soon', null],
  ['5 months', null],
  ['5m or so', null],
  ['', null],
])('the duration %j is %j ms', (text, ms) => {
  expect(durationMs(text)).toBe(ms);
});

test('yes, no and lists', () => {
  expect([yesOrNo('Yes'), yesOrNo('false'), yesOrNo('perhaps')]).toEqual([true, false, null]);
  expect(listed(' a, b ,, c')).toEqual(['a', 'b', 'c']);
});
