import { expect, test } from 'vitest';
import { wordAt } from '../../renderer/components/failureMarks.ts';

test.each([
  ['alter table ordrs add', 12, { start: 12, end: 17 }],
  ['select ;', 7, { start: 7, end: 8 }],
  ['select größe_1 from', 7, { start: 7, end: 14 }],
  ['select', 6, null],
  ['select', -1, null],
])('the word in %j at %i', (text, offset, expected) => {
  expect(wordAt(text, offset)).toEqual(expected);
});
