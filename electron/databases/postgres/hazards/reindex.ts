import type { HazardRule } from '../../../engine/hazards.ts';
import { hasOption } from './locks.ts';
import type { Parsed } from './parse.ts';
import { workFinding } from './phrases.ts';
import { knownTable, sqlName, tableOfIndex } from './tables.ts';
import { as } from './tree.ts';

/** Writers wait for the table, and those readers whose plans may use the index. */
export const reindex: HazardRule<Parsed> = {
  code: 'reindex',
  category: 'locksWrites',
  look({ node }, context) {
    const statement = as(node, 'ReindexStmt');
    if (statement === undefined || hasOption(statement.params, 'concurrently')) return null;
    const { kind, relation, name } = statement;
    if (relation === undefined)
      return {
        severity: 'danger',
        message: `Builds all indexes of ${name ?? 'the database'} again: each table in turn is locked under SHARE, so that writes wait, and readers that would use the index wait, too.`,
        remedy: 'REINDEX … CONCURRENTLY, one table at a time.',
      };
    const isIndex = kind === 'REINDEX_OBJECT_INDEX';
    const found = isIndex ? tableOfIndex(relation, context) : relation;
    const table = knownTable(found ?? relation, context);
    return workFinding(
      {
        does: isIndex ? 'Builds an index again on' : 'Builds all indexes again on',
        table: found === null ? { ...table, isUnused: false } : table,
        lock: 'SHARE',
        because: 'Readers wait, too, where a query may use the index, which is locked under ACCESS EXCLUSIVE.',
        remedy: 'Do it concurrently, in a migration without a transaction.',
        rewrite: `REINDEX ${isIndex ? 'INDEX' : 'TABLE'} CONCURRENTLY ${sqlName(relation)};`,
      },
      context,
    );
  },
};
