import { handedOver as code, type HazardContext, type HazardRule } from '../../../engine/hazards.ts';
import { usedChange } from './changes.ts';
import type { Parsed } from './reading.ts';

const titles = { 'pt-osc': 'pt-online-schema-change', 'gh-ost': 'gh-ost' } as const;

/** What the programs do not do, or do with another meaning. */
const kept = new Set(['renameTable', 'partition', 'systemVersioning', 'unknown', 'dropPrimaryKey', 'addPrimaryKey']);

/** A table that would be written anew, as big as the settings say: the program that they name copies it. */
export function isHandedOver(parsed: Parsed, context: HazardContext): boolean {
  const { onlineAlter } = context.facts;
  const used = usedChange(parsed, context);
  if (onlineAlter === undefined || used === null || parsed.change === null) return false;
  const { alteration } = parsed.change;
  return (
    alteration.form === 'ALTER TABLE' &&
    alteration.table.schema === null &&
    !alteration.ignores &&
    (used.cost.algorithm === 'COPY' || used.cost.algorithm === 'INPLACE') &&
    !used.clauses.some(({ kind }) => kept.has(kind)) &&
    (used.table.size?.bytes ?? 0) >= onlineAlter.fromBytes
  );
}

export const handedOver: HazardRule<Parsed> = {
  code,
  category: 'rewritesTable',
  look(parsed, context) {
    const used = usedChange(parsed, context);
    const { onlineAlter } = context.facts;
    if (used === null || onlineAlter === undefined || !isHandedOver(parsed, context)) return null;
    return {
      severity: 'warning',
      message: `${titles[onlineAlter.program]} changes ${used.words} in place of the server, as the settings say: it copies the rows (the server would use ALGORITHM=${used.cost.algorithm}) while others read and write, and exchanges the tables at the end, for which it locks both a moment. Writers may meet deadlocks with it and have to try again; the disk holds the table twice; no transaction covers it.`,
      remedy: 'Have room on the disk for the table and its indexes; a cancel stops it and removes the copy.',
    };
  },
};
