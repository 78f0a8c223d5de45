import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './parse.ts';
import { lockWords, queues } from './phrases.ts';
import { knownTable } from './tables.ts';
import { alterationOf, as } from './tree.ts';

export const detachPartition: HazardRule<Parsed> = {
  code: 'detachPartition',
  category: 'locksReads',
  look({ node }, context) {
    const alteration = alterationOf(node);
    const command = alteration?.commands.find(({ subtype }) => subtype === 'AT_DetachPartition');
    const partition = as(command?.def, 'PartitionCmd');
    if (alteration === null || partition?.name === undefined || partition.concurrent === true) return null;
    const parent = knownTable(alteration.relation, context);
    const child = knownTable(partition.name, context);
    if (parent.isUnused) return null;
    return {
      severity: 'notice',
      message: `Locks ${parent.name} and ${child.name} under ${lockWords('ACCESS EXCLUSIVE', context)}. ${queues}`,
      remedy: 'Detach it concurrently, in a migration without a transaction (PostgreSQL 14 and later).',
      rewrite: `ALTER TABLE ${parent.sql} DETACH PARTITION ${child.sql} CONCURRENTLY;`,
    };
  },
};
