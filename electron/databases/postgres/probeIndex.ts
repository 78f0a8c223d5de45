// By what builds and drops of indexes beside other work are judged. A build that failed leaves an invalid index.
import type { StatementProbe } from '../../engine/ports.ts';
import { type ObjectName, Unreadable, type Word, type Words } from '../splitting/words.ts';
import { dialect } from './dialect.ts';

const { quoteLiteral } = dialect;

const from = 'FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE';

/** `absent`, `valid` or `invalid`. */
const validity = (condition: string): string =>
  `coalesce((SELECT CASE WHEN i.indisvalid THEN 'valid' ELSE 'invalid' END ${from} ${condition}), 'absent')`;

const oid = (object: ObjectName): string => `to_regclass(${quoteLiteral(dialect.quoteTable(object))})`;

/** After CONCURRENTLY. @throws {Unreadable} */
export function createIndex(words: Words, unique: boolean): StatementProbe {
  words.accept('IF NOT EXISTS');
  const name = words.peek() === 'ON' ? null : words.name();
  words.expect('ON');
  words.accept('ONLY');
  const table = words.object();
  const built = `i.indrelid = ${oid(table)} AND i.indisvalid AND i.indisunique = ${unique} AND ${definedAs(words)}`;
  // The server chooses a name: the indexes of the table tell whether there is another one.
  if (name === null) {
    const rows = `concat(c.relname, ' ', i.indisvalid, ' ', pg_get_indexdef(c.oid))`;
    const state = `(SELECT concat(count(*), ' ', md5(string_agg(${rows}, ';' ORDER BY c.relname))) ${from} i.indrelid = ${oid(table)})`;
    return { state, effect: `EXISTS (SELECT ${from} ${built})`, repeatable: false };
  }
  // An index is always in its table's schema.
  const named = `c.relname = ${quoteLiteral(name)} AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = ${oid(table)})`;
  return { state: validity(named), effect: `EXISTS (SELECT ${from} ${named} AND ${built})`, repeatable: false };
}

/** After CONCURRENTLY. @throws {Unreadable} */
export function dropIndex(words: Words): StatementProbe {
  const index = words.object();
  words.oneOf('CASCADE', 'RESTRICT');
  words.finish();
  const state = validity(`i.indexrelid = ${oid(index)}`);
  return { state, effect: `${state} = 'absent'`, repeatable: false };
}

/**
 * As the server writes it: with types at its literals, and parentheses; quotes and spaces may differ as well. What it
 * changes beyond that is not known again.
 */
function definedAs(words: Words): string {
  const method = words.accept('USING') ? words.name() : 'btree';
  const definition = words.rest();
  const place = definition.findIndex(({ text }) => text === 'TABLESPACE');
  const written = definition.slice(0, place === -1 ? undefined : place).flatMap((word) => wordOf(word));
  const definitionOf = `regexp_replace(lower(pg_get_indexdef(c.oid)), '^.*? using ', '')`;
  const shown = `regexp_replace(${definitionOf}, ${quoteLiteral(addition)}, '', 'g')`;
  return `${shown} = ${quoteLiteral((method + written.join('')).toLowerCase())}`;
}

/** What the server adds. */
const addition = String.raw`::(character varying|timestamp with(out)? time zone|double precision|[a-z_]+)(\[\])?|[\s()"]`;

function wordOf({ text, source }: Word): string[] {
  if (text === 'ASC' || text === '(' || text === ')') return [];
  if (source.startsWith('$') || text === 'E') throw new Unreadable(source);
  return [source.replace(/[\s()"]/g, '')];
}
