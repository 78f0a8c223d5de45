import type { Node } from 'libpg-query';
import type { HazardContext, HazardRule } from '../../../engine/hazards.ts';
import { droppedNames } from './locks.ts';
import type { Parsed } from './parse.ts';
import { knownTable } from './tables.ts';
import { alterationOf, as, relationOf } from './tree.ts';

/** What the running application may still ask for is gone. */
export const dropsUsed: HazardRule<Parsed> = {
  code: 'dropsUsed',
  category: 'breaksApplication',
  look({ node }, context) {
    const what = dropped(node, context);
    if (what === null) return null;
    return {
      severity: 'warning',
      message: `Drops ${what}: an application that still names it fails from then on.`,
      remedy: 'First release an application that does not use it any more; drop it one release later.',
    };
  },
};

const kinds: Readonly<Record<string, string>> = {
  OBJECT_TABLE: 'the table',
  OBJECT_VIEW: 'the view',
  OBJECT_MATVIEW: 'the materialized view',
  OBJECT_FOREIGN_TABLE: 'the foreign table',
};

function dropped(node: Node | null, context: HazardContext): string | null {
  const drop = as(node, 'DropStmt');
  const kind = kinds[drop?.removeType ?? ''];
  if (drop !== undefined && kind !== undefined) {
    const table = droppedNames(drop)
      .map((name) => knownTable(relationOf(name), context))
      .find(({ isUnused }) => !isUnused);
    return table === undefined ? null : `${kind} ${table.name}`;
  }
  const alteration = alterationOf(node);
  const column = alteration?.commands.find(({ subtype }) => subtype === 'AT_DropColumn');
  if (alteration === null || column === undefined) return null;
  const table = knownTable(alteration.relation, context);
  return table.isUnused ? null : `the column ${column.name ?? ''} of ${table.name}`;
}
