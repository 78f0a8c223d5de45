// What the catalogue must say of a column when its definition has taken effect.
import { type ObjectName, Unreadable, type Words } from '../splitting/words.ts';
import { alike, all, among, found, here, loosely, quoteLiteral, same, utf8Names } from './effectSql.ts';
import { keyColumns, references, type TableEffect } from './keyEffect.ts';

const integers: Readonly<Record<string, readonly [base: string, signed: number, unsigned: number]>> = {
  TINYINT: ['tinyint', 4, 3],
  INT1: ['tinyint', 4, 3],
  SMALLINT: ['smallint', 6, 5],
  INT2: ['smallint', 6, 5],
  MEDIUMINT: ['mediumint', 9, 8],
  INT3: ['mediumint', 9, 8],
  INT: ['int', 11, 10],
  INTEGER: ['int', 11, 10],
  INT4: ['int', 11, 10],
  BIGINT: ['bigint', 20, 20],
  INT8: ['bigint', 20, 20],
};

/** Types that the catalogue writes as the statement does. */
const plain = new Set(
  (
    'TINYTEXT TEXT MEDIUMTEXT LONGTEXT TINYBLOB BLOB MEDIUMBLOB LONGBLOB DATE UUID INET4 INET6 ' +
    'GEOMETRY POINT LINESTRING POLYGON MULTIPOINT MULTILINESTRING MULTIPOLYGON GEOMETRYCOLLECTION'
  ).split(' '),
);

/** The spellings that servers have for a column's type. @throws {Unreadable} */
export function columnType(words: Words): string[] {
  const { text } = words.next();
  const integer = integers[text];
  if (integer !== undefined) return integerType(integer, words);
  if (plain.has(text) && words.peek() !== '(') return [text.toLowerCase()];
  switch (text) {
    case 'BOOL':
    case 'BOOLEAN':
      return ['tinyint(1)'];
    case 'SERIAL':
      return ['bigint(20) unsigned', 'bigint unsigned'];
    case 'BIT':
    case 'CHAR':
    case 'BINARY':
      if (words.accept('VARYING')) return [`var${text.toLowerCase()}(${size(words) ?? ''})`];
      return [`${text.toLowerCase()}(${size(words) ?? 1})`];
    case 'CHARACTER':
      return [words.accept('VARYING') ? `varchar(${size(words) ?? ''})` : `char(${size(words) ?? 1})`];
    case 'VARCHAR':
    case 'VARBINARY':
      return [`${text.toLowerCase()}(${size(words) ?? ''})`];
    case 'DECIMAL':
    case 'NUMERIC':
    case 'DEC':
    case 'FIXED':
      return signed(`decimal(${decimalSize(words)})`, words);
    case 'FLOAT':
    case 'DOUBLE':
    case 'REAL':
      words.accept('PRECISION');
      if (words.peek() === '(') throw new Unreadable('size');
      return signed(text === 'FLOAT' ? 'float' : 'double', words);
    case 'TIME':
    case 'DATETIME':
    case 'TIMESTAMP':
      return [sized(text.toLowerCase(), size(words))];
    case 'YEAR':
      size(words);
      return ['year(4)', 'year'];
    case 'JSON':
      return ['longtext', 'json'];
    case 'ENUM':
    case 'SET':
      return [`${text.toLowerCase()}(${values(words.group())})`];
    default:
      throw new Unreadable(text);
  }
}

function integerType([base, narrow, wide]: readonly [string, number, number], words: Words): string[] {
  const width = size(words);
  const [attributes = ''] = signed('', words);
  const shown = width ?? (attributes === '' ? narrow : wide);
  return [`${base}(${shown})${attributes}`, `${base}${attributes}`];
}

function signed(type: string, words: Words): string[] {
  let unsigned = '';
  for (;;) {
    const word = words.oneOf('UNSIGNED', 'SIGNED', 'ZEROFILL');
    if (word === 'ZEROFILL') throw new Unreadable('ZEROFILL');
    if (word === 'UNSIGNED') unsigned = ' unsigned';
    if (word === '') return [type + unsigned];
  }
}

const sized = (type: string, digits: string | null): string =>
  digits === null || digits === '0' ? type : `${type}(${digits})`;

function size(words: Words): string | null {
  if (words.peek() !== '(') return null;
  const inside = words.group();
  const digits = inside.number();
  inside.finish();
  return digits;
}

function decimalSize(words: Words): string {
  if (words.peek() !== '(') return '10,0';
  const inside = words.group();
  const digits = inside.number();
  return `${digits},${inside.accept(',') ? inside.number() : '0'}`;
}

const values = (inside: Words): string =>
  inside.list(() => `'${inside.text().trimEnd().replaceAll("'", "''")}'`).join(',');

/** What a definition leaves open means what it meant before when a column is new, and nothing when it is changed. */
interface Told {
  nullable: boolean | null;
  default: boolean;
  comment: boolean;
}

/**
 * Takes a definition after its name, up to what cannot belong to it; tells `effect` what to expect of the column.
 * `isNew`: of a CREATE TABLE, whose keys come later and make columns NOT NULL.
 * @throws {Unreadable}
 */
export function readColumn(words: Words, column: string, effect: TableEffect, isNew: boolean): void {
  const isTimestamp = words.peek() === 'TIMESTAMP';
  const isSerial = words.peek() === 'SERIAL';
  const conditions = [among('COLUMN_TYPE', columnType(words))];
  const told: Told = { nullable: null, default: isTimestamp || isSerial, comment: false };
  while (!words.ended && words.peek() !== ',' && !/^(?:FIRST|AFTER)$/.test(words.peek()))
    conditions.push(...attribute(words, column, effect, told));
  if (told.nullable === null && !isNew && !isTimestamp && !isSerial)
    conditions.push("IS_NULLABLE = 'YES' OR COLUMN_KEY = 'PRI'");
  if (told.nullable !== null) conditions.push(`IS_NULLABLE = '${told.nullable ? 'YES' : 'NO'}'`);
  if (!told.default) conditions.push(noDefault);
  if (!told.comment) conditions.push("COLUMN_COMMENT = ''");
  effect.expect(`column ${column.toLowerCase()}`, columnIs(column, ...conditions));
}

export const noDefault = "COLUMN_DEFAULT IS NULL OR COLUMN_DEFAULT = 'NULL'";

export const columnIs =
  (column: string, ...conditions: readonly string[]) =>
  (table: ObjectName): string =>
    found('COLUMNS', here(table), `COLUMN_NAME = ${quoteLiteral(column)}`, ...conditions.map((one) => `(${one})`));

function attribute(words: Words, column: string, effect: TableEffect, told: Told): string[] {
  if (words.accept('NOT NULL')) told.nullable = false;
  else if (words.accept('NULL')) told.nullable = true;
  else if (words.accept('DEFAULT')) {
    told.default = true;
    return [defaultIs(words)];
  } else if (words.accept('COMMENT')) {
    told.comment = true;
    return [same('COLUMN_COMMENT', words.text())];
  } else if (words.accept('AUTO_INCREMENT')) {
    told.nullable ??= false;
    return ["EXTRA LIKE '%auto_increment%'"];
  } else if (words.accept('ON UPDATE')) return [`EXTRA LIKE '%on update ${currentTimestamp(words)}%'`];
  else if (words.oneOf('CHARACTER SET', 'CHARSET') !== '')
    return [among('CHARACTER_SET_NAME', utf8Names(words.name().toLowerCase()))];
  else if (words.accept('COLLATE')) return [among('COLLATION_NAME', utf8Names(words.name().toLowerCase()))];
  else if (words.oneOf('GENERATED ALWAYS AS', 'AS') !== '') {
    told.default = true;
    return [generated(words)];
  } else if (words.oneOf('UNIQUE KEY', 'UNIQUE') !== '') effect.expect(`unique ${column}`, keyColumns([column], true));
  else if (words.oneOf('PRIMARY KEY', 'KEY') !== '') {
    told.nullable = false;
    effect.expect('index primary', keyColumns([column], true, 'PRIMARY'));
  } else if (words.peek() === 'REFERENCES') {
    const { condition } = references(words, [column], null);
    // MySQL reads this and does nothing (dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html).
    effect.expectUnnamed((table) => `/*M!100500 ${condition(table)} AND */ TRUE`);
  } else throw new Unreadable(words.peek());
  return [];
}

function generated(words: Words): string {
  const expression = alike('GENERATION_EXPRESSION', words.group().rest());
  const stored = words.oneOf('STORED', 'PERSISTENT') !== '';
  if (!stored) words.accept('VIRTUAL');
  return all([expression, `EXTRA LIKE '%${stored ? 'STORED' : 'VIRTUAL'}%'`]);
}

function currentTimestamp(words: Words): string {
  if (words.oneOf('CURRENT_TIMESTAMP', 'NOW', 'LOCALTIME', 'LOCALTIMESTAMP') === '') throw new Unreadable('time');
  if (words.peek() !== '(') return 'current_timestamp';
  const digits = words.group().rest()[0]?.source;
  return `current_timestamp${digits === undefined ? '' : `(${digits})`}`;
}

/** @throws {Unreadable} */
export function defaultIs(words: Words): string {
  const column = 'COLUMN_DEFAULT';
  if (words.accept('NULL')) return noDefault;
  if (words.oneOf('TRUE') !== '') return number('1');
  if (words.oneOf('FALSE') !== '') return number('0');
  if (words.peek() === '(') return alike(column, words.group().rest());
  if (/^(?:CURRENT_TIMESTAMP|NOW|LOCALTIME|LOCALTIMESTAMP)$/.test(words.peek()))
    return `LOWER(${column}) LIKE '${currentTimestamp(words)}%'`;
  if (words.peek() === '') {
    const text = words.text();
    const spelled = among(column, [text, `'${text.replaceAll("'", "''")}'`]);
    return /^-?\d+(?:\.\d+)?$/.test(text) ? `${spelled} OR ${number(text)}` : spelled;
  }
  if (words.peek() === '-' || /^[\d.]/.test(words.peek())) return number(numeral(words));
  const call = words.next().source;
  words.group().finish();
  return `${loosely(column)} = ${quoteLiteral(call.toLowerCase())}`;
}

function numeral(words: Words): string {
  let digits = words.accept('-') ? '-' : '';
  while (/^[\d.]/.test(words.peek())) digits += words.next().source;
  if (!/^-?(?:\d+(?:\.\d+)?|\.\d+)$/.test(digits)) throw new Unreadable(digits);
  return digits;
}

const number = (digits: string): string =>
  `COLUMN_DEFAULT REGEXP '^''?-?[0-9]+([.][0-9]+)?''?$' AND CAST(TRIM(BOTH '''' FROM COLUMN_DEFAULT) AS DECIMAL(65, 30)) = ${digits}`;
