import type { HazardRule } from '../../../engine/hazards.ts';
import { usedChange } from './changes.ts';
import type { Parsed } from './reading.ts';

/** With foreign_key_checks off nobody looks at the rows that are there, then or later. */
export const unvalidatedForeignKey: HazardRule<Parsed> = {
  code: 'unvalidatedForeignKey',
  category: 'sessionSetting',
  look(parsed, context) {
    const used = usedChange(parsed, context);
    if (used === null || parsed.script.foreignKeyChecks) return null;
    const adds = used.clauses.some(
      (clause) => clause.kind === 'addForeignKey' || (clause.kind === 'addColumn' && clause.column.references),
    );
    if (!adds) return null;
    return {
      severity: 'warning',
      message: `Adds a foreign key to ${used.table.name} while foreign_key_checks is off: rows that break it stay, and no server ever tells.`,
      remedy:
        'Look for rows without their parents first and after, or add it with the checks on, which copies the table.',
    };
  },
};
