import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './parse.ts';
import { lockWords, queues } from './phrases.ts';
import { knownTable, quoted } from './tables.ts';
import { addedColumns, alterationOf, columnConstraints } from './tree.ts';

/** A new column's foreign key locks the other table, too; with a default all rows are looked up there. */
export const addColumnReference: HazardRule<Parsed> = {
  code: 'addColumnReference',
  category: 'locksWrites',
  look({ node }, context) {
    const alteration = alterationOf(node);
    if (alteration === null) return null;
    const [found] = addedColumns(alteration).flatMap((column) => {
      const constraints = columnConstraints(column);
      const pktable = constraints.find(({ contype }) => contype === 'CONSTR_FOREIGN')?.pktable;
      const hasDefault = constraints.some(({ contype }) => contype === 'CONSTR_DEFAULT');
      return pktable === undefined ? [] : [{ column, pktable, hasDefault }];
    });
    if (found === undefined) return null;
    const table = knownTable(alteration.relation, context);
    const parent = knownTable(found.pktable, context);
    if (table.isUnused && parent.isUnused) return null;
    const name = quoted(found.column.colname ?? '');
    const scans = found.hasDefault && !table.isUnused;
    return {
      severity: scans ? 'warning' : 'notice',
      ...(scans ? { category: 'scansTable' as const } : {}),
      message: `Locks ${table.name} under ${lockWords('ACCESS EXCLUSIVE', context)}; and ${parent.name} under ${lockWords('SHARE ROW EXCLUSIVE', context)}. ${scans ? 'Since the column has a default, every row is looked up.' : queues}`,
      remedy: 'Add the column alone, then the foreign key as NOT VALID, and validate it in a migration of its own.',
      rewrite: `ALTER TABLE ${table.sql} ADD COLUMN ${name} …;\nALTER TABLE ${table.sql} ADD CONSTRAINT … FOREIGN KEY (${name}) REFERENCES ${parent.sql} NOT VALID;\n-- in a migration of its own:\nALTER TABLE ${table.sql} VALIDATE CONSTRAINT …;`,
    };
  },
};
