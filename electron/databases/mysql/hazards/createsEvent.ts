import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './reading.ts';

/** The scheduler runs it later, in sessions of its own. */
export const createsEvent: HazardRule<Parsed> = {
  code: 'createsEvent',
  category: 'externalEffect',
  look({ plain }, { traits }) {
    if (traits.kind !== 'definition' || !/^(?:CREATE|ALTER)\b.*? EVENT\b/.test(plain.slice(0, 200))) return null;
    if (/ (?:TABLE|VIEW|TRIGGER|PROCEDURE|FUNCTION|USER|ROLE|INDEX) /.test(plain.slice(0, plain.indexOf(' EVENT'))))
      return null;
    return {
      severity: 'warning',
      message:
        'Schedules an event: the server runs it by itself, beside every later migration, on restored copies too while the scheduler is on.',
      remedy:
        'Create it DISABLE, and enable it when everything it needs is there; it has no effect while event_scheduler is off.',
    };
  },
};
