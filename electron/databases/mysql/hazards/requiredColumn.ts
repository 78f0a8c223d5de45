import type { HazardRule } from '../../../engine/hazards.ts';
import { usedChange } from './changes.ts';
import type { Parsed } from './reading.ts';

/** A column that every INSERT has to name from now on. */
export const requiredColumn: HazardRule<Parsed> = {
  code: 'requiredColumn',
  category: 'breaksApplication',
  look(parsed, context) {
    const used = usedChange(parsed, context);
    const added = used?.clauses.find(
      (clause) =>
        clause.kind === 'addColumn' &&
        clause.column.notNull &&
        clause.column.default === 'none' &&
        clause.column.generated === null &&
        !clause.column.autoIncrement,
    );
    if (used === null || added?.kind !== 'addColumn') return null;
    return {
      severity: 'warning',
      message: `Adds ${added.column.name} to ${used.table.name} as NOT NULL without a default: rows that are there get an empty value, and in strict mode every INSERT that does not name it fails from then on.`,
      remedy: 'Give it a default, or add it nullable until the application fills it.',
    };
  },
};
