import type { HazardRule } from '../../../engine/hazards.ts';
import { atMost, usedChange } from './changes.ts';
import type { Parsed } from './reading.ts';

/** An index made of all rows, without writing them. */
export const buildsIndex: HazardRule<Parsed> = {
  code: 'buildsIndex',
  category: 'scansTable',
  look(parsed, context) {
    const used = usedChange(parsed, context);
    if (used === null || used.cost.algorithm !== 'NOCOPY') return null;
    const { cost, clauses, words, grade } = used;
    if (!clauses.some(({ kind }) => kind === 'addIndex' || kind === 'addForeignKey')) return null;
    const isOnline = cost.lock === 'NONE';
    return {
      severity: isOnline ? atMost(grade, grade === 'danger' ? 'warning' : 'notice') : grade,
      ...(isOnline ? {} : { category: 'locksWrites' as const }),
      message: `Reads all of ${words} to build an index: ${isOnline ? 'reads and writes go on' : 'reads go on, writes wait until it is done'}.`,
      remedy: 'Run it at a quiet time; replicas do the same work after it.',
    };
  },
};
