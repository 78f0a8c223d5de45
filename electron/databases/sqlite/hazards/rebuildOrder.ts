import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './reading.ts';

/** A table that is renamed away takes the references to it along (sqlite.org/lang_altertable.html, section 7). */
export const rebuildOrder: HazardRule<Parsed> = {
  code: 'rebuildOrder',
  category: 'breaksApplication',
  look({ definition, script }, { sizeOf }) {
    if (definition?.kind !== 'createTable') return null;
    const old = script.renamed.get(definition.table.toLowerCase());
    const referring = sizeOf(definition.table)?.referredBy ?? [];
    if (old === undefined || referring.length === 0) return null;
    return {
      severity: 'danger',
      message: `${definition.table} was renamed to ${old} and is made anew: the foreign keys of ${referring.map(({ table }) => table).join(', ')}, and views and triggers, now mean ${old}, and break when it is dropped.`,
      remedy: 'Make the new table under another name, copy, drop the old one, and rename the new one last.',
    };
  },
};
