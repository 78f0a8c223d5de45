import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './reading.ts';

/** The statements after it mean another database. */
export const otherDatabase: HazardRule<Parsed> = {
  code: 'otherDatabase',
  category: 'sessionSetting',
  look(_parsed, { traits }) {
    if (traits.verb !== 'USE') return null;
    return {
      severity: 'warning',
      message:
        'USE goes to another database: tables named without one are looked for there until the migration ends, and its backup does not hold them.',
      remedy: 'Make it a migration of that other database.',
    };
  },
};
