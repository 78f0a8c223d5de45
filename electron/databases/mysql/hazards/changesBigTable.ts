import type { HazardRule } from '../../../engine/hazards.ts';
import { changesAllRows } from '../../common/hazards/rowChanges.ts';
import { gradeBySize, sizeLimits, sizeWords } from '../../common/hazards/sizes.ts';
import { tablesOf } from '../classify.ts';
import type { Parsed } from './reading.ts';

/** Many rows in one transaction: their writers wait, the undo log grows, replicas fall behind. */
export const changesBigTable: HazardRule<Parsed> = {
  code: 'changesBigTable',
  category: 'locksWrites',
  look(parsed, { statement, traits, isNew, sizeOf }) {
    if (!/^(?:UPDATE|DELETE)$/.test(traits.verb) || statement.batch !== undefined) return null;
    const [table = ''] = tablesOf(statement.text);
    const size = sizeOf(table);
    if (isNew(table) || size === null || size.bytes < sizeLimits.small) return null;
    const isWhole = changesAllRows(parsed.plain);
    return {
      severity: isWhole ? gradeBySize(size) : 'warning',
      message: `Changes ${isWhole ? 'every row' : 'rows'} of ${table} (${sizeWords(size)}) in one transaction: whoever writes the same rows waits until its end, the undo log grows, replicas fall behind, and undoing it takes longer than doing it.`,
      remedy:
        'Change them in batches with a transaction each (lockkeeper:batch): a condition that finds fewer rows each time, and a pause between.',
    };
  },
};
