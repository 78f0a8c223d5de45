import { expect, test } from 'vitest';
import {
  type Measured,
  migrationChoices,
  migrationKey,
  mostSeries,
  seriesOf,
  summaryOf,
} from '../../renderer/features/history/trendFacts.ts';

const measured = (environment: string, value: number, at = '2026-01-01T00:00:00Z'): Measured => ({
  id: `${environment} ${value} ${at}`,
  at,
  environment,
  value,
  what: '1 a',
  run: 'r',
});

test('each environment is a series in its colour, those with most points first, and not more than can be told apart', () => {
  const many = Array.from({ length: mostSeries + 3 }, (_, index) => measured(`e${index}`, 1));
  const series = seriesOf([measured('a', 1), measured('b', 2), measured('b', 3), ...many], new Map([['b', 'red']]));
  expect(series.length).toBe(mostSeries);
  expect(series[0]).toMatchObject({ name: 'b', colour: 'red' });
  expect(series[0]?.points.map(({ value, title }) => [value, title])).toEqual([
    [2, '1 a on b'],
    [3, '1 a on b'],
  ]);
  expect(series[1]).toMatchObject({ name: 'a', colour: 'grey' });
});

test('a summary has the last, the middle and the largest value', () => {
  expect(summaryOf([measured('a', 30), measured('a', 10), measured('b', 20)], String)).toBe(
    'last 20, median 20, most 30',
  );
  expect(summaryOf([], String)).toBeNull();
});

test('a migration is its version and its name, newest first and once', () => {
  const step = (version: string, name: string) =>
    ({ at: '', environment: 'a', version, name, action: 'apply', durationMs: 1, run: 'r' }) as const;
  const choices = migrationChoices([step('1', 'a'), step('2', ''), step('1', 'b'), step('1', 'a')]);
  expect(choices.map(({ key }) => key)).toEqual(['1 b', '2', '1 a']);
  expect(migrationKey(step('2', ''))).toBe('2');
});
