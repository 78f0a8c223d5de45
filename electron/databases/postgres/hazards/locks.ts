/** Table locks that a statement takes and keeps until its transaction ends, as far as its text and the catalogue tell. */
import type { DropStmt, Node, RangeVar, ReindexStmt } from 'libpg-query';
import type { HazardContext } from '../../../engine/hazards.ts';
import { locksOfAlteration, tablesReferencing } from './alterLocks.ts';
import { type LockMode, lockModes, type TableLock } from './lockModes.ts';
import { fromQualified, namesOf, tableOfIndex } from './tables.ts';
import { all, alterationOf, as, columnConstraints, relationOf, words } from './tree.ts';

export function locksOf(node: Node | null, context: HazardContext): TableLock[] {
  const alteration = alterationOf(node);
  if (alteration !== null) return locksOfAlteration(alteration, context);
  return [...definitionLocks(node, context), ...maintenanceLocks(node, context)];
}

const on = (relation: RangeVar | undefined | null, mode: LockMode): TableLock[] =>
  relation === undefined || relation === null ? [] : [{ relation, mode }];

const lockedWhole = new Set([
  'OBJECT_TABLE',
  'OBJECT_VIEW',
  'OBJECT_FOREIGN_TABLE',
  'OBJECT_COLUMN',
  'OBJECT_MATVIEW',
  'OBJECT_TABCONSTRAINT',
  'OBJECT_TRIGGER',
  'OBJECT_RULE',
  'OBJECT_POLICY',
]);

function definitionLocks(node: Node | null, context: HazardContext): TableLock[] {
  const index = as(node, 'IndexStmt');
  if (index !== undefined) return on(index.relation, index.concurrent === true ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE');
  const rename = as(node, 'RenameStmt');
  if (rename !== undefined)
    return lockedWhole.has(rename.renameType ?? '') ? on(rename.relation, 'ACCESS EXCLUSIVE') : [];
  const move = as(node, 'AlterObjectSchemaStmt');
  if (move !== undefined) return lockedWhole.has(move.objectType ?? '') ? on(move.relation, 'ACCESS EXCLUSIVE') : [];
  const drop = as(node, 'DropStmt');
  if (drop !== undefined) return dropLocks(drop, context);
  const create = as(node, 'CreateStmt');
  if (create !== undefined) return createLocks(create);
  const trigger = as(node, 'CreateTrigStmt');
  if (trigger !== undefined)
    return [...on(trigger.relation, 'SHARE ROW EXCLUSIVE'), ...on(trigger.constrrel, 'SHARE ROW EXCLUSIVE')];
  const policy = as(node, 'CreatePolicyStmt') ?? as(node, 'AlterPolicyStmt');
  if (policy !== undefined) return on(policy.table, 'ACCESS EXCLUSIVE');
  return on(as(node, 'RuleStmt')?.relation, 'ACCESS EXCLUSIVE');
}

function createLocks({ inhRelations, partbound, tableElts }: NonNullable<ReturnType<typeof createOf>>): TableLock[] {
  const parents = all(inhRelations, 'RangeVar').flatMap((parent) =>
    on(parent, partbound === undefined ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE'),
  );
  const constraints = [
    ...all(tableElts, 'Constraint'),
    ...all(tableElts, 'ColumnDef').flatMap((column) => columnConstraints(column)),
  ];
  return [...parents, ...constraints.flatMap(({ pktable }) => on(pktable, 'SHARE ROW EXCLUSIVE'))];
}
const createOf = (node: Node | null) => as(node, 'CreateStmt');

/** Names of what a DROP removes. */
export const droppedNames = ({ objects }: DropStmt): string[][] =>
  all(objects, 'List').map(({ items }) => words(items));

function dropLocks(drop: DropStmt, context: HazardContext): TableLock[] {
  const names = droppedNames(drop);
  switch (drop.removeType) {
    case 'OBJECT_TABLE':
    case 'OBJECT_MATVIEW':
    case 'OBJECT_FOREIGN_TABLE':
    case 'OBJECT_VIEW':
      return names.flatMap((name) => dropTableLocks(relationOf(name), drop.behavior === 'DROP_CASCADE', context));
    case 'OBJECT_INDEX':
      return names.flatMap((name) =>
        on(
          tableOfIndex(relationOf(name), context),
          drop.concurrent === true ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE',
        ),
      );
    case 'OBJECT_TRIGGER':
    case 'OBJECT_RULE':
    case 'OBJECT_POLICY':
      return names.flatMap((name) => on(relationOf(name.slice(0, -1)), 'ACCESS EXCLUSIVE'));
    default:
      return [];
  }
}

/** The table that it is a partition of, and those that its foreign keys point to, for triggers on them go; with CASCADE those that point to it, too. */
function dropTableLocks(relation: RangeVar, cascades: boolean, context: HazardContext): TableLock[] {
  const { facts } = context;
  const names = namesOf(relation, facts.searchPath);
  const details = names.flatMap((name) => facts.tables.get(name)?.details ?? []);
  const parents = details.flatMap(({ constraints, partitionOf }) => [
    ...constraints.map(({ references }) => references),
    partitionOf,
  ]);
  const others = new Set(parents.flatMap((name) => (name === null || names.includes(name) ? [] : [name])));
  const children = cascades ? tablesReferencing(relation, () => true, context) : [];
  return [relation, ...[...others].map(fromQualified), ...children].flatMap((one) => on(one, 'ACCESS EXCLUSIVE'));
}

function maintenanceLocks(node: Node | null, context: HazardContext): TableLock[] {
  const truncated = as(node, 'TruncateStmt');
  if (truncated !== undefined)
    return all(truncated.relations, 'RangeVar').flatMap((one) => on(one, 'ACCESS EXCLUSIVE'));
  const refresh = as(node, 'RefreshMatViewStmt');
  if (refresh !== undefined)
    return on(refresh.relation, refresh.concurrent === true ? 'EXCLUSIVE' : 'ACCESS EXCLUSIVE');
  const lock = as(node, 'LockStmt');
  // Its modes are numbered from 1, weakest first.
  if (lock !== undefined)
    return all(lock.relations, 'RangeVar').flatMap((one) =>
      on(one, lockModes[(lock.mode ?? 8) - 1] ?? 'ACCESS EXCLUSIVE'),
    );
  const vacuum = as(node, 'VacuumStmt');
  if (vacuum !== undefined)
    return all(vacuum.rels, 'VacuumRelation').flatMap(({ relation }) =>
      on(relation, isFull(vacuum.options) ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE'),
    );
  const reindex = as(node, 'ReindexStmt');
  if (reindex !== undefined) return reindexLocks(reindex, context);
  return on(as(node, 'ClusterStmt')?.relation, 'ACCESS EXCLUSIVE');
}

/** An option of a list is there, and not switched off. The parser leaves out what is false, 0 or empty. */
export const hasOption = (options: readonly Node[] | undefined, name: string): boolean =>
  all(options, 'DefElem').some(
    ({ defname, arg }) =>
      defname === name &&
      !/^(?:false|off)$/.test(as(arg, 'String')?.sval ?? '') &&
      (as(arg, 'Boolean') ?? { boolval: true }).boolval === true &&
      ((as(arg, 'Integer') ?? { ival: 1 }).ival ?? 0) !== 0,
  );

export const isFull = (options: readonly Node[] | undefined): boolean => hasOption(options, 'full');

function reindexLocks({ kind, relation, params }: ReindexStmt, context: HazardContext): TableLock[] {
  const table = kind === 'REINDEX_OBJECT_INDEX' && relation !== undefined ? tableOfIndex(relation, context) : relation;
  return on(table, hasOption(params, 'concurrently') ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE');
}
