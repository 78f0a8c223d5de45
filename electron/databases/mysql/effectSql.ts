// Conditions over the catalogue, of which effects are made.
import { type ObjectName, Unreadable, type Word } from '../splitting/words.ts';
import { mysqlDialect } from './dialect.ts';

export const { quoteLiteral } = mysqlDialect;

export const schemaOf = ({ schema }: ObjectName): string => (schema === null ? 'DATABASE()' : quoteLiteral(schema));

/** In the tables of the catalogue that have TABLE_SCHEMA and TABLE_NAME. */
export const here = (object: ObjectName): string =>
  `TABLE_SCHEMA = ${schemaOf(object)} AND TABLE_NAME = ${quoteLiteral(object.name)}`;

export const found = (table: string, ...conditions: readonly string[]): string =>
  `EXISTS (SELECT 1 FROM information_schema.${table} WHERE ${conditions.join(' AND ')})`;

export const missing = (table: string, ...conditions: readonly string[]): string =>
  `NOT ${found(table, ...conditions)}`;

/** The catalogue's own collations know neither case nor accents. */
export const same = (column: string, value: string): string =>
  `CONVERT(${column} USING utf8mb4) COLLATE utf8mb4_bin = ${quoteLiteral(value)}`;

export const among = (column: string, values: readonly string[]): string =>
  `CONVERT(${column} USING utf8mb4) COLLATE utf8mb4_bin IN (${values.map(quoteLiteral).join(', ')})`;

export const all = (conditions: readonly string[]): string =>
  conditions.map((condition) => `(${condition})`).join(' AND ');

/**
 * An expression as both its author and the server write it, who adds qualifiers, quotes and parentheses, and drops
 * spaces: a difference in these alone is not seen.
 */
export function loose(words: readonly Word[]): string {
  const parts: string[] = [];
  const isNumber = (index: number): boolean => /^\d+$/.test(words[index]?.source ?? '');
  words.forEach(({ source }, index) => {
    const qualifies = words[index + 1]?.source === '.' && !isNumber(index);
    const isDot = source === '.' && !isNumber(index - 1);
    if (!qualifies && !isDot && source !== '(' && source !== ')') parts.push(looseWord(source));
  });
  return parts.join('').replaceAll('!=', '<>').replaceAll('count*', 'count0').toLowerCase();
}

function looseWord(source: string): string {
  if (source.includes('\\')) throw new Unreadable('escape');
  if (source.startsWith('"')) throw new Unreadable('"');
  return source.replace(/[\s`()]/g, '');
}

/** SQL by which what the server wrote becomes `loose`. */
export const loosely = (column: string): string =>
  `REGEXP_REPLACE(REGEXP_REPLACE(LOWER(CONVERT(${column} USING utf8mb4)), '\`[^\`]+\`[.]|_utf8mb[34]', ''), '[\`()[:space:]]', '')`;

export const alike = (column: string, words: readonly Word[]): string =>
  `${loosely(column)} COLLATE utf8mb4_bin = ${quoteLiteral(loose(words))}`;

/** Servers differ in whether `utf8` is called by its full name. */
export const utf8Names = (name: string): string[] =>
  /^utf8(?:$|_)/.test(name) ? [name, name.replace('utf8', 'utf8mb3')] : [name];
