import type { HazardRule } from '../../../engine/hazards.ts';
import { changesAllRows } from '../../common/hazards/rowChanges.ts';
import { sizeLimits } from '../../common/hazards/sizes.ts';
import { tablesOf } from '../classify.ts';
import type { Parsed } from './reading.ts';
import { grade, inFile } from './reading.ts';
import { unquoted } from './scriptState.ts';

/** Nobody else writes the file while many rows are changed. */
export const changesBigTable: HazardRule<Parsed> = {
  code: 'changesBigTable',
  category: 'locksWrites',
  look({ plain }, { traits, statement, isNew, sizeOf }) {
    if (!/^(?:UPDATE|DELETE)$/.test(traits.verb) || statement.batch !== undefined) return null;
    const [table = ''] = tablesOf(statement.text).map(unquoted);
    const size = sizeOf(table);
    if (isNew(table) || size === null || size.bytes < sizeLimits.small) return null;
    return {
      severity: changesAllRows(plain) ? grade(size) : 'notice',
      message: `Changes ${changesAllRows(plain) ? 'every row' : 'rows'} of ${table}, in ${inFile(size)}, in one transaction: nobody else writes the file until its end.`,
      remedy: 'Change them in batches with a transaction each (lockkeeper:batch), and a pause between.',
    };
  },
};
