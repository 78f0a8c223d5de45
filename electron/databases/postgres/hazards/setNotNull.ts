import type { HazardRule } from '../../../engine/hazards.ts';
import { hasProof, primaryKeyNeedsProof } from './notNull.ts';
import type { Parsed } from './parse.ts';
import { workFinding } from './phrases.ts';
import { knownTable, quoted } from './tables.ts';
import { alterationOf } from './tree.ts';

/** All rows are read, unless a valid CHECK proves it (PostgreSQL 12 and later). */
export const setNotNull: HazardRule<Parsed> = {
  code: 'setNotNull',
  category: 'scansTable',
  look({ node }, context) {
    const alteration = alterationOf(node);
    if (alteration === null) return null;
    const columns = [
      ...alteration.commands.flatMap(({ subtype, name }) => (subtype === 'AT_SetNotNull' ? [name ?? ''] : [])),
      ...primaryKeyNeedsProof(alteration),
    ];
    const unproven = columns.find((column) => !hasProof(alteration.relation, column, context));
    if (unproven === undefined) return null;
    const table = knownTable(alteration.relation, context);
    const column = quoted(unproven);
    return workFinding(
      {
        does: 'Reads all rows of',
        table,
        lock: 'ACCESS EXCLUSIVE',
        because: `No valid CHECK proves yet that ${column} has a value everywhere.`,
        remedy:
          'Prove it first with a CHECK that is validated beside writers: then nothing is read (PostgreSQL 12 and later).',
        rewrite: `ALTER TABLE ${table.sql} ADD CONSTRAINT proof CHECK (${column} IS NOT NULL) NOT VALID;\n-- in a migration of its own:\nALTER TABLE ${table.sql} VALIDATE CONSTRAINT proof;\n-- in another one:\nALTER TABLE ${table.sql} ALTER COLUMN ${column} SET NOT NULL;\nALTER TABLE ${table.sql} DROP CONSTRAINT proof;`,
      },
      context,
    );
  },
};
