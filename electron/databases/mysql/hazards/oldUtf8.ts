import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './reading.ts';

/** utf8mb3, which MySQL still calls utf8, holds no character beyond the first 65,536. */
export const oldUtf8: HazardRule<Parsed> = {
  code: 'oldUtf8',
  category: 'dataLoss',
  look({ plain }, { traits }) {
    if (traits.kind !== 'definition' || !/\b(?:CHARSET|CHARACTER SET)(?: =)? (?:UTF8|UTF8MB3)\b/.test(plain))
      return null;
    return {
      severity: 'notice',
      message:
        'utf8 (utf8mb3) has no room for emoji and rarer scripts: such texts are refused, or cut where sql_mode is not strict. Servers are giving it up.',
      remedy: 'Use utf8mb4.',
    };
  },
};
