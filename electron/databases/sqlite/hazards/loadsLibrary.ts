import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './reading.ts';

/** A library’s code runs in the process. */
export const loadsLibrary: HazardRule<Parsed> = {
  code: 'loadsLibrary',
  category: 'externalEffect',
  look({ plain }) {
    if (!/\bLOAD_EXTENSION \(/.test(plain)) return null;
    return {
      severity: 'danger',
      message:
        'load_extension runs a library’s code in the process that opens the file. Lockkeeper’s sessions refuse it.',
      remedy: 'Write it without the extension.',
    };
  },
};
