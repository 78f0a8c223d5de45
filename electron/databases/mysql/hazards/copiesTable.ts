import type { HazardRule } from '../../../engine/hazards.ts';
import { online, usedChange, verb } from './changes.ts';
import { isHandedOver } from './handedOver.ts';
import type { Parsed } from './reading.ts';

/** ALGORITHM=COPY: every row is written to a new table, and writers wait. */
export const copiesTable: HazardRule<Parsed> = {
  code: 'copiesTable',
  category: 'locksWrites',
  look(parsed, context) {
    const used = usedChange(parsed, context);
    if (isHandedOver(parsed, context)) return null;
    if (used === null || used.cost.algorithm !== 'COPY') return null;
    const { cost, words, grade } = used;
    const waits = cost.lock === 'NONE' ? 'reads and writes go on' : 'reads go on, writes wait';
    return {
      severity: grade,
      ...(cost.lock === 'NONE' ? { category: 'rewritesTable' as const } : {}),
      message: `${verb(cost, 'Copies', 'May copy')} ${words} row by row (ALGORITHM=COPY): ${waits} until it is done, the disk holds it twice, and replicas fall behind by as long.`,
      remedy: online,
    };
  },
};
