import type { HazardRule } from '../../../engine/hazards.ts';
import { usedChange } from './changes.ts';
import { narrowing } from './narrowing.ts';
import type { Parsed } from './reading.ts';

/** Values that do not fit any more stop the run, or are cut in silence. */
export const narrowsColumn: HazardRule<Parsed> = {
  code: 'narrowsColumn',
  category: 'dataLoss',
  look(parsed, context) {
    const used = usedChange(parsed, context);
    if (used === null) return null;
    const columns = used.table.size?.layout?.columns;
    for (const clause of used.clauses) {
      if (clause.kind !== 'changeColumn') continue;
      const now = columns?.get(clause.before.toLowerCase());
      const why = now === undefined ? null : narrowing(now, clause.column);
      if (why === null) continue;
      return {
        severity: parsed.script.strict ? 'warning' : 'danger',
        message: `${clause.before} of ${used.table.name} ${why}: ${parsed.script.strict ? 'the first row that does not fit stops the run' : 'sql_mode is not strict, so values that do not fit are changed in silence'}.`,
        remedy: 'Count the rows that do not fit first, and change them knowingly.',
      };
    }
    return null;
  },
};
