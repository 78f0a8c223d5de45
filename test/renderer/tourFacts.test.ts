import { expect, test } from 'vitest';
import { currentStep, pageOf, runOf, tookOf } from '../../renderer/features/tour/tourFacts.ts';
import { formatRoute } from '../../renderer/router.ts';
import type { RunSummary } from '../../shared/model/run.ts';
import { type Tour, tourSteps } from '../../shared/model/tour.ts';

const tour: Tour = { state: 'on', environmentId: 'e', since: '2026-01-01T10:00:00.000Z', done: [] };
const run = (action: RunSummary['action'], minute: number, versions: readonly string[]): RunSummary => ({
  id: `${action}${minute}`,
  environment: 'bakery-test',
  action,
  outcome: 'succeeded',
  actor: 'anna',
  startedAt: new Date(Date.parse(tour.since) + minute * 60_000).toISOString(),
  finishedAt: new Date(Date.parse(tour.since) + minute * 60_000 + 30_000).toISOString(),
  versions,
});

test('steps come in order, whatever was done out of it', () => {
  expect(currentStep(tour)).toBe('plan');
  expect(currentStep({ done: ['plan', 'risky'] })).toBe('changed');
  expect(currentStep({ done: [...tourSteps] })).toBeNull();
});

test('each step has a page of its own', () => {
  const pages = tourSteps.map((step) => formatRoute(pageOf(step, 'e')));
  expect(new Set(pages).size).toBe(tourSteps.length);
  expect(pages.at(-1)).toBe('#/environments/e/migrate?direction=down&version=1.7.0');
});

test('only runs since the beginning, of the harmless migration, are of the tour', () => {
  const before = run('up', -5, ['1.7.0']);
  const other = run('up', 2, ['1.8.0']);
  const own = run('up', 1, ['1.7.0']);
  const back = run('down', 3, ['1.7.0']);
  expect(runOf('migrate', tour, [before, other])).toBeNull();
  expect(runOf('migrate', tour, [other, own, before])).toBe(own);
  expect(runOf('plan', tour, [own])).toBeNull();
  expect(runOf('rollBack', tour, [own])).toBeNull();
  expect(tookOf(tour, [own])).toBeNull();
  expect(tookOf(tour, [back, own])).toBe(210_000);
});
