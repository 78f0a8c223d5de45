import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './parse.ts';
import { workFinding } from './phrases.ts';
import { knownTable } from './tables.ts';
import { addedColumns, alterationOf, columnConstraints } from './tree.ts';

/** A condition at a new column is verified for all rows, though they are alike. */
export const addColumnCheck: HazardRule<Parsed> = {
  code: 'addColumnCheck',
  category: 'scansTable',
  look({ node }, context) {
    const alteration = alterationOf(node);
    if (alteration === null) return null;
    const checked = addedColumns(alteration).some((column) =>
      columnConstraints(column).some(({ contype, is_enforced }) => contype === 'CONSTR_CHECK' && is_enforced === true),
    );
    if (!checked) return null;
    const table = knownTable(alteration.relation, context);
    return workFinding(
      {
        does: 'Reads all rows of',
        table,
        lock: 'ACCESS EXCLUSIVE',
        because: 'The new column has a CHECK.',
        remedy: 'Add the column alone, then the condition as NOT VALID, and validate it in a migration of its own.',
        rewrite: `ALTER TABLE ${table.sql} ADD CONSTRAINT … CHECK (…) NOT VALID;\n-- in a migration of its own:\nALTER TABLE ${table.sql} VALIDATE CONSTRAINT …;`,
      },
      context,
    );
  },
};
