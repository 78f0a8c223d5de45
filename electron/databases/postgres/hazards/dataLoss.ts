import type { Node, RangeVar } from 'libpg-query';
import type { HazardContext, HazardRule } from '../../../engine/hazards.ts';
import { droppedNames } from './locks.ts';
import type { Parsed } from './parse.ts';
import { lockWords } from './phrases.ts';
import { knownTable } from './tables.ts';
import { all, alterationOf, as, relationOf } from './tree.ts';

/** Rows or columns go that only a backup brings back. */
export const dataLoss: HazardRule<Parsed> = {
  code: 'dataLoss',
  category: 'dataLoss',
  look({ node }, context) {
    const lost = lostBy(node, context);
    if (lost === null) return null;
    const { what, table, locks } = lost;
    const lock = locks === true ? ` ${table} is locked under ${lockWords('ACCESS EXCLUSIVE', context)}.` : '';
    return { severity: 'danger', message: `${what}: only a backup brings the data back.${lock}` };
  },
};

interface Loss {
  readonly what: string;
  readonly table: string;
  readonly locks?: true;
}

function lostBy(node: Node | null, context: HazardContext): Loss | null {
  const used = (relations: readonly RangeVar[]) =>
    relations.map((relation) => knownTable(relation, context)).find(({ isUnused }) => !isUnused)?.whole;
  const drop = as(node, 'DropStmt');
  if (drop !== undefined) {
    const names = droppedNames(drop);
    if (drop.removeType === 'OBJECT_SCHEMA')
      return { what: `Drops the schema ${all(drop.objects, 'String')[0]?.sval ?? ''}`, table: '' };
    if (drop.removeType !== 'OBJECT_TABLE' && drop.removeType !== 'OBJECT_MATVIEW') return null;
    const table = used(names.map(relationOf));
    return table === undefined ? null : { what: `Drops ${table}`, table, locks: true };
  }
  const database = as(node, 'DropdbStmt')?.dbname;
  if (database !== undefined) return { what: `Drops the database ${database}`, table: '' };
  const truncated = as(node, 'TruncateStmt');
  if (truncated !== undefined) {
    const table = used(all(truncated.relations, 'RangeVar'));
    return table === undefined ? null : { what: `Empties ${table}`, table, locks: true };
  }
  return columnOrRows(node, used);
}

function columnOrRows(node: Node | null, used: (relations: readonly RangeVar[]) => string | undefined): Loss | null {
  const alteration = alterationOf(node);
  if (alteration !== null) {
    const dropped = alteration.commands.find(({ subtype }) => subtype === 'AT_DropColumn');
    const table = used([alteration.relation]);
    return dropped === undefined || table === undefined
      ? null
      : { what: `Drops the column ${dropped.name ?? ''} of ${table}`, table };
  }
  const remove = as(node, 'DeleteStmt');
  const update = as(node, 'UpdateStmt');
  const change = remove ?? update;
  if (change?.relation === undefined || change.whereClause !== undefined) return null;
  if ((remove?.usingClause ?? update?.fromClause) !== undefined) return null;
  const table = used([change.relation]);
  if (table === undefined) return null;
  return { what: `${remove === undefined ? 'Changes' : 'Deletes'} every row of ${table}`, table };
}
