import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './parse.ts';
import { lockWords, queues } from './phrases.ts';
import { knownTable, sqlName } from './tables.ts';
import { all, as } from './tree.ts';

/** A table that is born a partition locks its parent. */
export const createPartition: HazardRule<Parsed> = {
  code: 'createPartition',
  category: 'locksReads',
  look({ node }, context) {
    const create = as(node, 'CreateStmt');
    const [relation] = all(create?.inhRelations, 'RangeVar');
    if (create?.partbound === undefined || create.relation === undefined || relation === undefined) return null;
    const parent = knownTable(relation, context);
    if (parent.isUnused) return null;
    const child = sqlName(create.relation);
    return {
      severity: 'notice',
      message: `Locks ${parent.name} under ${lockWords('ACCESS EXCLUSIVE', context)}. ${queues} A default partition is read meanwhile.`,
      remedy: 'Create the table alone, then attach it: that leaves the parent usable.',
      rewrite: `CREATE TABLE ${child} (LIKE ${parent.sql} INCLUDING DEFAULTS INCLUDING CONSTRAINTS);\nALTER TABLE ${parent.sql} ATTACH PARTITION ${child} FOR VALUES …;`,
    };
  },
};
