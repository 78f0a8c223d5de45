import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './parse.ts';
import { lockWords } from './phrases.ts';
import { knownTable } from './tables.ts';
import { alterationOf } from './tree.ts';

/** What triggers keep true is not kept meanwhile, for anybody. */
export const disablesTrigger: HazardRule<Parsed> = {
  code: 'disablesTrigger',
  category: 'locksWrites',
  look({ node }, context) {
    const alteration = alterationOf(node);
    const command = alteration?.commands.find(({ subtype }) => subtype?.startsWith('AT_DisableTrig'));
    if (alteration === null || command === undefined) return null;
    const table = knownTable(alteration.relation, context);
    if (table.isUnused) return null;
    const which = command.subtype === 'AT_DisableTrigAll' ? 'All triggers, those of foreign keys, too,' : 'Triggers';
    return {
      severity: 'warning',
      message: `${which} of ${table.name} are off for every session until they are enabled again: rows written meanwhile are never checked. ${table.name} is locked under ${lockWords('SHARE ROW EXCLUSIVE', context)}.`,
      remedy: 'Enable them again in the same transaction: then nobody writes in between.',
      rewrite: `ALTER TABLE ${table.sql} ENABLE TRIGGER ${command.subtype === 'AT_DisableTrig' ? '…' : command.subtype === 'AT_DisableTrigAll' ? 'ALL' : 'USER'};`,
    };
  },
};
