import { describe, expect, it } from 'vitest';
import { compare, countStatuses, isPending } from '../../electron/engine/compare.ts';
import { entry, migration } from './values.ts';

const statuses = (...args: Parameters<typeof compare>) =>
  compare(...args).rows.map((row) => [row.migration?.version ?? row.entry?.historyKey, row.status]);

describe('compare', () => {
  it('calls everything pending on an empty history, with no current version', () => {
    const result = compare([migration('1'), migration('2')], [], { outOfOrder: 'refused' });
    expect(result.current).toBeNull();
    expect(countStatuses(result.rows)).toMatchObject({ pending: 2, applied: 0 });
  });

  it('takes the newest applied migration in the order of the tool as current, not the last row', () => {
    const result = compare([migration('1'), migration('2')], [entry('2'), entry('1')], { outOfOrder: 'allowed' });
    expect(result.current).toBe('2');
  });

  it('tells a changed file by its checksum, and only when both sides have one', () => {
    const files = [migration('1', { checksum: 'a' }), migration('2', { checksum: 'b' }), migration('3')];
    const entries = [entry('1', { checksum: 'a' }), entry('2', { checksum: 'x' }), entry('3', { checksum: 'y' })];
    expect(statuses(files, entries, { outOfOrder: 'refused' })).toEqual([
      ['1', 'applied'],
      ['2', 'changed'],
      ['3', 'applied'],
    ]);
  });

  it('calls a changed repeatable outdated, and pending again', () => {
    const { rows } = compare(
      [migration('r', { kind: 'repeatable', checksum: 'new' })],
      [entry('r', { checksum: 'old' })],
      {
        outOfOrder: 'refused',
      },
    );
    expect(rows[0]?.status).toBe('outdated');
    expect(rows.every(isPending)).toBe(true);
  });

  it('binds only versions to their order, and of them only those that may not come later', () => {
    const files = [
      migration('1'),
      migration('b', { kind: 'baseline' }),
      migration('2', { anyOrder: true }),
      migration('3'),
      migration('r', { kind: 'repeatable' }),
    ];
    expect(statuses(files, [entry('r')], { outOfOrder: 'refused' }).slice(0, 4)).toEqual([
      ['1', 'pending'],
      ['b', 'pending'],
      ['2', 'pending'],
      ['3', 'pending'],
    ]);
    const result = compare(files, [entry('3'), entry('r')], { outOfOrder: 'refused' });
    expect(result.current).toBe('3');
    expect(result.rows.map(({ status }) => status)).toEqual(['outOfOrder', 'pending', 'pending', 'applied', 'applied']);
  });

  it('misses no file of a baseline', () => {
    const old = [entry('1', { state: 'baseline' }), entry('2', { state: 'applied' })];
    expect(statuses([migration('3')], old, { outOfOrder: 'refused' })).toEqual([
      ['1', 'baseline'],
      ['2', 'missing'],
      ['3', 'pending'],
    ]);
  });

  it('takes any checksum that stands for the same content', () => {
    const file = migration('1', { checksum: 'lf', otherChecksums: ['crlf'] });
    expect(statuses([file], [entry('1', { checksum: 'crlf' })], { outOfOrder: 'refused' })).toEqual([['1', 'applied']]);
    expect(statuses([file], [entry('1', { checksum: 'x' })], { outOfOrder: 'refused' })).toEqual([['1', 'changed']]);
  });

  it('ignores what is not meant for this database, unless it is applied there', () => {
    const elsewhere = { ignored: 'It is for another engine.' };
    expect(
      statuses([migration('1', elsewhere), migration('2', elsewhere)], [entry('2')], { outOfOrder: 'refused' }),
    ).toEqual([
      ['1', 'ignored'],
      ['2', 'applied'],
    ]);
  });

  it('calls what runs always outdated again after each run', () => {
    const { rows } = compare([migration('1', { runAlways: true })], [entry('1')], { outOfOrder: 'refused' });
    expect(rows[0]?.status).toBe('outdated');
  });

  it('puts an entry without a file where the history has it', () => {
    expect(
      statuses([migration('1'), migration('3')], [entry('1'), entry('2'), entry('3')], { outOfOrder: 'refused' }),
    ).toEqual([
      ['1', 'applied'],
      ['2', 'missing'],
      ['3', 'applied'],
    ]);
  });

  it.each([
    ['refused', 'outOfOrder'],
    ['warned', 'outOfOrder'],
    ['allowed', 'pending'],
  ] as const)('with out of order %s calls an older unapplied migration %s', (outOfOrder, expected) => {
    expect(statuses([migration('1'), migration('2')], [entry('2')], { outOfOrder })).toEqual([
      ['1', expected],
      ['2', 'applied'],
    ]);
  });

  it.each([
    ['failed', 'failed'],
    ['executing', 'interrupted'],
    ['reverted', 'reverted'],
  ] as const)('offers a %s entry again as %s', (state, status) => {
    const { rows, current } = compare([migration('1')], [entry('1', { state })], { outOfOrder: 'refused' });
    expect(rows[0]?.status).toBe(status);
    expect(rows.every(isPending)).toBe(true);
    expect(current).toBeNull();
  });
});
