// What the catalogue must say of a view when its definition has taken effect.
import { type ObjectName, Unreadable, type Word, type Words } from '../splitting/words.ts';
import { all, found, here, loose, missing, quoteLiteral } from './effectSql.ts';

/** After the name, of CREATE VIEW and ALTER VIEW. @throws {Unreadable} */
export function createView(words: Words, view: ObjectName): string {
  if (words.peek() === '(') throw new Unreadable('columns');
  words.expect('AS');
  const query = [...words.rest()];
  const option = / WITH (?:(CASCADED|LOCAL) )?CHECK OPTION$/.exec(query.map(({ text }) => text).join(' '));
  if (option !== null) query.splice(option[1] === undefined ? -3 : -4);
  const checked = option === null ? 'NONE' : (option[1] ?? 'CASCADED');
  return found(
    'VIEWS',
    here(view),
    `CHECK_OPTION = '${checked}'`,
    `${shown} COLLATE utf8mb4_bin = ${quoteLiteral(written(query))}`,
  );
}

export const dropViews = (views: readonly ObjectName[]): string =>
  all(views.map((view) => missing('TABLES', here(view))));

/**
 * The server writes a query anew, naming every schema, table and column. What it changes beyond that is not known
 * again here, and is then no evidence for anything.
 */
const written = (query: readonly Word[]): string =>
  loose(query.filter((word, index) => !isUnderstood(word.text) && !isOwnAlias(query, index)));

const isUnderstood = (word: string): boolean => /^(?:AS|INNER|OUTER|ASC)$/.test(word);

/** The second `a` of `a AS a`. */
const isOwnAlias = (query: readonly Word[], index: number): boolean =>
  query[index - 1]?.text === 'AS' && plainName(query[index]) === plainName(query[index - 2]);

const plainName = (word: Word | undefined): string => (word?.source ?? '').replaceAll('`', '').toLowerCase();

const replaced = (text: string, pattern: string, by: string): string =>
  `REGEXP_REPLACE(${text}, ${quoteLiteral(pattern)}, ${by})`;

/** What `written` must equal. */
const shown = [
  ['`[^`]+`[.]', "''"],
  // The two servers' expression libraries differ in how they call a group.
  ['`([^`]+)` as `\\1`', `/*M!100000 ${quoteLiteral('`\\1`')} *//*!80000 '\`$1\`' */`],
  // The name of what was given none, such as `count(0)`.
  [' as `[^`]*[^`a-z0-9_$][^`]*`', "''"],
  [' as |_utf8mb[34]', "''"],
  ['[`()[:space:]]', "''"],
].reduce(
  (text, [pattern = '', by = '']) => replaced(text, pattern, by),
  'LOWER(CONVERT(VIEW_DEFINITION USING utf8mb4))',
);
