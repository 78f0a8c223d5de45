import type { HazardRule } from '../../../engine/hazards.ts';
import { locksOf } from './locks.ts';
import type { Parsed } from './parse.ts';
import { limitWait, lockWords, queues } from './phrases.ts';
import { knownTable } from './tables.ts';

/** A change of the catalogue takes moments; getting its lock may not. Silent where a rule of `others` names the lock. */
export const briefLock = (others: readonly HazardRule<Parsed>[]): HazardRule<Parsed> => ({
  code: 'briefLock',
  category: 'locksReads',
  look(parsed, context) {
    const tables = locksOf(parsed.node, context)
      .filter(({ mode }) => mode === 'ACCESS EXCLUSIVE')
      .map(({ relation }) => knownTable(relation, context))
      .filter(({ isUnused }) => !isUnused);
    if (tables.length === 0) return null;
    const told = others.map(({ look }) => look(parsed, context)?.message ?? '').join(' ');
    const silent = tables.filter(({ name }) => !(told.includes('ACCESS EXCLUSIVE') && told.includes(name)));
    if (silent.length === 0) return null;
    return {
      severity: 'notice',
      message: `Locks ${silent.map(({ whole }) => whole).join(' and ')} for a moment under ${lockWords('ACCESS EXCLUSIVE', context)}. ${queues}`,
      remedy: limitWait,
    };
  },
});
