/** SQLite's SQL for differences between schemas. What its ALTER TABLE cannot do needs a rebuild, which a person writes. */
import type { SchemaObject } from '../../../shared/model/snapshot.ts';
import type { SchemaWriter } from '../../engine/schemaScript.ts';

const ownName = ({ name, table }: SchemaObject): string => (table === null ? name : name.slice(table.length + 1));

/** https://sqlite.org/lang_altertable.html: what may not be added to a table that may have rows. */
const notAddable = /\b(?:PRIMARY|UNIQUE|STORED)\b|\bDEFAULT\s+(?:CURRENT_|\()|\bNOT NULL\b(?!.*\bDEFAULT\b)/i;

export const schemaWriter: SchemaWriter = {
  create: ({ kind, table, create, facts }) => {
    if (create === null || kind === 'constraint') return null;
    if (kind !== 'column') return [create];
    return notAddable.test(facts['definition'] ?? '') ? null : [`ALTER TABLE ${table} ADD COLUMN ${create}`];
  },
  drop: (object) => {
    const { kind, name, table } = object;
    if (kind === 'constraint') return null;
    if (kind === 'column') return [`ALTER TABLE ${table} DROP COLUMN ${ownName(object)}`];
    return [`DROP ${kind.toUpperCase()} ${name}`];
  },
  alter: (before, after) => {
    if (after.kind === 'table' || after.kind === 'column' || after.kind === 'constraint') return null;
    return after.create === null ? null : [`DROP ${before.kind.toUpperCase()} ${before.name}`, after.create];
  },
  inline: ['column', 'constraint'],
  preamble: [],
};
