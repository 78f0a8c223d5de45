/** Objects of a schema and changes of them in words. */
import type { SchemaChange, SchemaObject } from './snapshot.ts';

/** Objects as lines that a person can compare: facts that are not there are not told. */
export function describeObject({ kind, name, table, facts }: SchemaObject): string {
  const told = Object.entries(facts)
    .filter(([word]) => word !== 'nameGenerated' && word !== 'position')
    .map(([word, value]) => (word === 'definition' ? value : `${word} ${value}`));
  const on = table === null || kind === 'column' ? '' : ` on ${table}`;
  return [`${kind} ${name}${on}`, ...told].join(' ');
}

const changeWords = { added: 'was added', removed: 'is gone', changed: 'differs' } as const;

/** `table public.ship was added`, `column public.ship.name differs in type (text, was varchar(20))`. */
export function describeChange(change: SchemaChange): string {
  const { kind, name } = change.change === 'removed' ? change.before : change.after;
  if (change.change !== 'changed') return `${kind} ${name} ${changeWords[change.change]}`;
  const { before, after, facts } = change;
  const short = (text: string | undefined): string =>
    text === undefined ? 'nothing' : text.length > 60 || text.includes('\n') ? 'another text' : text;
  const told = facts.map((fact) => `${fact} (${short(after.facts[fact])}, was ${short(before.facts[fact])})`);
  return `${kind} ${name} ${changeWords.changed} in ${told.join(', ')}`;
}
