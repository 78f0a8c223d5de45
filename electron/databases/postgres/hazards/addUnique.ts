import type { Constraint } from 'libpg-query';
import type { HazardRule } from '../../../engine/hazards.ts';
import type { Parsed } from './parse.ts';
import { workFinding } from './phrases.ts';
import { type KnownTable, knownTable, quoted } from './tables.ts';
import { addedColumns, addedConstraints, alterationOf, columnConstraints, words } from './tree.ts';

const kinds: Readonly<Record<string, string>> = {
  CONSTR_UNIQUE: 'UNIQUE',
  CONSTR_PRIMARY: 'PRIMARY KEY',
  CONSTR_EXCLUSION: 'EXCLUDE',
};

/** The index of a key is built while nobody uses the table, unless it is there already. */
export const addUnique: HazardRule<Parsed> = {
  code: 'addUnique',
  category: 'locksReads',
  look({ node }, context) {
    const alteration = alterationOf(node);
    if (alteration === null) return null;
    const constraints = [
      ...addedConstraints(alteration),
      ...addedColumns(alteration).flatMap((column) => columnConstraints(column)),
    ];
    const found = constraints.find(({ contype, indexname }) => (contype ?? '') in kinds && indexname === undefined);
    if (found === undefined) return null;
    const table = knownTable(alteration.relation, context);
    return workFinding(
      {
        does: 'Builds an index on',
        table,
        lock: 'ACCESS EXCLUSIVE',
        because: `${kinds[found.contype ?? '']} needs one.`,
        ...safeWay(found, table),
      },
      context,
    );
  },
};

function safeWay(constraint: Constraint, { sql }: KnownTable): { remedy: string; rewrite?: string } {
  if (constraint.contype === 'CONSTR_EXCLUSION')
    return {
      remedy: 'There is no way beside readers and writers: plan for downtime, or for another kind of condition.',
    };
  const kind = kinds[constraint.contype ?? ''];
  const columns = words(constraint.keys).map(quoted).join(', ');
  return {
    remedy: 'Build the index concurrently in a migration without a transaction, then make the constraint of it.',
    rewrite: `CREATE UNIQUE INDEX CONCURRENTLY index_name ON ${sql} (${columns === '' ? '…' : columns});\n-- in a migration of its own:\nALTER TABLE ${sql} ADD CONSTRAINT ${quoted(constraint.conname ?? 'index_name')} ${kind} USING INDEX index_name;`,
  };
}
