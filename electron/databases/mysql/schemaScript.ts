/** MySQL's and MariaDB's SQL for differences between schemas: clauses as SHOW CREATE TABLE tells them. */
import type { SchemaObject } from '../../../shared/model/snapshot.ts';
import type { SchemaWriter } from '../../engine/schemaScript.ts';

export const schemaWriter: SchemaWriter = {
  create: (object) => {
    const { kind, create, table } = object;
    if (create === null) return null;
    if (kind === 'table') return [create.replace(/ AUTO_INCREMENT=\d+/, '')];
    if (kind === 'column') return [`ALTER TABLE ${table} ADD COLUMN ${create}`];
    return kind === 'constraint' || kind === 'index' ? [`ALTER TABLE ${table} ADD ${create}`] : [create];
  },
  drop,
  alter: (before, after, facts) => {
    const { kind, table, name, create } = after;
    if (kind === 'column') return [`ALTER TABLE ${table} MODIFY COLUMN ${create ?? ''}`];
    if (kind === 'table')
      return facts.includes('definition') && keepsOptions(before, after)
        ? [`ALTER TABLE ${name} ${optionsOf(after)}`]
        : null;
    const gone = drop(before);
    const made = schemaWriter.create(after, []);
    return gone === null || made === null ? null : [...gone, ...made];
  },
  inline: ['column', 'constraint', 'index'],
  // Tables may refer to ones that come after them.
  preamble: ['SET foreign_key_checks = 0'],
};

const ownName = ({ name, table }: SchemaObject): string => (table === null ? name : name.slice(table.length + 1));

const optionsOf = ({ facts }: SchemaObject): string => facts['definition'] ?? '';

/** An option that is only left out keeps its value. */
function keepsOptions(before: SchemaObject, after: SchemaObject): boolean {
  const words = (object: SchemaObject): string[] => optionsOf(object).match(/\w+(?==)/g) ?? [];
  const kept = new Set(words(after));
  return words(before).every((word) => kept.has(word));
}

function drop(object: SchemaObject): string[] | null {
  const { kind, table, name, facts } = object;
  switch (kind) {
    case 'column':
      return [`ALTER TABLE ${table} DROP COLUMN ${ownName(object)}`];
    case 'index':
      return [`ALTER TABLE ${table} DROP KEY ${ownName(object)}`];
    case 'constraint':
      if (ownName(object) === 'PRIMARY') return [`ALTER TABLE ${table} DROP PRIMARY KEY`];
      return facts['definition']?.startsWith('FOREIGN KEY') === true
        ? [`ALTER TABLE ${table} DROP FOREIGN KEY ${ownName(object)}`]
        : [`ALTER TABLE ${table} DROP CONSTRAINT ${ownName(object)}`];
    case 'routine': {
      const [, word = '', routine = ''] = /^(\w+(?: body)?) (`.*)$/s.exec(name) ?? [];
      return [`DROP ${word.toUpperCase()} ${routine}`];
    }
    case 'trigger':
    case 'view':
    case 'event':
    case 'sequence':
    case 'table':
      return [`DROP ${kind.toUpperCase()} ${name}`];
    default:
      return null;
  }
}
