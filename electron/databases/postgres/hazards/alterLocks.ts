// Locks of ALTER TABLE's subcommands: AlterTableGetLockLevel in PostgreSQL's tablecmds.c, and the locks that foreign keys
// take on the other table.
import type { AlterTableCmd, AlterTableType, RangeVar } from 'libpg-query';
import type { ConstraintFact, HazardContext } from '../../../engine/hazards.ts';
import { type LockMode, stronger, type TableLock } from './lockModes.ts';
import { fromQualified, namesOf } from './tables.ts';
import { type Alteration, all, as, columnConstraints } from './tree.ts';

const levels: ReadonlyMap<AlterTableType, LockMode> = new Map([
  ...(['AT_SetStatistics', 'AT_SetOptions', 'AT_ResetOptions', 'AT_ClusterOn', 'AT_DropCluster'] as const).map(
    (type) => [type, 'SHARE UPDATE EXCLUSIVE'] as const,
  ),
  ...(['AT_ValidateConstraint', 'AT_AttachPartition', 'AT_DetachPartitionFinalize'] as const).map(
    (type) => [type, 'SHARE UPDATE EXCLUSIVE'] as const,
  ),
  ...(['AT_EnableTrig', 'AT_EnableAlwaysTrig', 'AT_EnableReplicaTrig', 'AT_EnableTrigAll'] as const).map(
    (type) => [type, 'SHARE ROW EXCLUSIVE'] as const,
  ),
  ...(['AT_EnableTrigUser', 'AT_DisableTrig', 'AT_DisableTrigAll', 'AT_DisableTrigUser'] as const).map(
    (type) => [type, 'SHARE ROW EXCLUSIVE'] as const,
  ),
]);

export function locksOfAlteration({ relation, commands }: Alteration, context: HazardContext): TableLock[] {
  const modes = commands.map((command) => levelOf(command));
  const mode = modes.reduce((one, other) => stronger(one, other), 'ACCESS SHARE');
  return [{ relation, mode }, ...commands.flatMap((command) => otherTables(command, relation, context))];
}

function levelOf({ subtype, def }: AlterTableCmd): LockMode {
  const constraint = as(def, 'Constraint');
  if (subtype === 'AT_AddConstraint' && constraint?.contype === 'CONSTR_FOREIGN') return 'SHARE ROW EXCLUSIVE';
  if (subtype === 'AT_SetRelOptions' || subtype === 'AT_ResetRelOptions') return optionLevel(def);
  if (subtype === 'AT_DetachPartition')
    return as(def, 'PartitionCmd')?.concurrent === true ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE';
  return (subtype === undefined ? undefined : levels.get(subtype)) ?? 'ACCESS EXCLUSIVE';
}

/** Storage parameters of PostgreSQL's reloptions.c are changed beside writers, but for these. */
function optionLevel(def: AlterTableCmd['def']): LockMode {
  const names = all(as(def, 'List')?.items, 'DefElem').map(({ defname }) => defname ?? '');
  return names.some((name) => /^(?:user_catalog_table|security_barrier|check_option)$/.test(name))
    ? 'ACCESS EXCLUSIVE'
    : 'SHARE UPDATE EXCLUSIVE';
}

function otherTables(command: AlterTableCmd, relation: RangeVar, context: HazardContext): TableLock[] {
  const { subtype, def, name = '', behavior } = command;
  const at = (others: readonly (RangeVar | undefined)[], mode: LockMode): TableLock[] =>
    others.flatMap((other) => (other === undefined ? [] : [{ relation: other, mode }]));
  const referenced = (which: (fact: ConstraintFact) => boolean): TableLock[] =>
    at(
      foreignKeysOf(relation, context)
        .filter(which)
        .map(({ references }) => fromQualified(references ?? '')),
      'ACCESS EXCLUSIVE',
    );
  const referencing = (which: (fact: ConstraintFact) => boolean): TableLock[] =>
    at(tablesReferencing(relation, which, context), 'ACCESS EXCLUSIVE');
  switch (subtype) {
    case 'AT_AddColumn': {
      const column = as(def, 'ColumnDef');
      return at(
        column === undefined ? [] : columnConstraints(column).map(({ pktable }) => pktable),
        'SHARE ROW EXCLUSIVE',
      );
    }
    case 'AT_AddConstraint':
      return at([as(def, 'Constraint')?.pktable], 'SHARE ROW EXCLUSIVE');
    case 'AT_DropConstraint': {
      const isKey = behavior === 'DROP_CASCADE' && !constraintsOf(relation, context).some((fact) => fact.name === name);
      return [...referenced((fact) => fact.name === name), ...(isKey ? referencing(() => true) : [])];
    }
    case 'AT_DropColumn':
      return [
        ...referenced(({ columns }) => columns.includes(name)),
        ...(behavior === 'DROP_CASCADE' ? referencing((fact) => fact.referencedColumns.includes(name)) : []),
      ];
    case 'AT_AlterColumnType':
      return [
        ...referenced(({ columns }) => columns.includes(name)),
        ...referencing((fact) => fact.referencedColumns.includes(name)),
      ];
    case 'AT_AttachPartition':
      return at([as(def, 'PartitionCmd')?.name], 'ACCESS EXCLUSIVE');
    case 'AT_DetachPartition': {
      const partition = as(def, 'PartitionCmd');
      return at([partition?.name], partition?.concurrent === true ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE');
    }
    case 'AT_AddInherit':
      return at([as(def, 'RangeVar')], 'SHARE UPDATE EXCLUSIVE');
    default:
      return [];
  }
}

const constraintsOf = (relation: RangeVar, { facts }: HazardContext): readonly ConstraintFact[] =>
  namesOf(relation, facts.searchPath).flatMap((name) => facts.tables.get(name)?.details?.constraints ?? []);

/** Those to other tables. */
function foreignKeysOf(relation: RangeVar, context: HazardContext): ConstraintFact[] {
  const names = namesOf(relation, context.facts.searchPath);
  return constraintsOf(relation, context).filter(
    ({ kind, references }) => kind === 'foreignKey' && references !== null && !names.includes(references),
  );
}

/** Tables whose foreign keys of that kind point to this one. */
export function tablesReferencing(
  relation: RangeVar,
  which: (fact: ConstraintFact) => boolean,
  { facts }: HazardContext,
): RangeVar[] {
  const names = namesOf(relation, facts.searchPath);
  return [...facts.tables]
    .filter(
      ([table, { details }]) =>
        !names.includes(table) &&
        details?.constraints.some((fact) => names.includes(fact.references ?? '') && which(fact)) === true,
    )
    .map(([table]) => fromQualified(table));
}
