import type { ColumnDef } from 'libpg-query';
import type { HazardRule } from '../../../engine/hazards.ts';
import { dialect } from '../dialect.ts';
import type { Parsed } from './parse.ts';
import { workFinding } from './phrases.ts';
import { knownTable, quoted } from './tables.ts';
import { addedColumns, alterationOf, columnConstraints, words } from './tree.ts';
import { mayBeVolatile } from './volatility.ts';

/** PostgreSQL 11 and later keep a constant default beside the table; each row gets its own value only by a rewrite. */
export const addColumnRewrite: HazardRule<Parsed> = {
  code: 'addColumnRewrite',
  category: 'rewritesTable',
  look({ node }, context) {
    const alteration = alterationOf(node);
    if (alteration === null) return null;
    const [found] = addedColumns(alteration).flatMap((column) => {
      const because = reasonToRewrite(column);
      return because === null ? [] : [{ column, because }];
    });
    if (found === undefined) return null;
    const table = knownTable(alteration.relation, context);
    const name = quoted(found.column.colname ?? '');
    return workFinding(
      {
        does: 'Rewrites all rows and indexes of',
        table,
        lock: 'ACCESS EXCLUSIVE',
        because: found.because,
        remedy: 'Add the column without a default, set the default for new rows, then fill the old ones in batches.',
        rewrite: `ALTER TABLE ${table.sql} ADD COLUMN ${name} …;\nALTER TABLE ${table.sql} ALTER COLUMN ${name} SET DEFAULT …;\n-- in a migration of its own, batch by batch:\nUPDATE ${table.sql} SET ${name} = … WHERE ${name} IS NULL AND …;`,
      },
      context,
    );
  },
};

const serials = /^(?:small|big)?serial[248]?$/;

function reasonToRewrite(column: ColumnDef): string | null {
  const name = dialect.quoteIdentifier(column.colname ?? '');
  if (serials.test(words(column.typeName?.names).at(-1) ?? '')) return `${name} is serial: each row gets a number.`;
  for (const constraint of columnConstraints(column)) {
    if (constraint.contype === 'CONSTR_IDENTITY') return `${name} is an identity: each row gets a number.`;
    if (constraint.contype === 'CONSTR_GENERATED' && constraint.generated_kind !== 'v')
      return `${name} is generated and stored: it is computed for each row.`;
    if (constraint.contype === 'CONSTR_DEFAULT' && mayBeVolatile(constraint.raw_expr))
      return `The default of ${name} is volatile: it is computed for each row.`;
  }
  return null;
}
