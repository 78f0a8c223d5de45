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
  const { subtype, def, name = '' } = command;
  const at = (others: readonly (RangeVar | undefined)[], mode: LockMode): TableLock[] =>
    others.flatMap((other) => (other === undefined ? [] : [{ relation: other, mode }]));
  const referenced = (which: (fact: ConstraintFact) => boolean): TableLock[] =>
    at(
      foreignKeysOf(relation, context)
        .filter(which)
        .map(({ references }) => fromQualified(references ?? '')),
      'ACCESS EXCLUSIVE',
    );
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
    case 'AT_DropConstraint':
      return referenced((fact) => fact.name === name);
    case 'AT_DropColumn':
    case 'AT_AlterColumnType':
      return referenced(({ columns }) => columns.includes(name));
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

/** Those to other tables. */
function foreignKeysOf(relation: RangeVar, { facts }: HazardContext): ConstraintFact[] {
  const names = namesOf(relation, facts.searchPath);
  return names
    .flatMap((name) => facts.tables.get(name)?.details?.constraints ?? [])
    .filter(({ kind, references }) => kind === 'foreignKey' && references !== null && !names.includes(references));
}
