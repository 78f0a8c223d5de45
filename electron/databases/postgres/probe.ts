// Evidence of what a statement that cannot share a transaction did, as an expression over the catalogue.
import type { StatementProbe } from '../../engine/ports.ts';
import { dialect } from './dialect.ts';

const name = String.raw`(?:"(?:[^"]|"")+"|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)`;
const qualified = String.raw`(?:${name}\s*\.\s*)?${name}`;

const createIndex = new RegExp(
  String.raw`^\s*CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+(?:IF\s+NOT\s+EXISTS\s+)?(?<index>${name})\s+ON\s+(?:ONLY\s+)?(?<table>${qualified})`,
  'i',
);
const dropIndex = new RegExp(
  String.raw`^\s*DROP\s+INDEX\s+CONCURRENTLY\s+(?:IF\s+EXISTS\s+)?(?<index>${qualified})\s*(?:CASCADE|RESTRICT)?\s*$`,
  'i',
);

/**
 * `absent`, `valid` or `invalid`: the index of a concurrent build or drop. Null for every other kind of statement, and
 * for an index that the server names itself.
 */
export function probe(statement: string): StatementProbe | null {
  const state = indexState(statement);
  return state === null ? null : { state, effect: null, repeatable: false };
}

function indexState(statement: string): string | null {
  const created = createIndex.exec(statement)?.groups;
  if (created?.['index'] !== undefined && created['table'] !== undefined)
    return builtIndex(created['index'], created['table']);
  const dropped = dropIndex.exec(statement)?.groups?.['index'];
  return dropped === undefined ? null : stateOf(`i.indexrelid = to_regclass(${dialect.quoteLiteral(dropped)})`);
}

/** An index is always in its table's schema. */
const builtIndex = (index: string, table: string): string =>
  stateOf(
    `c.relname = ${dialect.quoteLiteral(folded(index))} AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass(${dialect.quoteLiteral(table)}))`,
  );

const stateOf = (condition: string): string =>
  `coalesce((SELECT CASE WHEN i.indisvalid THEN 'valid' ELSE 'invalid' END FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE ${condition}), 'absent')`;

/** As the catalogue spells it: unquoted ASCII letters become small, and 63 bytes are kept. */
function folded(identifier: string): string {
  const spelled = identifier.startsWith('"')
    ? identifier.slice(1, -1).replaceAll('""', '"')
    : identifier.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return Buffer.from(spelled).subarray(0, 63).toString();
}
