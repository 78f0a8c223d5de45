import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './reading.ts';

/** What the running application may still ask for is gone. */
export const dropsUsed: HazardRule<Parsed> = {
  code: 'dropsUsed',
  category: 'breaksApplication',
  look({ definition, script }, { isNew }) {
    const isTable = definition?.kind === 'dropTable';
    if (definition === null || !(isTable || definition.kind === 'dropColumn') || isNew(definition.table)) return null;
    // The old table of a rebuild, whose name the new one gets.
    if (isTable && script.copied.has(definition.table.toLowerCase())) return null;
    return {
      severity: 'warning',
      message: `Drops ${definition.kind === 'dropColumn' ? `${definition.column} of ` : ''}${definition.table}: an application that still names it fails from then on.`,
      remedy: 'First release an application that does not use it any more; drop it one release later.',
    };
  },
};
