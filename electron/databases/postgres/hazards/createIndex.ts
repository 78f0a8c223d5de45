import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './parse.ts';
import { workFinding } from './phrases.ts';
import { knownTable, quoted } from './tables.ts';
import { as } from './tree.ts';

export const createIndex: HazardRule<Parsed> = {
  code: 'createIndex',
  category: 'locksWrites',
  look({ node }, context) {
    const index = as(node, 'IndexStmt');
    if (index?.relation === undefined || index.concurrent === true) return null;
    const table = knownTable(index.relation, context);
    // On the parent ONLY it is an empty frame that indexes of partitions are attached to.
    if (table.isPartitioned && index.relation.inh !== true) return null;
    return workFinding(
      {
        does: 'Builds an index on',
        table,
        lock: 'SHARE',
        remedy:
          'Build it concurrently, in a migration without a transaction. Should that fail, drop the invalid index it leaves.',
        rewrite: `CREATE ${index.unique === true ? 'UNIQUE ' : ''}INDEX CONCURRENTLY ${quoted(index.idxname ?? 'index_name')} ON ${table.sql} …;`,
      },
      context,
    );
  },
};
