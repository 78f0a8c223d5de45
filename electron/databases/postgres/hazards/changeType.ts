import type { HazardRule } from '../../../engine/hazards.ts';
import { dialect } from '../dialect.ts';
import type { Parsed } from './parse.ts';
import { workFinding } from './phrases.ts';
import { knownTable } from './tables.ts';
import { alterationOf, as } from './tree.ts';
import { conversionCost } from './typeConversion.ts';

/** Most conversions write every row again; a few only change the catalogue. */
export const changeType: HazardRule<Parsed> = {
  code: 'changeType',
  category: 'rewritesTable',
  look({ node }, context) {
    const alteration = alterationOf(node);
    if (alteration === null) return null;
    const table = knownTable(alteration.relation, context);
    for (const { subtype, name = '', def } of alteration.commands) {
      const column = as(def, 'ColumnDef');
      if (subtype !== 'AT_AlterColumnType' || column === undefined) continue;
      const cost = conversionCost(table.size?.details?.columns[name] ?? null, { column, name }, context.facts);
      if (cost === null) continue;
      return workFinding(
        {
          does: 'Rewrites all rows and indexes of',
          table,
          lock: 'ACCESS EXCLUSIVE',
          because: `${dialect.quoteIdentifier(name)}: ${cost}`,
          remedy:
            'Add a column of the new type, keep it equal by a trigger, fill it in batches, then let the application use it and drop the old one.',
        },
        context,
      );
    }
    return null;
  },
};
