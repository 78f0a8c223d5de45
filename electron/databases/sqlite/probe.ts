/** By what a statement outside of a transaction is judged: its state before, and what it makes of it. */
import type { StatementProbe } from '../../engine/ports.ts';
import { TokenReader } from '../splitting/tokenReader.ts';
import { type ObjectName, readable, Unreadable, type Words } from '../splitting/words.ts';
import { sqliteDialect } from './dialect.ts';
import { sqliteLexicon } from './lexicon.ts';
import { wordsIn } from './statementWords.ts';

const { quoteLiteral } = sqliteDialect;

/** @throws {Unreadable} */
type Judge = (words: Words, statement: string) => StatementProbe | null;

/** Nothing tells whether it happened, and nothing needs to. */
const again: StatementProbe = { state: "'repeatable'", effect: null, repeatable: true };

const judges: ReadonlyMap<string, Judge> = new Map<string, Judge>([
  ['CREATE', create],
  ['ALTER', alter],
  ['DROP', drop],
  ['PRAGMA', pragma],
  // VACUUM INTO refuses to overwrite its own file.
  ['VACUUM', (words) => (words.mentions('INTO') ? null : again)],
  ['REINDEX', () => again],
  ['ANALYZE', () => again],
]);

/** Null for statements on rows: nothing cheap tells whether they happened. */
export function probe(statement: string): StatementProbe | null {
  const judge = judges.get(new TokenReader(sqliteLexicon, statement).next()?.text ?? '');
  if (judge === undefined) return null;
  return readable(() => {
    const words = wordsIn(statement);
    words.next();
    return judge(words, statement);
  });
}

/** What is stored of the objects of these names, and of what belongs to them. */
function stateOf(...names: readonly string[]): string {
  const listed = names.map((name) => quoteLiteral(name)).join(', ');
  return (
    "(SELECT coalesce(group_concat(type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, ''), char(10)), '') " +
    `FROM (SELECT * FROM sqlite_schema WHERE name COLLATE NOCASE IN (${listed}) OR tbl_name COLLATE NOCASE IN (${listed}) ORDER BY type, name))`
  );
}

const found = (type: string, name: string, condition = 'TRUE'): string =>
  `EXISTS (SELECT 1 FROM sqlite_schema WHERE type = '${type.toLowerCase()}' AND name = ${quoteLiteral(name)} COLLATE NOCASE AND ${condition})`;

const judged = (state: string, effect: string | null, repeatable = false): StatementProbe => ({
  state,
  effect,
  repeatable,
});

/** A temporary object ends with the session, and one in an attached file is none of this one. */
function mainName(object: ObjectName): string {
  if (object.schema !== null && object.schema.toLowerCase() !== 'main') throw new Unreadable('schema');
  return object.name;
}

function create(words: Words, statement: string): StatementProbe | null {
  const temporary = words.oneOf('TEMP', 'TEMPORARY') !== '';
  words.oneOf('UNIQUE', 'VIRTUAL');
  const type = words.oneOf('TABLE', 'INDEX', 'VIEW', 'TRIGGER');
  if (type === '') return null;
  const repeatable = words.accept('IF NOT EXISTS');
  const name = mainName(words.object());
  if (temporary) return judged(stateOf(name), null, repeatable);
  // Stored from the name on as it was written; what a query makes is written anew.
  const isCopy = type === 'TABLE' && words.peek() === 'AS';
  const written = statement.slice(words.offset).replace(/[\s;]+$/, '');
  const effect = found(type, name, `substr(sql, -length(${quoteLiteral(written)})) = ${quoteLiteral(written)}`);
  return judged(stateOf(name), isCopy ? null : effect, repeatable);
}

function drop(words: Words): StatementProbe | null {
  const type = words.oneOf('TABLE', 'INDEX', 'VIEW', 'TRIGGER');
  if (type === '') return null;
  words.accept('IF EXISTS');
  const name = mainName(words.object());
  return judged(stateOf(name), `NOT ${found(type, name)}`);
}

function alter(words: Words): StatementProbe | null {
  if (!words.accept('TABLE')) return null;
  const table = mainName(words.object());
  if (words.accept('RENAME TO')) {
    const name = words.name();
    return judged(stateOf(table, name), `NOT ${found('table', table)} AND ${found('table', name)}`);
  }
  const has = (column: string, type?: string): string =>
    `EXISTS (SELECT 1 FROM pragma_table_xinfo(${quoteLiteral(table)}) WHERE name = ${quoteLiteral(column)} COLLATE NOCASE${type === undefined ? '' : ` AND type = ${quoteLiteral(type)} COLLATE NOCASE`})`;
  const effect = columnEffect(words, has);
  return judged(stateOf(table), effect === null ? null : `${found('table', table)} AND ${effect}`);
}

function columnEffect(words: Words, has: (column: string, type?: string) => string): string | null {
  if (words.accept('ADD')) {
    words.accept('COLUMN');
    const column = words.name();
    const type =
      words.atName &&
      !/^(?:NOT|NULL|DEFAULT|CHECK|REFERENCES|COLLATE|GENERATED|AS|CONSTRAINT|UNIQUE|PRIMARY)$/.test(words.peek());
    return has(column, type ? typeOf(words) : '');
  }
  if (words.accept('DROP')) {
    words.accept('COLUMN');
    return `NOT ${has(words.name())}`;
  }
  if (!words.accept('RENAME')) return null;
  words.accept('COLUMN');
  const before = words.name();
  words.expect('TO');
  return `NOT ${has(before)} AND ${has(words.name())}`;
}

/** Of one word; of several words where there is nothing after them. */
function typeOf(words: Words): string {
  const type = words.name();
  if (words.peek() !== '(') return type;
  const inside = words.group().rest();
  return `${type}(${inside.map(({ source }) => source).join('')})`;
}

/** Kept in the file. */
const kept = ['USER_VERSION', 'APPLICATION_ID', 'JOURNAL_MODE', 'AUTO_VACUUM'];
const numbers: Readonly<Record<string, string>> = { NONE: '0', FULL: '1', INCREMENTAL: '2' };

function pragma(words: Words): StatementProbe | null {
  if (words.accept('MAIN')) words.expect('.');
  const name = words.next().text;
  // All others set what ends with the session, or work through what is left to do.
  if (!kept.includes(name) || words.ended) return again;
  const state = `(SELECT ${name.toLowerCase()} FROM pragma_${name.toLowerCase()})`;
  const given = words.accept('=') ? words : words.group();
  const value = (given.accept('-') ? '-' : '') + given.next().source.replace(/^'|'$/g, '');
  const expected = quoteLiteral(
    (name === 'AUTO_VACUUM' ? (numbers[value.toUpperCase()] ?? value) : value).toLowerCase(),
  );
  // Sets the same again.
  return judged(state, `CAST(${state} AS TEXT) = ${expected}`, true);
}
