// Reads SHOW GRANTS: what an account may do with everything in one database.

/** Privileges on the whole database, and those on the table mysql.proc. */
export interface Privileges {
  readonly database: ReadonlySet<string>;
  readonly everywhere: ReadonlySet<string>;
  readonly proc: ReadonlySet<string>;
}

const name = '(?:\\*|`(?:[^`]|``)*`|"(?:[^"]|"")*")';
const grantLine = new RegExp(
  `^(?<verb>GRANT|REVOKE) (?<privileges>.+?) ON (?<database>${name})\\.(?<table>${name}) (?:TO|FROM) `,
);

/**
 * Privileges that hold for all of `database`; grants for single tables, columns or routines do not. A `REVOKE` line is
 * MySQL's partial revoke: a global privilege that does not hold in one database.
 */
export function readGrants(lines: readonly string[], database: string): Privileges {
  const everywhere = new Set<string>();
  const here = new Set<string>();
  const proc = new Set<string>();
  const revoked = new Set<string>();
  for (const line of lines) {
    const grant = grantLine.exec(line)?.groups;
    if (grant === undefined) continue;
    const scope = unquoted(grant['database'] ?? '');
    const table = unquoted(grant['table'] ?? '');
    const target = targetOf(grant['verb'] === 'REVOKE', scope, table, database);
    const set = { everywhere, here, proc, revoked, other: new Set<string>() }[target];
    for (const privilege of listed(grant['privileges'] ?? '')) set.add(privilege);
  }
  for (const privilege of everywhere) if (!revoked.has(privilege)) here.add(privilege);
  return { database: here, everywhere, proc };
}

export const has = (privileges: ReadonlySet<string>, needed: string): boolean =>
  privileges.has(needed) || privileges.has('ALL PRIVILEGES') || privileges.has('ALL');

function targetOf(
  revoke: boolean,
  scope: string,
  table: string,
  database: string,
): 'everywhere' | 'here' | 'proc' | 'revoked' | 'other' {
  if (scope === '*') return 'everywhere';
  if (scope === 'mysql' && (table === 'proc' || table === '*')) return 'proc';
  if (table !== '*' || !matches(scope, database)) return 'other';
  return revoke ? 'revoked' : 'here';
}

/** A privilege with a list of columns holds for those only. */
const listed = (privileges: string): string[] =>
  privileges
    .replace(/[\w ]+ \([^)]*\)(, )?/g, '')
    .split(', ')
    .map((privilege) => privilege.trim().toUpperCase())
    .filter((privilege) => privilege !== '');

function unquoted(text: string): string {
  const mark = text[0];
  return mark === '`' || mark === '"' ? text.slice(1, -1).replaceAll(mark + mark, mark) : text;
}

/** Database names in grants are patterns with `%` and `_`, escaped by a backslash. */
function matches(pattern: string, database: string): boolean {
  const source = pattern.replace(/\\[%_\\]|[\s\S]/g, (part) => {
    if (part.length === 2) return escapeRegExp(part.slice(1));
    if (part === '%') return '[\\s\\S]*';
    return part === '_' ? '[\\s\\S]' : escapeRegExp(part);
  });
  return new RegExp(`^${source}$`).test(database);
}

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
