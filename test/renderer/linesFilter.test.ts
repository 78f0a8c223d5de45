import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linesFilter } from '../../renderer/features/runs/linesFilter.ts';
import type { LogLine } from '../../renderer/features/runs/logLines.ts';

const lineOf = (seq: number, text: string): LogLine => ({
  ...{ seq, text, at: '2026-01-01T00:00:00.000Z', step: null, tone: 'quiet', raw: null, result: null },
});
const words = ['started', 'applied', 'failed'] as const;

test('a log that grows, loses its beginning, is another one or is filtered anew: always what a whole look would find', () => {
  const move = fc.oneof(
    fc.record({ kind: fc.constant('grow' as const), texts: fc.array(fc.constantFrom(...words), { maxLength: 4 }) }),
    fc.record({ kind: fc.constant('cut' as const), by: fc.nat(3) }),
    fc.record({ kind: fc.constant('other' as const), texts: fc.array(fc.constantFrom(...words), { maxLength: 4 }) }),
    fc.record({ kind: fc.constant('filter' as const), filter: fc.constantFrom('', 'st', ...words) }),
  );
  fc.assert(
    fc.property(fc.array(move, { maxLength: 20 }), (moves) => {
      const filtered = linesFilter();
      let lines: readonly LogLine[] = [];
      let filter = '';
      for (const one of moves) {
        const next = (lines.at(-1)?.seq ?? -1) + 1;
        if (one.kind === 'grow') lines = [...lines, ...one.texts.map((text, index) => lineOf(next + index, text))];
        if (one.kind === 'cut') lines = lines.slice(one.by);
        if (one.kind === 'other') lines = one.texts.map((text, index) => lineOf(index, text));
        if (one.kind === 'filter') filter = one.filter;
        expect(filtered(lines, filter)).toEqual(lines.filter(({ text }) => text.includes(filter)));
      }
    }),
  );
});

test('what was found stays the same value while nothing is added', () => {
  const filtered = linesFilter();
  const lines = [lineOf(0, 'started'), lineOf(1, 'applied')];
  const found = filtered(lines, 'applied');
  expect(filtered([...lines, lineOf(2, 'started')], 'applied')).toBe(found);
});
