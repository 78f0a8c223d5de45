import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './reading.ts';

/** Inside of a transaction this pragma does nothing, and says nothing. */
export const foreignKeysIgnored: HazardRule<Parsed> = {
  code: 'foreignKeysIgnored',
  category: 'sessionSetting',
  look({ pragma, script }, { transactional, traits }) {
    if (pragma?.name !== 'FOREIGN_KEYS' || pragma.value === null) return null;
    const isBefore = traits.beforeTransaction === true && script.atHead;
    if (isBefore || !(script.inTransaction || transactional)) return null;
    return {
      severity: 'danger',
      message:
        'PRAGMA foreign_keys does nothing inside a transaction, and says nothing: what follows runs as if it were not there.',
      remedy: 'Put it before all other statements of the script, or make it a script without a transaction.',
    };
  },
};
