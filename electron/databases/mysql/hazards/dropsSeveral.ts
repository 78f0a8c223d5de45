import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './reading.ts';
import { tablesAfter } from './reading.ts';

/** MariaDB drops one after the other, and keeps at it when one of them fails. */
export const dropsSeveral: HazardRule<Parsed> = {
  code: 'dropsSeveral',
  category: 'notTransactional',
  look({ server }, { statement, traits }) {
    if (traits.kind !== 'definition' || !traits.verb.startsWith('DROP') || server.isMysql(8, 0)) return null;
    const names = tablesAfter(statement.text, 'DROP TABLE', 'DROP TABLES', 'DROP VIEW', 'DROP SEQUENCE');
    if (names.length < 2) return null;
    return {
      severity: 'notice',
      message: `Drops ${names.length} objects that MariaDB drops one by one: if one fails, those before it are gone. Lockkeeper sends each alone, and knows which were dropped.`,
      remedy: 'One statement each says the same, and is easier to go on with.',
    };
  },
};
