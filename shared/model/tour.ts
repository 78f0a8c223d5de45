/** The tour of the demo: what a person is shown, and how far they are. */

/** In their order. The first three are done by looking, the last two by runs that succeeded. */
export const tourSteps = ['plan', 'changed', 'risky', 'migrate', 'rollBack'] as const;
export type TourStep = (typeof tourSteps)[number];

export interface Tour {
  /** `off`: it was never begun, or left. */
  readonly state: 'off' | 'on' | 'finished';
  /** The demo's environment that it is about. */
  readonly environmentId: string;
  /** Of its last beginning; ISO 8601 in UTC. Runs before it are no part of it. */
  readonly since: string;
  readonly done: readonly TourStep[];
}
