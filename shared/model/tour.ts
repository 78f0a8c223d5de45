/** The tour of the demo: what a person is shown, and how far they are. */

/** In their order. The first three are done by looking, the last two by runs that succeeded. */
export const tourSteps = ['plan', 'changed', 'risky', 'migrate', 'rollBack'] as const;
export type TourStep = (typeof tourSteps)[number];

/** Of the demo's folder: applied and then changed, harmless and pending, risky and pending. */
export const tourMigrations = { changed: '1.4.0', harmless: '1.7.0', risky: '1.8.0' } as const;

export interface Tour {
  /** `off`: it was left, or is over and was put away. */
  readonly state: 'off' | 'on' | 'finished';
  /** The demo's environment that it is about. */
  readonly environmentId: string;
  /** Of its last beginning; ISO 8601 in UTC. Runs before it are no part of it. */
  readonly since: string;
  readonly done: readonly TourStep[];
}
