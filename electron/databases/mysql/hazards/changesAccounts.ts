import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './reading.ts';

/** Accounts and rights belong to the server, not to a database. */
export const changesAccounts: HazardRule<Parsed> = {
  code: 'changesAccounts',
  category: 'externalEffect',
  look({ plain }, { traits }) {
    const isAccount = /^(?:CREATE|ALTER|DROP|RENAME)(?: OR REPLACE)? (?:USER|ROLE)\b/.test(plain.slice(0, 60));
    if (traits.kind !== 'definition' || !(isAccount || /^(?:GRANT|REVOKE|SET PASSWORD)$/.test(traits.verb)))
      return null;
    const everywhere = /\bON \* \. \*/.test(plain);
    return {
      severity: everywhere ? 'danger' : 'warning',
      message: `${traits.verb} changes the accounts or rights of the whole server: it commits at once, no backup of this database holds it, and a copy on the same server shares it${everywhere ? '. ON *.* reaches every database' : ''}.`,
      remedy: 'Let whoever runs the servers do it, environment by environment.',
    };
  },
};
