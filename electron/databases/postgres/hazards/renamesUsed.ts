import type { Node, RangeVar } from 'libpg-query';
import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './parse.ts';
import { lockWords } from './phrases.ts';
import { knownTable } from './tables.ts';
import { as } from './tree.ts';

/** The old and the new release of an application cannot both find it. */
export const renamesUsed: HazardRule<Parsed> = {
  code: 'renamesUsed',
  category: 'breaksApplication',
  look({ node }, context) {
    const renamed = renamedBy(node);
    if (renamed === null) return null;
    const table = knownTable(renamed.relation, context);
    if (table.isUnused) return null;
    return {
      severity: 'warning',
      message: `${renamed.verb} ${renamed.column === null ? '' : `the column ${renamed.column} of `}${table.name}: an application that uses the old name fails from then on. ${table.name} is locked under ${lockWords('ACCESS EXCLUSIVE', context)}.`,
      remedy:
        renamed.column === null
          ? 'Leave a view of the old name behind in the same transaction, until nothing uses it.'
          : 'Add the new column, keep both equal by a trigger, and drop the old one when no release uses it.',
      ...(renamed.column === null && renamed.newName !== null
        ? { rewrite: `CREATE VIEW ${table.sql} AS SELECT * FROM ${renamed.newName};` }
        : {}),
    };
  },
};

interface Renamed {
  readonly verb: string;
  readonly relation: RangeVar;
  readonly column: string | null;
  readonly newName: string | null;
}

const whole = new Set(['OBJECT_TABLE', 'OBJECT_VIEW', 'OBJECT_MATVIEW', 'OBJECT_FOREIGN_TABLE']);

function renamedBy(node: Node | null): Renamed | null {
  const move = as(node, 'AlterObjectSchemaStmt');
  if (move?.relation !== undefined && whole.has(move.objectType ?? ''))
    return { verb: 'Moves to another schema', relation: move.relation, column: null, newName: null };
  const rename = as(node, 'RenameStmt');
  if (rename?.relation === undefined) return null;
  if (rename.renameType === 'OBJECT_COLUMN')
    return { verb: 'Renames', relation: rename.relation, column: rename.subname ?? '', newName: null };
  if (!whole.has(rename.renameType ?? '')) return null;
  return { verb: 'Renames', relation: rename.relation, column: null, newName: rename.newname ?? null };
}
