import type { HazardRule } from '../../../engine/hazards.ts';
import { gradeBySize, sizeLimits, sizeWords } from '../../common/hazards/sizes.ts';
import type { Parsed } from './parse.ts';
import { changedTable } from './rowChange.ts';
import { knownTable } from './tables.ts';
import { as } from './tree.ts';

/** Many rows in one transaction: their writers wait, replicas fall behind, the table grows. */
export const changesBigTable: HazardRule<Parsed> = {
  code: 'changesBigTable',
  category: 'locksWrites',
  look({ node }, context) {
    const relation = changedTable(node);
    if (relation === null || as(node, 'InsertStmt') !== undefined || context.statement.batch !== undefined) return null;
    const table = knownTable(relation, context);
    if (table.isUnused || table.size === null || table.size.bytes < sizeLimits.small) return null;
    const isWhole = (as(node, 'UpdateStmt') ?? as(node, 'DeleteStmt'))?.whereClause === undefined;
    return {
      severity: isWhole ? gradeBySize(table.size) : 'warning',
      message: `Changes ${isWhole ? 'every row' : 'rows'} of ${table.name} (${sizeWords(table.size)}) in one transaction: whoever writes the same rows waits until its end, replicas fall behind, and the table grows by as much as changes.`,
      remedy:
        'Change them in batches with a transaction each: a condition that finds fewer rows each time, and a pause between.',
    };
  },
};
