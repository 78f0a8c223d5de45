/** A difference between two schemas as SQL that leads from the first to the second. Pure; each engine writes its own clauses. */
import { type SchemaChange, type SchemaObject, schemaObjectKinds } from '../../shared/model/snapshot.ts';

/** How an engine writes changes. Null: it cannot be written without a person. */
export interface SchemaWriter {
  /** `parts`: columns, constraints and indexes of a table that is made whole. */
  create(object: SchemaObject, parts: readonly SchemaObject[]): readonly string[] | null;
  drop(object: SchemaObject): readonly string[] | null;
  /** `facts`: words of those that differ. */
  alter(before: SchemaObject, after: SchemaObject, facts: readonly string[]): readonly string[] | null;
  /** Kinds of parts that a new table's statement holds already. */
  readonly inline: readonly SchemaObject['kind'][];
  /** Before all others. */
  readonly preamble: readonly string[];
}

export interface SchemaScript {
  readonly statements: readonly string[];
  /** What a person has to write, in words. */
  readonly unwritten: readonly string[];
}

export function writeSchemaScript(changes: readonly SchemaChange[], writer: SchemaWriter): SchemaScript {
  const made = new Set(
    changes.flatMap((one) => (one.change === 'added' && isTable(one.after) ? [one.after.name] : [])),
  );
  const gone = new Set(
    changes.flatMap((one) => (one.change === 'removed' && isTable(one.before) ? [one.before.name] : [])),
  );
  const unwritten: string[] = [];
  const write = (object: SchemaObject, what: string, statements: readonly string[] | null): readonly string[] => {
    if (statements === null) unwritten.push(`${what} ${object.kind} ${object.name}`);
    return statements ?? [];
  };
  const drops = changes.toReversed().flatMap((one) => {
    if (one.change !== 'removed' || (one.before.table !== null && gone.has(one.before.table))) return [];
    return write(one.before, 'drop', writer.drop(one.before));
  });
  const partsOf = ({ name }: SchemaObject): SchemaObject[] =>
    changes.flatMap((one) => (one.change === 'added' && one.after.table === name ? [one.after] : []));
  const builds = changes.toSorted(byKind).flatMap((one) => {
    if (one.change === 'changed') return write(one.after, 'change', writer.alter(one.before, one.after, one.facts));
    if (one.change === 'removed') return [];
    const { after } = one;
    if (after.table !== null && made.has(after.table) && writer.inline.includes(after.kind)) return [];
    return write(after, 'create', writer.create(after, isTable(after) ? partsOf(after) : []));
  });
  const statements = [...drops, ...builds];
  return { statements: statements.length === 0 ? [] : [...writer.preamble, ...statements], unwritten };
}

const isTable = ({ kind }: SchemaObject): boolean => kind === 'table' || kind === 'foreignTable';

const kindOf = (change: SchemaChange): SchemaObject['kind'] =>
  change.change === 'removed' ? change.before.kind : change.after.kind;

const byKind = (left: SchemaChange, right: SchemaChange): number =>
  schemaObjectKinds.indexOf(kindOf(left)) - schemaObjectKinds.indexOf(kindOf(right));

/** The same difference seen from its other end. */
export const reversed = (changes: readonly SchemaChange[]): SchemaChange[] => changes.map(reverse);

function reverse(one: SchemaChange): SchemaChange {
  switch (one.change) {
    case 'added':
      return { change: 'removed', before: one.after };
    case 'removed':
      return { change: 'added', after: one.before };
    case 'changed':
      return { ...one, before: one.after, after: one.before };
  }
}

/** In the order in which columns stand. */
export const byPosition = (left: SchemaObject, right: SchemaObject): number =>
  Number(left.facts['position'] ?? 0) - Number(right.facts['position'] ?? 0);
