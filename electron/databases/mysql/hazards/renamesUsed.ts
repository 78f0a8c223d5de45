import type { HazardContext, HazardRule } from '../../../engine/hazards.ts';
import { readable } from '../../splitting/words.ts';
import { mysqlDialect } from '../dialect.ts';
import { wordsIn } from '../statementWords.ts';
import { known, type Parsed } from './reading.ts';

/** The old and the new release of an application cannot both find it. */
export const renamesUsed: HazardRule<Parsed> = {
  code: 'renamesUsed',
  category: 'breaksApplication',
  look(parsed, context) {
    const renamed = renamedBy(parsed, context);
    if (renamed === null) return null;
    const { quoteIdentifier, quoteTable } = mysqlDialect;
    return {
      severity: 'warning',
      message: `Renames ${renamed.column === null ? '' : `${renamed.column} of `}${renamed.table}: an application that uses the old name fails from then on.`,
      remedy:
        renamed.column === null
          ? 'Leave a view of the old name behind until nothing uses it.'
          : 'Add the new column, keep both equal by triggers, and drop the old one when no release uses it.',
      ...(renamed.to === null
        ? {}
        : { rewrite: `CREATE VIEW ${quoteIdentifier(renamed.table)} AS SELECT * FROM ${quoteTable(renamed.to)};` }),
    };
  },
};

interface Renamed {
  readonly table: string;
  readonly column: string | null;
  readonly to: { readonly schema: string | null; readonly name: string } | null;
}

function renamedBy({ change }: Parsed, context: HazardContext): Renamed | null {
  if (context.traits.verb === 'RENAME') return renamedTable(context);
  if (change === null) return null;
  const table = known(change.alteration.table, context);
  if (table.isNew) return null;
  for (const clause of change.alteration.clauses) {
    if (clause.kind === 'renameTable') return { table: table.name, column: null, to: clause.to };
    if (clause.kind === 'renameColumn') return { table: table.name, column: clause.before, to: null };
    if (clause.kind === 'changeColumn' && clause.before.toLowerCase() !== clause.column.name.toLowerCase())
      return { table: table.name, column: clause.before, to: null };
  }
  return null;
}

/** Names that are exchanged leave none behind. */
function renamedTable(context: HazardContext): Renamed | null {
  return readable(() => {
    const words = wordsIn(context.statement.text);
    words.expect('RENAME');
    if (words.oneOf('TABLE', 'TABLES') === '') return null;
    words.accept('IF EXISTS');
    const pairs = words.list(() => {
      const from = words.object();
      if (!words.accept('NOWAIT') && words.accept('WAIT')) words.number();
      words.expect('TO');
      return [from, words.object()] as const;
    });
    const kept = new Set(pairs.map(([, to]) => to.name.toLowerCase()));
    const gone = pairs.find(([from]) => !kept.has(from.name.toLowerCase()) && !known(from, context).isNew);
    return gone === undefined ? null : { table: known(gone[0], context).name, column: null, to: gone[1] };
  });
}
