/** What rules about changes of tables share. */
import type { Hazard } from '../../../../shared/model/plan.ts';
import type { HazardContext } from '../../../engine/hazards.ts';
import { gradeBySize, sizeWords } from '../../common/hazards/sizes.ts';
import { demanding, withChanges } from '../alteration.ts';
import type { Clause } from '../alterationClauses.ts';
import type { Cost } from '../cost.ts';
import { type KnownTable, known, type Parsed } from './reading.ts';

interface UsedChange {
  readonly table: KnownTable;
  readonly cost: Cost;
  readonly clauses: readonly Clause[];
  /** The table's name and size. */
  readonly words: string;
  readonly grade: Hazard['severity'];
}

/** Null where no table is changed that somebody may use. */
export function usedChange({ change }: Parsed, context: HazardContext): UsedChange | null {
  if (change === null) return null;
  const table = known(change.alteration.table, context);
  if (table.isNew) return null;
  const { cost } = change;
  return {
    table,
    cost,
    clauses: change.alteration.clauses,
    words: `${table.name} (${sizeWords(table.size)})`,
    grade: gradeBySize(table.size),
  };
}

export const atMost = (grade: Hazard['severity'], most: 'notice' | 'warning'): Hazard['severity'] =>
  grade === 'danger' || grade === 'warning' ? most : grade;

/** Whether a cost is what happens, or what may. */
export const verb = ({ certain }: Cost, does: string, may: string): string => (certain ? does : may);

/** The statement with the cost demanded, so that the server refuses anything dearer (errors 1845 and 1846). */
export function demandingCost({ change, server }: Parsed): string | null {
  if (change === null) return null;
  const { text, alteration, cost } = change;
  const isMariadb = server.isMariadb(0, 0);
  const algorithm = cost.algorithm === 'NOCOPY' && !isMariadb ? 'INPLACE' : cost.algorithm;
  const lock = algorithm === 'INSTANT' && !isMariadb ? null : cost.lock;
  return `${withChanges(text, demanding(alteration, algorithm, lock))};`;
}

export const online =
  'Let gh-ost or pt-online-schema-change do it, or add a new column, fill it in batches and change over.';
