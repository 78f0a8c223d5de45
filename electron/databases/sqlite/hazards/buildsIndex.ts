import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './reading.ts';
import { grade, inFile } from './reading.ts';

/** The whole file is locked for writers while all rows are read. */
export const buildsIndex: HazardRule<Parsed> = {
  code: 'buildsIndex',
  category: 'scansTable',
  look({ definition }, { isNew, sizeOf, traits, facts }) {
    const isRebuild = traits.verb === 'REINDEX';
    if (definition?.kind !== 'createIndex' && !isRebuild) return null;
    const table = definition?.kind === 'createIndex' ? definition.table : null;
    if (table !== null && isNew(table)) return null;
    const size = table === null ? (facts.tables.values().next().value ?? null) : sizeOf(table);
    const isUnique = definition?.kind === 'createIndex' && definition.unique;
    return {
      severity: grade(size),
      message: `Reads all of ${table ?? 'the tables'} to build ${table === null ? 'indexes' : 'an index'}, in ${inFile(size)}: nobody else writes the file until the transaction ends.${isUnique ? ' Two equal rows stop the run.' : ''}`,
      remedy: 'Run it at a quiet time; without WAL, readers wait while it commits, too.',
    };
  },
};
