import type { HazardRule } from '../../../engine/hazards.ts';
import { online, usedChange } from './changes.ts';
import type { Parsed } from './reading.ts';

/** CONVERT TO CHARACTER SET changes every text, and the types of some columns. */
export const convertsCharset: HazardRule<Parsed> = {
  code: 'convertsCharset',
  category: 'rewritesTable',
  look(parsed, context) {
    const used = usedChange(parsed, context);
    const convert = used?.clauses.find((clause) => clause.kind === 'convert');
    if (used === null || convert === undefined || used.cost.algorithm === 'INSTANT') return null;
    const isNarrow = !/^utf/.test(convert.charset);
    return {
      severity: isNarrow ? 'danger' : used.grade,
      ...(isNarrow ? { category: 'dataLoss' as const } : {}),
      message: isNarrow
        ? `Converts the texts of ${used.words} to ${convert.charset}: characters that it does not have become “?”, or stop the run in strict mode.`
        : `Converts the texts of ${used.words} to ${convert.charset}: TEXT columns may become MEDIUMTEXT, keys may grow beyond what an index holds, and unique values may become equal.`,
      remedy: isNarrow ? 'Count the rows that would change first.' : online,
    };
  },
};
