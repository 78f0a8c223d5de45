/** How far the tour is, from what it remembers, the page that is open and the runs that were made. Pure. */
import type { RunSummary } from '../../../shared/model/run.ts';
import { type Tour, type TourStep, tourMigrations, tourSteps } from '../../../shared/model/tour.ts';
import type { Route } from '../../router.ts';

/** Null: all are done. */
export const currentStep = ({ done }: Pick<Tour, 'done'>): TourStep | null =>
  tourSteps.find((step) => !done.includes(step)) ?? null;

/** The page that a step is about. */
export function pageOf(step: TourStep, id: string): Route {
  switch (step) {
    case 'plan':
      return { screen: 'environment', id, tab: 'plan', run: null };
    case 'changed':
      return { screen: 'migration', id, version: tourMigrations.changed };
    case 'risky':
      return { screen: 'migration', id, version: tourMigrations.risky };
    case 'migrate':
      return { screen: 'migrate', id, target: { direction: 'up', to: tourMigrations.harmless } };
    case 'rollBack':
      return { screen: 'migrate', id, target: { direction: 'down', version: tourMigrations.harmless } };
  }
}

const actions = { migrate: 'up', rollBack: 'down' } as const;

/** The last run of this step since the tour began; null: there is none, or the step is none that runs. */
export function runOf(step: TourStep, tour: Tour, runs: readonly RunSummary[]): RunSummary | null {
  if (step !== 'migrate' && step !== 'rollBack') return null;
  return (
    runs.find(
      ({ action, startedAt, versions }) =>
        action === actions[step] && startedAt >= tour.since && versions.includes(tourMigrations.harmless),
    ) ?? null
  );
}

/** Milliseconds from its beginning to the end of its last run; null: it is not over. */
export function tookOf(tour: Tour, runs: readonly RunSummary[]): number | null {
  const ended = runOf('rollBack', tour, runs)?.finishedAt ?? null;
  return ended === null ? null : Date.parse(ended) - Date.parse(tour.since);
}
