import type { HazardRule } from '../../../engine/hazards.ts';
import { usedChange } from './changes.ts';
import type { Parsed } from './reading.ts';

/** Whether it can be is known only when all rows were read. */
export const uniqueKey: HazardRule<Parsed> = {
  code: 'uniqueKey',
  category: 'scansTable',
  look(parsed, context) {
    const used = usedChange(parsed, context);
    const adds = used?.clauses.some(
      (clause) => clause.kind === 'addPrimaryKey' || (clause.kind === 'addIndex' && clause.type === 'unique'),
    );
    if (used === null || adds !== true) return null;
    return {
      severity: 'notice',
      message: `Makes values of ${used.table.name} unique: if two rows are equal, it fails after the work is done, and what ran before it stays.`,
      remedy: 'Look for equal rows first: SELECT … GROUP BY … HAVING COUNT(*) > 1.',
    };
  },
};
