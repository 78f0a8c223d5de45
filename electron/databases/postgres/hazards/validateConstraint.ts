import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './parse.ts';
import { workFinding } from './phrases.ts';
import { knownTable } from './tables.ts';
import { alterationOf } from './tree.ts';

/** Long, but beside readers and writers, unless a stronger lock is held already. */
export const validateConstraint: HazardRule<Parsed> = {
  code: 'validateConstraint',
  category: 'scansTable',
  look({ node, script }, context) {
    const alteration = alterationOf(node);
    if (alteration?.commands.some(({ subtype }) => subtype === 'AT_ValidateConstraint') !== true) return null;
    const table = knownTable(alteration.relation, context);
    const held = script.locks.get(table.key);
    const finding = workFinding(
      {
        does: 'Reads all rows of',
        table,
        lock: 'SHARE UPDATE EXCLUSIVE',
        ...(held === undefined
          ? {}
          : {
              because: `But line ${held.line} of the same transaction holds ${held.mode}, which stays meanwhile.`,
              remedy: 'Validate in a migration of its own.',
            }),
      },
      context,
    );
    return finding === null || held !== undefined ? finding : { ...finding, severity: 'notice' };
  },
};
