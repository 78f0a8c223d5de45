import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './reading.ts';
import { grade, inFile } from './reading.ts';

/** VACUUM writes the whole file anew; VACUUM INTO writes another one. */
export const rewritesFile: HazardRule<Parsed> = {
  code: 'rewritesFile',
  category: 'rewritesTable',
  look({ plain }, { traits, facts }) {
    if (traits.verb !== 'VACUUM') return null;
    const size = facts.tables.values().next().value ?? null;
    if (/ INTO\b/.test(plain))
      return {
        severity: 'warning',
        category: 'externalEffect',
        message:
          'VACUUM INTO writes a copy of the whole database to another file: with all its data, beside the backups, and no rollback removes it.',
        remedy: 'Take a backup instead.',
      };
    return {
      severity: grade(size),
      message: `VACUUM writes ${inFile(size)} anew: nobody else writes meanwhile, and the disk needs up to twice its size.`,
      remedy: 'Run it at a quiet time, outside of migrations.',
    };
  },
};
