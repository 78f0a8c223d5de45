import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './reading.ts';
import { grade, inFile } from './reading.ts';

/** DROP COLUMN writes every row without it. */
export const rewritesTable: HazardRule<Parsed> = {
  code: 'rewritesTable',
  category: 'rewritesTable',
  look({ definition }, { isNew, sizeOf }) {
    if (definition?.kind !== 'dropColumn' || isNew(definition.table)) return null;
    const size = sizeOf(definition.table);
    return {
      severity: grade(size),
      message: `Writes every row of ${definition.table} anew, in ${inFile(size)}: nobody else writes the file until the transaction ends.`,
      remedy:
        'Leave the column, unused, until the table is rebuilt for another reason; a column that an index, a key, a view or a trigger uses cannot be dropped.',
    };
  },
};
