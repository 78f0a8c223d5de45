import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './parse.ts';
import { as } from './tree.ts';

/** A value added to an enumeration cannot be used before it is committed (55P04). */
export const enumValueUsed: HazardRule<Parsed> = {
  code: 'enumValueUsed',
  category: 'notTransactional',
  look({ node, script }, { statement }) {
    const added = as(node, 'AlterEnumStmt');
    // Renamed values have an old one.
    if (added !== undefined && added.oldVal === undefined) {
      if (script.isOpen && added.newVal !== undefined) script.enumValues.add(added.newVal);
      return null;
    }
    for (const value of script.enumValues)
      if (statement.text.includes(`'${value.replaceAll("'", "''")}'`))
        return {
          severity: 'warning',
          message: `Uses '${value}', which the same transaction adds to an enumeration: the server refuses that until it is committed, unless the type is new, too.`,
          remedy: 'Add the value in a migration of its own before this one.',
        };
    return null;
  },
};
