import type { Target } from '../../shared/model/plan.ts';

/** The request of `up` and `plan` from their options. */
export const upTarget = (options: { to?: string; steps?: number }): Target => ({
  direction: 'up',
  ...(options.to === undefined ? {} : { to: options.to }),
  ...(options.steps === undefined ? {} : { steps: options.steps }),
});

/** The request of `down` and `plan --down`. */
export const downTarget = (options: { to?: string; steps?: number; version?: string }): Target => ({
  direction: 'down',
  ...(options.to === undefined ? {} : { to: options.to }),
  ...(options.steps === undefined ? {} : { steps: options.steps }),
  ...(options.version === undefined ? {} : { version: options.version }),
});
