import type { HazardRule } from '../../../engine/hazards.ts';

const drops = /^\s*DROP\s+(TABLE|DATABASE|SCHEMA|MATERIALIZED\s+VIEW)\b/i;
const dropsColumn =
  /^\s*ALTER\s+TABLE\b[\s\S]*?\bDROP\s+(?!CONSTRAINT\b|INDEX\b|KEY\b|FOREIGN\b|PRIMARY\b|CHECK\b|DEFAULT\b|NOT\b|EXPRESSION\b|IDENTITY\b)(?:COLUMN\b|["`[\w])/i;
const deletesAll = /^\s*(DELETE\s+FROM|UPDATE)\b(?![\s\S]*\b(WHERE|USING|JOIN|LIMIT)\b)/i;

/** Rows or columns go that only a backup brings back. */
export const dataLoss: HazardRule<unknown> = {
  code: 'dataLoss',
  category: 'dataLoss',
  look(_parsed, { statement, traits }) {
    const what = lost(statement.text, traits.verb);
    return what === null ? null : { severity: 'danger', message: `${what}: only a backup brings the data back.` };
  },
};

function lost(text: string, verb: string): string | null {
  const object = drops.exec(text)?.[1];
  if (object !== undefined) return `Drops a ${object.toLowerCase()}`;
  if (verb.startsWith('TRUNCATE')) return 'Empties a table';
  if (dropsColumn.test(text)) return 'Drops a column';
  if (deletesAll.test(text))
    return verb.startsWith('UPDATE') ? 'Changes every row of a table' : 'Deletes every row of a table';
  return null;
}
