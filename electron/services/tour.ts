/** The tour of the demo, kept in the workspace: a page of another address goes on with it. */
import { type Tour, type TourStep, tourSteps } from '../../shared/model/tour.ts';
import type { Context } from './context.ts';
import { createDemo, tourEnvironment } from './createDemo.ts';
import { findEnvironment } from './target.ts';

const key = 'tour';

/** Null: nobody began it, or its environment is gone. */
export function readTour(context: Context): Tour | null {
  const tour = context.workspace.settings.get<Tour>(key);
  return tour === null || context.workspace.environments.find(tour.environmentId) === null ? null : tour;
}

/** With the demo, as far as it is missing; goes on where it was left. @throws {ProblemError} as making the demo does */
export async function beginTour(context: Context): Promise<Tour> {
  await createDemo(context);
  const { id } = findEnvironment(context, tourEnvironment);
  const before = readTour(context);
  const goesOn = before !== null && before.environmentId === id && before.done.length < tourSteps.length;
  return keep(context, {
    state: 'on',
    environmentId: id,
    since: goesOn ? before.since : new Date(context.clock.now()).toISOString(),
    done: goesOn ? before.done : [],
  });
}

/** Null where there is none. */
export function markTour(context: Context, change: { readonly done?: TourStep; readonly left?: true }): Tour | null {
  const tour = readTour(context);
  if (tour === null) return null;
  const done = tourSteps.filter((step) => step === change.done || tour.done.includes(step));
  const state = change.left === true ? 'off' : done.length === tourSteps.length ? 'finished' : tour.state;
  return keep(context, { ...tour, done, state });
}

function keep(context: Context, tour: Tour): Tour {
  context.workspace.settings.set(key, tour);
  context.changes.publish({ kind: 'settings', environmentId: null });
  return tour;
}
