import type { HazardContext, HazardRule } from '../../../engine/hazards.ts';
import { known, type Parsed, tablesAfter } from './reading.ts';

/** What the running application may still ask for is gone. */
export const dropsUsed: HazardRule<Parsed> = {
  code: 'dropsUsed',
  category: 'breaksApplication',
  look(parsed, context) {
    const what = dropped(parsed, context);
    if (what === null) return null;
    return {
      severity: 'warning',
      message: `Drops ${what}: an application that still names it fails from then on.`,
      remedy: 'First release an application that does not use it any more; drop it one release later.',
    };
  },
};

function dropped({ change }: Parsed, context: HazardContext): string | null {
  if (context.traits.kind !== 'definition') return null;
  const column = change?.alteration.clauses.find(({ kind }) => kind === 'dropColumn');
  if (change !== null && column?.kind === 'dropColumn') {
    const table = known(change.alteration.table, context);
    return table.isNew ? null : `${column.name} of ${table.name}`;
  }
  const objects = tablesAfter(
    context.statement.text,
    'DROP TABLE',
    'DROP TABLES',
    'DROP VIEW',
    'DROP PROCEDURE',
    'DROP FUNCTION',
  );
  const used = objects.map((object) => known(object, context)).filter(({ isNew }) => !isNew);
  return used.length === 0 ? null : used.map(({ name }) => name).join(', ');
}
