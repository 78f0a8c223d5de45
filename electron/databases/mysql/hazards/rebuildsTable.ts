import type { HazardRule } from '../../../engine/hazards.ts';
import { atMost, online, usedChange, verb } from './changes.ts';
import { isHandedOver } from './handedOver.ts';
import type { Parsed } from './reading.ts';

/** ALGORITHM=INPLACE with a rebuild: every row is written anew while others work, or wait. */
export const rebuildsTable: HazardRule<Parsed> = {
  code: 'rebuildsTable',
  category: 'rewritesTable',
  look(parsed, context) {
    const used = usedChange(parsed, context);
    if (isHandedOver(parsed, context)) return null;
    if (used === null || used.cost.algorithm !== 'INPLACE') return null;
    const { cost, words, grade } = used;
    const isOnline = cost.lock === 'NONE';
    return {
      severity: isOnline ? atMost(grade, 'warning') : grade,
      ...(isOnline ? {} : { category: 'locksWrites' as const }),
      message: `${verb(cost, 'Rebuilds', 'May rebuild')} ${words}: ${isOnline ? 'reads and writes go on' : 'reads go on, writes wait until it is done'}, the disk holds it twice, and replicas fall behind by as long.`,
      ...(isOnline
        ? { remedy: 'Run it at a quiet time, with room on the disk for the table and its indexes.' }
        : { remedy: online }),
    };
  },
};
