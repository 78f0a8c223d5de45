import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './parse.ts';
import { workFinding } from './phrases.ts';
import { knownTable } from './tables.ts';
import { alterationOf, as } from './tree.ts';

/** The parent stays usable; the table that becomes a partition is read under a lock. */
export const attachPartition: HazardRule<Parsed> = {
  code: 'attachPartition',
  category: 'scansTable',
  look({ node }, context) {
    const alteration = alterationOf(node);
    const command = alteration?.commands.find(({ subtype }) => subtype === 'AT_AttachPartition');
    const child = as(command?.def, 'PartitionCmd')?.name;
    if (alteration === null || child === undefined) return null;
    const partition = knownTable(child, context);
    return workFinding(
      {
        does: 'Reads all rows of',
        table: partition,
        lock: 'ACCESS EXCLUSIVE',
        because: `Unless a valid CHECK proves that they belong there. ${knownTable(alteration.relation, context).name} is locked under SHARE UPDATE EXCLUSIVE only, but a default partition is read under ACCESS EXCLUSIVE, too.`,
        remedy: 'Prove the bounds first with a CHECK that is validated beside writers, and drop it afterwards.',
        rewrite: `ALTER TABLE ${partition.sql} ADD CONSTRAINT bounds CHECK (… IS NOT NULL AND …) NOT VALID;\n-- in a migration of its own:\nALTER TABLE ${partition.sql} VALIDATE CONSTRAINT bounds;\n-- then ATTACH, then:\nALTER TABLE ${partition.sql} DROP CONSTRAINT bounds;`,
      },
      context,
    );
  },
};
