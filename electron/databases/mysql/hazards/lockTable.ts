import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './reading.ts';

/** Locks that are held until they are given back, or the session ends. */
export const lockTable: HazardRule<Parsed> = {
  code: 'lockTable',
  category: 'locksWrites',
  look({ plain }, { traits }) {
    if (traits.tableLocks !== 'taken') return null;
    const isAll = traits.verb.startsWith('FLUSH');
    const isWrite = !isAll && /\bWRITE\b/.test(plain);
    return {
      severity: isAll ? 'danger' : 'warning',
      ...(isWrite ? { category: 'locksReads' as const } : {}),
      message: isAll
        ? 'FLUSH TABLES … WITH READ LOCK waits for every statement on the server, and then nobody writes anything until UNLOCK TABLES.'
        : `LOCK TABLES keeps others from ${isWrite ? 'reading and writing' : 'writing'} these tables until UNLOCK TABLES, and commits what came before; while it holds, only these tables can be used.`,
      remedy: 'One statement locks what it needs by itself; SELECT … FOR UPDATE locks rows only.',
    };
  },
};
