import { expect, test } from 'vitest';
import { timingsOf } from '../../renderer/features/migrations/timings.ts';
import type { StepDuration } from '../../shared/model/trends.ts';

const step = (environment: string, durationMs: number, changes: Partial<StepDuration> = {}): StepDuration => ({
  ...{
    at: '2026-01-02T03:04:05.000Z',
    version: '1',
    name: 'people',
    action: 'apply',
    run: `${environment}${durationMs}`,
  },
  environment,
  durationMs,
  ...changes,
});
const trendsOf = (...steps: readonly StepDuration[]) => ({ steps, runs: [], backups: [], shortened: false });
const people = { version: '1', name: 'people' };

test('the environment in question comes first, then the others by name, all on one scale', () => {
  const trends = trendsOf(step('c', 100), step('a', 50), step('b', 400), step('b', 200), step('b', 300));
  const { environments = [], range } = timingsOf(trends, people, 'b') ?? {};
  expect(environments.map(({ environment, median }) => [environment, median])).toEqual([
    ['b', 300],
    ['a', 50],
    ['c', 100],
  ]);
  expect(range).toEqual([0, 400]);
  expect(environments.flatMap(({ timings }) => timings.map(({ place }) => place))).toEqual([1, 0.5, 0.75, 0.125, 0.25]);
});

test('another migration of that version, and a rollback, are not of it', () => {
  expect(
    timingsOf(trendsOf(step('a', 1, { name: 'towns' }), step('a', 1, { action: 'revert' })), people, 'a'),
  ).toBeNull();
});
