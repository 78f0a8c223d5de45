/** What proves that a column has a value in every row. */
import type { RangeVar } from 'libpg-query';
import type { HazardContext } from '../../../engine/hazards.ts';
import { knownTable } from './tables.ts';
import { type Alteration, addedConstraints, words } from './tree.ts';

/** A CHECK that was validated, or a NOT NULL that is there already, by which the statement changes nothing. */
export function hasProof(relation: RangeVar, column: string, context: HazardContext): boolean {
  const constraints = knownTable(relation, context).size?.details?.constraints ?? [];
  return constraints.some(
    ({ columns, provesNotNull }) => provesNotNull && columns.length === 1 && columns[0] === column,
  );
}

/** Columns that become NOT NULL since they are to be a primary key. */
export const primaryKeyNeedsProof = (alteration: Alteration): string[] =>
  addedConstraints(alteration).flatMap(({ contype, keys }) => (contype === 'CONSTR_PRIMARY' ? words(keys) : []));
