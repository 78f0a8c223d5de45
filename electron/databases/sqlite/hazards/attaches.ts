import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './reading.ts';

/** Another file takes part. */
export const attaches: HazardRule<Parsed> = {
  code: 'attaches',
  category: 'externalEffect',
  look(_parsed, { traits }) {
    if (traits.verb !== 'ATTACH') return null;
    return {
      severity: 'warning',
      message:
        'ATTACH opens another file, and makes it if it is not there: the backup does not hold it, and in WAL mode a crash may commit in one file and not in the other.',
      remedy: 'Make it a migration of that other file.',
    };
  },
};
