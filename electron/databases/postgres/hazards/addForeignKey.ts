import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './parse.ts';
import { lockWords, workFinding } from './phrases.ts';
import { knownTable, quoted, sqlName } from './tables.ts';
import { addedConstraints, alterationOf, words } from './tree.ts';

/** Every row is looked up in the other table. */
export const addForeignKey: HazardRule<Parsed> = {
  code: 'addForeignKey',
  category: 'scansTable',
  look({ node }, context) {
    const alteration = alterationOf(node);
    if (alteration === null) return null;
    const found = addedConstraints(alteration).find(
      ({ contype, skip_validation, is_enforced }) =>
        contype === 'CONSTR_FOREIGN' && skip_validation !== true && is_enforced === true,
    );
    if (found?.pktable === undefined) return null;
    const table = knownTable(alteration.relation, context);
    const parent = knownTable(found.pktable, context);
    const constraint = quoted(found.conname ?? 'constraint_name');
    const columns = words(found.fk_attrs).map(quoted).join(', ');
    const others = words(found.pk_attrs).map(quoted).join(', ');
    return workFinding(
      {
        does: 'Looks up all rows of',
        table,
        lock: 'SHARE ROW EXCLUSIVE',
        ...(parent.isUnused
          ? {}
          : { because: `As long ${parent.name} is locked under ${lockWords('SHARE ROW EXCLUSIVE', context)}.` }),
        remedy: 'Add it as NOT VALID, which binds new rows at once, and validate it in a migration of its own.',
        rewrite: `ALTER TABLE ${table.sql} ADD CONSTRAINT ${constraint} FOREIGN KEY (${columns}) REFERENCES ${sqlName(found.pktable)}${others === '' ? '' : ` (${others})`} NOT VALID;\n-- in a migration of its own:\nALTER TABLE ${table.sql} VALIDATE CONSTRAINT ${constraint};`,
      },
      context,
    );
  },
};
