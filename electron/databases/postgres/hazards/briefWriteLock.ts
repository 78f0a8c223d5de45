import type { HazardRule } from '../../../engine/hazards.ts';
import { blocksWrites } from './lockModes.ts';
import { locksOf } from './locks.ts';
import type { Parsed } from './parse.ts';
import { limitWait, lockWords } from './phrases.ts';
import { knownTable } from './tables.ts';

/** As `briefLock`, where readers go on. */
export const briefWriteLock = (others: readonly HazardRule<Parsed>[]): HazardRule<Parsed> => ({
  code: 'briefWriteLock',
  category: 'locksWrites',
  look(parsed, context) {
    const locks = locksOf(parsed.node, context)
      .filter(({ mode }) => blocksWrites(mode) && mode !== 'ACCESS EXCLUSIVE')
      .map(({ relation, mode }) => ({ mode, table: knownTable(relation, context) }))
      .filter(({ table }) => !table.isUnused);
    const told = locks.length === 0 ? '' : others.map(({ look }) => look(parsed, context)?.message ?? '').join(' ');
    const silent = locks.filter(({ mode, table }) => !(told.includes(mode) && told.includes(table.name)));
    const [first] = silent;
    if (first === undefined) return null;
    const names = [...new Set(silent.map(({ table }) => table.whole))].join(' and ');
    return {
      severity: 'notice',
      message: `Locks ${names} for a moment under ${lockWords(first.mode, context)}. It waits for every transaction that writes there, and writers who come later wait behind it.`,
      remedy: limitWait,
    };
  },
});
