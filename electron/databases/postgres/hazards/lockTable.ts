import type { HazardRule } from '../../../engine/hazards.ts';
import { blocksWrites } from './lockModes.ts';
import { locksOf } from './locks.ts';
import type { Parsed } from './parse.ts';
import { lockWords } from './phrases.ts';
import { knownTable } from './tables.ts';
import { as } from './tree.ts';

/** LOCK TABLE keeps others out for the rest of the transaction. */
export const lockTable: HazardRule<Parsed> = {
  code: 'lockTable',
  category: 'locksReads',
  look({ node }, context) {
    if (as(node, 'LockStmt') === undefined) return null;
    const [lock] = locksOf(node, context);
    const tables = locksOf(node, context).map(({ relation }) => knownTable(relation, context));
    const used = tables.filter(({ isUnused }) => !isUnused).map(({ name }) => name);
    if (lock === undefined || !blocksWrites(lock.mode) || used.length === 0) return null;
    return {
      severity: 'warning',
      ...(lock.mode === 'ACCESS EXCLUSIVE' ? {} : { category: 'locksWrites' as const }),
      message: `Locks ${used.join(' and ')} under ${lockWords(lock.mode, context)}, however long the statements after it take.`,
      remedy:
        'Take it as late as possible, with a lock_timeout, and only where the statement itself does not lock enough.',
    };
  },
};
