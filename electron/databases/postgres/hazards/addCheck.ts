import type { HazardRule } from '../../../engine/hazards.ts';
import { dialect } from '../dialect.ts';
import type { Parsed } from './parse.ts';
import { workFinding } from './phrases.ts';
import { knownTable, quoted } from './tables.ts';
import { addedConstraints, alterationOf } from './tree.ts';

export const addCheck: HazardRule<Parsed> = {
  code: 'addCheck',
  category: 'scansTable',
  look({ node }, context) {
    const alteration = alterationOf(node);
    if (alteration === null) return null;
    const found = addedConstraints(alteration).find(
      ({ contype, skip_validation, is_enforced }) =>
        (contype === 'CONSTR_CHECK' || contype === 'CONSTR_NOTNULL') &&
        skip_validation !== true &&
        is_enforced !== false,
    );
    if (found === undefined) return null;
    const table = knownTable(alteration.relation, context);
    const name = found.conname === undefined ? '…' : quoted(found.conname);
    return workFinding(
      {
        does: 'Reads all rows of',
        table,
        lock: 'ACCESS EXCLUSIVE',
        because: `The constraint ${found.conname === undefined ? '' : `${dialect.quoteIdentifier(found.conname)} `}is verified.`,
        remedy: 'Add it as NOT VALID, which binds new rows at once, and validate it in a migration of its own.',
        rewrite: `ALTER TABLE ${table.sql} ADD CONSTRAINT ${name} … NOT VALID;\n-- in a migration of its own:\nALTER TABLE ${table.sql} VALIDATE CONSTRAINT ${name};`,
      },
      context,
    );
  },
};
