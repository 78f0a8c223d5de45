/** Names in generated SQL, always quoted, meaning what Liquibase's own unquoted ones mean on each database. */
import type { Dbms } from '../conditions.ts';

export type Quoting = 'LEGACY' | 'QUOTE_ALL_OBJECTS' | 'QUOTE_ONLY_RESERVED_WORDS';

/** What changes are written as SQL for. */
export interface SqlTarget {
  readonly dbms: Dbms;
  readonly quoting: Quoting;
}

export const isMysql = ({ dbms }: SqlTarget): boolean => dbms === 'mysql' || dbms === 'mariadb';

export function quoted(name: string, target: SqlTarget): string {
  const text = name.trim();
  if (isMysql(target)) return `\`${text.replaceAll('`', '``')}\``;
  const meant = target.dbms === 'postgresql' && isFolded(text, target.quoting) ? text.toLowerCase() : text;
  return `"${meant.replaceAll('"', '""')}"`;
}

/** PostgresDatabase.escapeObjectName: what it leaves without quotes PostgreSQL reads in lower case. */
function isFolded(name: string, quoting: Quoting): boolean {
  if (quoting === 'QUOTE_ALL_OBJECTS') return false;
  if (quoting === 'LEGACY' && /\p{Lu}/u.test(name) && /\p{Ll}/u.test(name)) return false;
  return /^[\p{L}_][\p{L}\p{N}_$]*$/u.test(name) && !reservedWords.has(name.toUpperCase());
}

/** PostgreSQL's reserved words as Liquibase knows them. */
const reservedWords: ReadonlySet<string> = new Set(
  (
    'ALL ANALYSE ANALYZE AND ANY ARRAY AS ASC ASYMMETRIC AUTHORIZATION BINARY BOTH CASE CAST CHECK COLLATE COLLATION ' +
    'COLUMN CONCURRENTLY CONSTRAINT CREATE CROSS CURRENT_CATALOG CURRENT_DATE CURRENT_ROLE CURRENT_SCHEMA CURRENT_TIME ' +
    'CURRENT_TIMESTAMP CURRENT_USER DEFAULT DEFERRABLE DESC DISTINCT DO ELSE END EXCEPT FALSE FETCH FOR FOREIGN FREEZE ' +
    'FROM FULL GRANT GROUP HAVING ILIKE IN INITIALLY INNER INTERSECT INTO IS ISNULL JOIN LATERAL LEADING LEFT LIKE LIMIT ' +
    'LOCALTIME LOCALTIMESTAMP NATURAL NOT NOTNULL NULL OFFSET ON ONLY OR ORDER OUTER OVERLAPS PLACING PRIMARY REFERENCES ' +
    'RETURNING RIGHT SELECT SESSION_USER SIMILAR SOME SYMMETRIC TABLE TABLESAMPLE THEN TO TRAILING TRUE UNION UNIQUE USER ' +
    'USING VARIADIC VERBOSE WHEN WHERE WINDOW WITH'
  ).split(' '),
);

/** `a, b` as quoted names. */
export const quotedList = (names: string, target: SqlTarget): string =>
  names
    .split(',')
    .map((name) => quoted(name, target))
    .join(', ');

/** A name in its schema; MySQL's schemas are Liquibase's catalogs, PostgreSQL's own catalogs are never named. */
export function qualified(
  name: string,
  place: { readonly schema: string | null; readonly catalog: string | null },
  target: SqlTarget,
): string {
  const within = isMysql(target) ? (place.catalog ?? place.schema) : place.schema;
  return within === null ? quoted(name, target) : `${quoted(within, target)}.${quoted(name, target)}`;
}

/** A text, for sessions with the settings that Liquibase itself needs. */
export function literal(text: string, target: SqlTarget): string {
  const doubled = text.replaceAll("'", "''");
  return `'${isMysql(target) ? doubled.replaceAll('\\', '\\\\') : doubled}'`;
}

/** The database's clock, as Liquibase asks for it. */
export const nowIn = ({ dbms }: SqlTarget): string => (dbms === 'sqlite' ? 'CURRENT_TIMESTAMP' : 'NOW()');

/** AbstractJdbcDatabase.generateDatabaseFunctionValue: the clock under its usual names is the database's own. */
export function functionText(text: string, target: SqlTarget): string {
  const clocks = target.dbms === 'sqlite' ? /^current_datetime$/i : /^(?:current_datetime|current_timestamp|now\(\))$/i;
  return clocks.test(text.trim()) ? nowIn(target) : text;
}

/** Something that Liquibase does, and we do not. */
export class Untranslatable extends Error {}
