import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './parse.ts';
import { as } from './tree.ts';

/** Such statements are sent alone, and stay when a later one fails. */
export const refusesTransaction: HazardRule<Parsed> = {
  code: 'refusesTransaction',
  category: 'notTransactional',
  look({ node }, { traits }) {
    if (!traits.refusesTransaction) return null;
    const builds = as(node, 'IndexStmt') !== undefined || traits.verb.startsWith('REINDEX');
    return {
      severity: 'notice',
      message: `${traits.verb} refuses a transaction: it stays when a later statement fails.${
        builds
          ? ' It waits for every transaction that is open in the database, also one that only reads; if it fails or is cancelled it leaves an invalid index.'
          : ''
      }`,
      remedy: builds
        ? 'Leave it alone in its migration, without lock_timeout, while no long transaction and no dump is running.'
        : 'Leave it alone in a migration without a transaction.',
    };
  },
};
