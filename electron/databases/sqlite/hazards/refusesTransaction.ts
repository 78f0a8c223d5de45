import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './reading.ts';

/** Refused inside of a transaction: the run would stop here. */
export const refusesTransaction: HazardRule<Parsed> = {
  code: 'refusesTransaction',
  category: 'notTransactional',
  look({ script, pragma }, { traits, transactional }) {
    if (!traits.refusesTransaction || (traits.beforeTransaction === true && script.atHead)) return null;
    if ((pragma !== null && pragma.value === null) || !(script.inTransaction || transactional)) return null;
    return {
      severity: 'warning',
      message: `${traits.verb} is refused inside of a transaction, and one is open.`,
      remedy: 'Give it a migration of its own, which runs without one.',
    };
  },
};
