import type { HazardRule } from '../../../engine/hazards.ts';
import { droppedNames } from './locks.ts';
import type { Parsed } from './parse.ts';
import { lockWords, queues } from './phrases.ts';
import { knownTable, sqlName, tableOfIndex } from './tables.ts';
import { as, relationOf } from './tree.ts';

/** Short, but it waits for everybody, and queries lose the index. */
export const dropIndex: HazardRule<Parsed> = {
  code: 'dropIndex',
  category: 'locksReads',
  look({ node }, context) {
    const drop = as(node, 'DropStmt');
    if (drop?.removeType !== 'OBJECT_INDEX' || drop.concurrent === true) return null;
    const [index] = droppedNames(drop).map(relationOf);
    if (index === undefined) return null;
    const relation = tableOfIndex(index, context);
    const table = relation === null ? null : knownTable(relation, context);
    // Of an index whose table is not known nothing is there.
    if (table === null ? context.facts.product !== null && hasDetails(context.facts) : table.isUnused) return null;
    return {
      severity: 'notice',
      message: `Locks ${table?.name ?? 'the table of the index'} under ${lockWords('ACCESS EXCLUSIVE', context)}. ${queues} Queries that used the index become slow.`,
      remedy: 'Drop it concurrently, in a migration without a transaction.',
      rewrite: `DROP INDEX CONCURRENTLY ${sqlName(index)};`,
    };
  },
};

const hasDetails = ({ tables }: { readonly tables: ReadonlyMap<string, { readonly details?: unknown }> }): boolean =>
  [...tables.values()].every(({ details }) => details !== undefined);
