import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './reading.ts';

/** The old and the new release of an application cannot both find it. */
export const renamesUsed: HazardRule<Parsed> = {
  code: 'renamesUsed',
  category: 'breaksApplication',
  look({ definition }, { isNew }) {
    if (definition?.kind !== 'renameTable' && definition?.kind !== 'renameColumn') return null;
    if (isNew(definition.table)) return null;
    const column = definition.kind === 'renameColumn' ? `${definition.column} of ` : '';
    return {
      severity: 'warning',
      message: `Renames ${column}${definition.table}: an application that uses the old name fails from then on. References, views and triggers follow the new name.`,
      remedy:
        column === ''
          ? 'Leave a view of the old name behind until nothing uses it.'
          : 'Add the new column, keep both equal by triggers, and drop the old one when no release uses it.',
    };
  },
};
