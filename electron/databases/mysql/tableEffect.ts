// What the catalogue must say of a table when a CREATE TABLE or ALTER TABLE has taken effect.

import { type ObjectName, Unreadable, type Words } from '../splitting/words.ts';
import { columnIs, defaultIs, noDefault, readColumn } from './columnEffect.ts';
import { mysqlDialect } from './dialect.ts';
import { all, among, found, here, missing, quoteLiteral, same, schemaOf, utf8Names } from './effectSql.ts';
import { type Condition, index, noConstraint, noIndex, readKey, TableEffect } from './keyEffect.ts';
import { addPartitioning, alterPartitions } from './partitionEffect.ts';
import { columnsDigest } from './probeStates.ts';

const exists = (table: ObjectName, ...conditions: readonly string[]): string =>
  found('TABLES', here(table), ...conditions);
const absent = (table: ObjectName): string => missing('TABLES', here(table));
const isSame = (one: ObjectName, other: ObjectName): boolean => one.schema === other.schema && one.name === other.name;

/** After the name. @throws {Unreadable} */
export function createTable(words: Words, table: ObjectName): string {
  if (words.accept('LIKE')) return like(table, words.object(), words);
  const inside = words.group();
  if (inside.accept('LIKE')) return like(table, inside.object(), words);
  const effect = new TableEffect();
  let columns = 0;
  inside.list(() => {
    if (readKey(inside, effect)) return;
    readColumn(inside, inside.name(), effect, true);
    columns++;
  });
  inside.finish();
  while (!words.ended) if (!words.accept(',') && !addPartitioning(words, effect)) option(words, effect);
  const count = `(SELECT COUNT(*) FROM information_schema.COLUMNS WHERE ${here(table)}) = ${columns}`;
  return all([exists(table), count, ...effect.conditions(table)]);
}

function like(table: ObjectName, other: ObjectName, words: Words): string {
  words.finish();
  return `${columnsDigest(here(table))} = ${columnsDigest(here(other))} AND ${exists(table)}`;
}

/**
 * After the name. What it tells is true of a table also where nothing visible has changed: see `repeatableAlter`.
 * @throws {Unreadable}
 */
export function alterTable(words: Words, table: ObjectName): string {
  const effect = new TableEffect();
  let renamed: ObjectName | null = null;
  let positions = 0;
  if (!words.accept('NOWAIT') && words.accept('WAIT')) words.number();
  words.list(() => {
    const to = newName(words);
    if (to !== null) renamed = to;
    else positions += alteration(words, effect);
  });
  while (!words.ended) if (!addPartitioning(words, effect)) option(words, effect);
  if (positions > 1) throw new Unreadable('several positions');
  // What leaves no trace is no evidence of having happened.
  if (effect.isEmpty && renamed === null) throw new Unreadable('nothing visible');
  const now: ObjectName = renamed ?? table;
  const conditions = [exists(now), ...effect.conditions(now)];
  return all(isSame(now, table) ? conditions : [absent(table), ...conditions]);
}

function newName(words: Words): ObjectName | null {
  if (!/^RENAME$/.test(words.peek()) || /^(?:COLUMN|INDEX|KEY)$/.test(words.peek(1))) return null;
  words.next();
  words.oneOf('TO', 'AS', '=');
  return words.object();
}

/** @returns how many places of columns the clause tells. @throws {Unreadable} */
function alteration(words: Words, effect: TableEffect): number {
  switch (words.peek()) {
    case 'ADD':
      words.next();
      return added(words, effect);
    case 'DROP':
      words.next();
      dropped(words, effect);
      return 0;
    case 'MODIFY':
    case 'CHANGE':
      return changed(words, effect);
    case 'ALTER':
      words.next();
      altered(words, effect);
      return 0;
    case 'RENAME':
      words.next();
      renamedPart(words, effect);
      return 0;
    default:
      if (!alterPartitions(words, effect)) option(words, effect);
      return 0;
  }
}

function added(words: Words, effect: TableEffect): number {
  if (alterPartitions(words, effect, 'ADD') || readKey(words, effect)) return 0;
  words.accept('COLUMN');
  words.accept('IF NOT EXISTS');
  if (words.peek() === '(') {
    const inside = words.group();
    inside.list(() => readKey(inside, effect) || readColumn(inside, inside.name(), effect, false));
    inside.finish();
    return 0;
  }
  const column = words.name();
  readColumn(words, column, effect, false);
  return position(words, column, effect);
}

function changed(words: Words, effect: TableEffect): number {
  const isChange = words.next().text === 'CHANGE';
  words.accept('COLUMN');
  words.accept('IF EXISTS');
  const before = words.name();
  const column = isChange ? words.name() : before;
  if (column.toLowerCase() !== before.toLowerCase()) noColumn(before, effect);
  readColumn(words, column, effect, false);
  return position(words, column, effect);
}

function position(words: Words, column: string, effect: TableEffect): number {
  const isFirst = words.accept('FIRST');
  if (!isFirst && !words.accept('AFTER')) return 0;
  const after = isFirst ? null : words.name();
  effect.expectUnnamed((table) => {
    const before = `(SELECT ORDINAL_POSITION FROM information_schema.COLUMNS WHERE ${here(table)} AND COLUMN_NAME = ${quoteLiteral(after ?? '')})`;
    return columnIs(column, `ORDINAL_POSITION = 1${after === null ? '' : ` + ${before}`}`)(table);
  });
  return 1;
}

const noColumn = (column: string, effect: TableEffect): void =>
  effect.expectDropped(`column ${column.toLowerCase()}`, (table) =>
    missing('COLUMNS', here(table), `COLUMN_NAME = ${quoteLiteral(column)}`),
  );

function dropped(words: Words, effect: TableEffect): void {
  if (alterPartitions(words, effect, 'DROP')) return;
  if (words.accept('PRIMARY KEY')) {
    effect.expectDropped('index primary', noIndex('PRIMARY'));
    return;
  }
  const type = words.oneOf('FOREIGN KEY', 'INDEX', 'KEY', 'CONSTRAINT', 'CHECK', 'COLUMN');
  words.accept('IF EXISTS');
  const name = words.name();
  words.oneOf('RESTRICT', 'CASCADE');
  if (type === 'INDEX' || type === 'KEY') effect.expectDropped(`index ${name.toLowerCase()}`, noIndex(name));
  else if (type === 'COLUMN' || type === '') noColumn(name, effect);
  else
    effect.expectDropped(
      `constraint ${name.toLowerCase()}`,
      noConstraint(name, type === 'CONSTRAINT' ? undefined : type),
    );
}

function altered(words: Words, effect: TableEffect): void {
  words.accept('COLUMN');
  words.accept('IF EXISTS');
  const column = words.name();
  const value = words.accept('SET DEFAULT') ? defaultIs(words) : dropDefault(words);
  effect.expect(`column ${column.toLowerCase()}`, columnIs(column, value));
}

function dropDefault(words: Words): string {
  words.expect('DROP DEFAULT');
  return noDefault;
}

function renamedPart(words: Words, effect: TableEffect): void {
  const isColumn = words.oneOf('COLUMN', 'INDEX', 'KEY') === 'COLUMN';
  words.accept('IF EXISTS');
  const before = words.name();
  words.expect('TO');
  const after = words.name();
  if (before.toLowerCase() === after.toLowerCase()) throw new Unreadable('case');
  if (isColumn) {
    noColumn(before, effect);
    effect.expect(`column ${after.toLowerCase()}`, columnIs(after));
    return;
  }
  effect.expectDropped(`index ${before.toLowerCase()}`, noIndex(before));
  effect.expect(`index ${after.toLowerCase()}`, (table) =>
    found('STATISTICS', here(table), `INDEX_NAME = ${quoteLiteral(after)}`),
  );
}

/** Options that choose how the server works, or whose repetition is harmless: they leave no trace of their own. */
const traceless = ['ALGORITHM', 'LOCK'];

function option(words: Words, effect: TableEffect): void {
  words.accept('DEFAULT');
  if (words.oneOf('FORCE', 'ENABLE KEYS', 'DISABLE KEYS') !== '') return;
  if (words.accept('CONVERT TO')) {
    converted(words, effect);
    return;
  }
  const { text, source } = words.next();
  const name = text === 'CHARACTER' && words.accept('SET') ? 'CHARSET' : text;
  if (name === '' || !/^[A-Z_]+$/.test(name)) throw new Unreadable(source);
  words.accept('=');
  if (traceless.includes(name)) words.next();
  else effect.expect(`option ${name.toLowerCase()}`, optionIs(name, words));
}

function optionIs(name: string, words: Words): Condition {
  const condition = optionValue(name, words);
  return (table) => exists(table, condition);
}

function optionValue(name: string, words: Words): string {
  switch (name) {
    case 'ENGINE':
      return `ENGINE = ${quoteLiteral(words.name())}`;
    case 'COMMENT':
      return same('TABLE_COMMENT', words.text());
    case 'AUTO_INCREMENT':
      return `AUTO_INCREMENT >= ${words.number()}`;
    case 'CHARSET':
      return charsetIs(words.name());
    case 'COLLATE':
      return among('TABLE_COLLATION', utf8Names(words.name().toLowerCase()));
    case 'ROW_FORMAT':
      return `ROW_FORMAT = ${quoteLiteral(definite(words.name()))}`;
    default: {
      const value = definite(words.next().source.replaceAll("'", ''));
      return `CONCAT(' ', REPLACE(LOWER(CREATE_OPTIONS), '\`', ''), ' ') LIKE ${quoteLiteral(`% ${name.toLowerCase()}=${value.toLowerCase().replaceAll('_', '\\_')} %`)}`;
    }
  }
}

function definite(value: string): string {
  if (/^default$/i.test(value)) throw new Unreadable(value);
  return value;
}

const charsetIs = (charset: string): string =>
  among("SUBSTRING_INDEX(TABLE_COLLATION, '_', 1)", utf8Names(charset.toLowerCase()));

/** Every column that has a character set has this one. */
function converted(words: Words, effect: TableEffect): void {
  if (words.oneOf('CHARACTER SET', 'CHARSET') === '') throw new Unreadable('CONVERT');
  const charset = words.name().toLowerCase();
  const collation = words.accept('COLLATE') ? words.name().toLowerCase() : null;
  effect.expect('option charset', (table) => {
    const columns = [`NOT ${among('CHARACTER_SET_NAME', utf8Names(charset))}`];
    if (collation !== null) columns.push(`NOT ${among('COLLATION_NAME', utf8Names(collation))}`);
    return all([exists(table, charsetIs(charset)), missing('COLUMNS', here(table), `(${columns.join(' OR ')})`)]);
  });
}

/** `CREATE … INDEX` after `ON table`. */
export const createIndex = (words: Words, table: ObjectName, name: string, kind: string): string =>
  index(words, kind === 'UNIQUE', name, kind === 'FULLTEXT' || kind === 'SPATIAL' ? kind : undefined)(table);

export const dropIndex = (table: ObjectName, name: string): string => all([exists(table), noIndex(name)(table)]);

export const dropTables = (tables: readonly ObjectName[]): string => all(tables.map(absent));

/** Pairs in the order in which they are renamed. @throws {Unreadable} where a name comes up twice */
export function renameTables(pairs: readonly (readonly [ObjectName, ObjectName])[]): string {
  const keys = pairs.flat().map((table) => `${schemaOf(table)}.${quoteLiteral(table.name)}`);
  if (new Set(keys).size < keys.length) throw new Unreadable('names come up twice');
  return all(pairs.flatMap(([from, to]) => [absent(from), exists(to)]));
}

/** Fails where there is no such table. */
export const isEmpty = (table: ObjectName): string =>
  all([exists(table), `NOT EXISTS (SELECT 1 FROM ${mysqlDialect.quoteTable(table)})`]);
