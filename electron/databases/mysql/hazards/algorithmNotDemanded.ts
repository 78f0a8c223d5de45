import type { HazardRule } from '../../../engine/hazards.ts';
import { sizeLimits } from '../../common/hazards/sizes.ts';
import { demandingCost, usedChange } from './changes.ts';
import type { Parsed } from './reading.ts';

/** A server that cannot do it the way that was expected takes a dearer one in silence. */
export const algorithmNotDemanded: HazardRule<Parsed> = {
  code: 'algorithmNotDemanded',
  category: 'locksWrites',
  look(parsed, context) {
    const used = usedChange(parsed, context);
    if (used === null || parsed.change?.alteration.algorithm !== null) return null;
    const { cost, clauses, words, table } = used;
    if (cost.algorithm === 'COPY' || clauses.some(({ kind }) => kind === 'partition' || kind === 'unknown'))
      return null;
    if (table.size !== null && table.size.bytes < sizeLimits.small) return null;
    const rewrite = demandingCost(parsed);
    return {
      severity: table.size !== null && table.size.bytes >= sizeLimits.large ? 'warning' : 'notice',
      message: `Leaves to the server how it changes ${words}: another version, or a table that differs, is copied in silence while writes wait.`,
      remedy: 'Demand the algorithm and the lock: a server that cannot do it so refuses at once and changes nothing.',
      ...(rewrite === null ? {} : { rewrite }),
    };
  },
};
