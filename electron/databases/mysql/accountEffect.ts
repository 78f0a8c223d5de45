// By what changes of accounts, roles and rights are judged: information_schema, of which an account sees its own rows
// only, unless it may read the database `mysql`.
import { Unreadable, type Words } from '../splitting/words.ts';
import { all, quoteLiteral } from './effectSql.ts';

const own =
  "CONCAT(QUOTE(SUBSTRING_INDEX(CURRENT_USER(), '@', 1)), '@', QUOTE(SUBSTRING_INDEX(CURRENT_USER(), '@', -1)))";

/** Are other accounts shown? */
const isShown = `(EXISTS (SELECT 1 FROM information_schema.USER_PRIVILEGES WHERE GRANTEE <> ${own} OR PRIVILEGE_TYPE = 'SELECT')
 OR EXISTS (SELECT 1 FROM information_schema.SCHEMA_PRIVILEGES WHERE TABLE_SCHEMA = 'mysql' AND PRIVILEGE_TYPE = 'SELECT'))`;

/** `'user'@'host'`, as the column GRANTEE has it. @throws {Unreadable} */
export function account(words: Words): string {
  const { text, source } = words.next();
  if (text.startsWith('CURRENT_')) throw new Unreadable(text);
  const at = /^[`'"]/.test(source) ? -1 : source.indexOf('@');
  const user = plain(at === -1 ? source : source.slice(0, at));
  if (at === -1 && !words.peek().startsWith('@')) return `'${user}'@'%'`;
  const begin = at === -1 ? words.next().source.slice(1) : source.slice(at + 1);
  let host = plain(begin === '' ? words.next().source : begin);
  while (words.accept('.')) host += `.${words.next().source}`;
  return `'${user}'@'${host.toLowerCase()}'`;
}

function plain(source: string): string {
  const name = /^[`'"]/.test(source) ? source.slice(1, -1) : source;
  if (/[`'"\\@]/.test(name) || name === '') throw new Unreadable('account');
  return name;
}

const scopes = {
  USER: '',
  SCHEMA: ', TABLE_SCHEMA',
  TABLE: ', TABLE_SCHEMA, TABLE_NAME',
  COLUMN: ', TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME',
};

const rights = (grantee: string): string =>
  Object.entries(scopes)
    .map(
      ([scope, object]) =>
        `(SELECT CONCAT(COUNT(*), ':', BIT_XOR(CAST(CONV(LEFT(MD5(CONCAT_WS(',', PRIVILEGE_TYPE, IS_GRANTABLE${object})), 16), 16, 10) AS UNSIGNED))) FROM information_schema.${scope}_PRIVILEGES WHERE GRANTEE = ${quoteLiteral(grantee)})`,
    )
    .join(', ');

/** NULL, which is evidence for nothing, to whom other accounts are not shown. */
export const accountsState = (grantees: readonly string[]): string =>
  `CASE WHEN ${isShown} THEN MD5(CONCAT_WS(' ', ${grantees.map(rights).join(', ')})) END`;

/** Has the grantee any right of this scope? Every account has the right USAGE. */
export const hasRight = (grantee: string, scope: keyof typeof scopes, ...conditions: readonly string[]): string =>
  `EXISTS (SELECT 1 FROM information_schema.${scope}_PRIVILEGES WHERE ${[`GRANTEE = ${quoteLiteral(grantee)}`, ...conditions].join(' AND ')})`;

export const accountsExist = (grantees: readonly string[]): string =>
  all(grantees.map((grantee) => hasRight(grantee, 'USER')));

export const accountsGone = (grantees: readonly string[]): string =>
  all([isShown, ...grantees.map((grantee) => `NOT ${hasRight(grantee, 'USER')}`)]);

/** Who makes a role may give it on, and so sees it (MariaDB); MySQL's are accounts. */
const isRole = (role: string): string =>
  `(EXISTS (SELECT 1 FROM information_schema.APPLICABLE_ROLES WHERE ROLE_NAME = ${quoteLiteral(role)}) OR ${hasRight(`'${role}'@'%'`, 'USER')})`;

/** `absent`: SQL for a role that the account does not see; NULL is evidence for nothing. */
export const rolesState = (roles: readonly string[], absent: "'absent'" | 'NULL'): string =>
  `CONCAT(${roles.map((role) => `IF(${isRole(role)}, 'present', ${absent})`).join(', ')})`;

export const rolesExist = (roles: readonly string[]): string => all(roles.map(isRole));
export const rolesGone = (roles: readonly string[]): string => all(roles.map((role) => `NOT ${isRole(role)}`));

/**
 * After REVOKE, to the end: whose rights change, and that those named are gone. Rights on routines and roles are told
 * nowhere. @throws {Unreadable}
 */
export function revoke(words: Words): { readonly grantees: string[]; readonly effect: string } {
  const isAll = words.oneOf('ALL PRIVILEGES', 'ALL') !== '';
  if (isAll && words.accept(', GRANT OPTION')) {
    const grantees = from(words);
    const gone = (grantee: string): string[] => [
      `NOT ${hasRight(grantee, 'USER', "PRIVILEGE_TYPE <> 'USAGE'")}`,
      ...(['SCHEMA', 'TABLE', 'COLUMN'] as const).map((scope) => `NOT ${hasRight(grantee, scope)}`),
    ];
    return { grantees, effect: all([isShown, ...grantees.flatMap(gone)]) };
  }
  const named = isAll ? [] : words.list(() => right(words));
  words.expect('ON');
  words.accept('TABLE');
  const { scope, conditions } = level(words);
  if (!isAll) conditions.push(`PRIVILEGE_TYPE IN (${named.map(quoteLiteral).join(', ')})`);
  else if (scope === 'USER') conditions.push("PRIVILEGE_TYPE <> 'USAGE'");
  const grantees = from(words);
  return {
    grantees,
    effect: all([isShown, ...grantees.map((grantee) => `NOT ${hasRight(grantee, scope, ...conditions)}`)]),
  };
}

/** One right's words; not those on columns. */
function right(words: Words): string {
  const parts: string[] = [];
  while (/^[A-Z]+$/.test(words.peek()) && words.peek() !== 'ON' && words.peek() !== 'FROM')
    parts.push(words.next().text);
  const name = parts.join(' ');
  if (name === '' || name === 'GRANT OPTION') throw new Unreadable('right');
  return name;
}

function level(words: Words): { scope: 'USER' | 'SCHEMA' | 'TABLE'; conditions: string[] } {
  if (words.accept('* . *')) return { scope: 'USER', conditions: [] };
  if (words.accept('*')) return { scope: 'SCHEMA', conditions: ['TABLE_SCHEMA = DATABASE()'] };
  const first = words.name();
  if (words.accept('. *')) return { scope: 'SCHEMA', conditions: [`TABLE_SCHEMA = ${quoteLiteral(first)}`] };
  const table = words.accept('.')
    ? { schema: quoteLiteral(first), name: words.name() }
    : { schema: 'DATABASE()', name: first };
  return { scope: 'TABLE', conditions: [`TABLE_SCHEMA = ${table.schema}`, `TABLE_NAME = ${quoteLiteral(table.name)}`] };
}

function from(words: Words): string[] {
  words.expect('FROM');
  const grantees = words.list(() => account(words));
  words.finish();
  return grantees;
}
