import type { HazardContext, HazardRule } from '../../../engine/hazards.ts';
import { changesAllRows } from '../../common/hazards/rowChanges.ts';
import { tablesOf } from '../classify.ts';
import { known, type Parsed, tablesAfter } from './reading.ts';

/** Rows or columns go that only a backup brings back. */
export const dataLoss: HazardRule<Parsed> = {
  code: 'dataLoss',
  category: 'dataLoss',
  look(parsed, context) {
    const what = lostByTable(parsed, context) ?? lostByColumn(parsed, context) ?? lostByRows(parsed, context);
    return what === null ? null : { severity: 'danger', message: `${what}: only a backup brings the data back.` };
  },
};

function lostByTable({ plain }: Parsed, context: HazardContext): string | null {
  const { text } = context.statement;
  if (context.traits.kind !== 'definition' && context.traits.verb !== 'TRUNCATE') return null;
  const database = /^DROP (?:DATABASE|SCHEMA)\b/.test(plain);
  if (database) return 'Drops a whole database';
  const replaces = tablesAfter(text, 'CREATE OR REPLACE TABLE').slice(0, 1);
  const dropped = used(tablesAfter(text, 'DROP TABLE', 'DROP TABLES'), context);
  const emptied = used(tablesAfter(text, 'TRUNCATE TABLE', 'TRUNCATE'), context);
  const replaced = used(replaces, context).filter(
    (name) => context.sizeOf(name) !== null || context.facts.product === null,
  );
  if (dropped.length > 0) return `Drops ${dropped.join(', ')}`;
  if (emptied.length > 0) return `Empties ${emptied.join(', ')}, which no rollback undoes`;
  return replaced.length > 0 ? `Replaces ${replaced.join(', ')} by a new table` : null;
}

const used = (tables: Parameters<typeof known>[0][], context: HazardContext): string[] =>
  tables.map((table) => known(table, context)).flatMap(({ name, isNew }) => (isNew ? [] : [name]));

function lostByColumn({ change, plain }: Parsed, context: HazardContext): string | null {
  if (change === null) return null;
  const { name, isNew } = known(change.alteration.table, context);
  if (isNew) return null;
  const columns = change.alteration.clauses.flatMap((clause) => (clause.kind === 'dropColumn' ? [clause.name] : []));
  if (columns.length > 0) return `Drops ${columns.join(', ')} of ${name}`;
  const verb = change.alteration.clauses.find((clause) => clause.kind === 'partition')?.verb ?? '';
  if (/^(?:DROP|TRUNCATE)/.test(verb)) return `${verb.startsWith('DROP') ? 'Drops' : 'Empties'} partitions of ${name}`;
  if (/\bDISCARD TABLESPACE\b/.test(plain)) return `Discards the file of ${name}`;
  return change.alteration.ignores ? `Drops rows of ${name} that break a new key (IGNORE)` : null;
}

function lostByRows({ plain }: Parsed, context: HazardContext): string | null {
  if (!/^(?:UPDATE|DELETE)$/.test(context.traits.verb) || !changesAllRows(plain)) return null;
  const [table = ''] = tablesOf(context.statement.text);
  if (context.isNew(table)) return null;
  return `${context.traits.verb === 'UPDATE' ? 'Changes' : 'Deletes'} every row of ${table === '' ? 'a table' : table}`;
}
