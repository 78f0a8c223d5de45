// What belongs to a database and stays with it when it is renamed: how it was created, its rights and its settings.
import type { Dialect, Row, Session } from '../../../engine/ports.ts';

/** Columns differ between versions, hence the row as JSON (pg_database, PostgreSQL 12 to 18). */
const creationQuery = `SELECT to_jsonb(d) ->> 'datlocprovider' AS provider, pg_get_userbyid(d.datdba) AS owner,
  pg_encoding_to_char(d.encoding) AS encoding, d.datcollate AS collate, d.datctype AS ctype,
  coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale') AS locale, to_jsonb(d) ->> 'daticurules' AS rules,
  t.spcname AS tablespace, d.datconnlimit AS connections
FROM pg_catalog.pg_database d JOIN pg_catalog.pg_tablespace t ON t.oid = d.dattablespace WHERE d.datname = current_database()`;

/** The statement that creates `name`, empty, like the database of the session. `owner`: another one than that has. */
export async function createLike(
  session: Session,
  name: string,
  { quoteIdentifier, quoteLiteral }: Dialect,
  owner: string | null = null,
): Promise<string> {
  const [row = {}] = await session.query(creationQuery);
  const text = (column: string): string | null => {
    const value = row[column];
    return value === null || value === undefined ? null : String(value);
  };
  const literal = (option: string, value: string | null) =>
    value === null ? [] : [`${option} ${quoteLiteral(value)}`];
  const provider = text('provider');
  return [
    `CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE template0`,
    `OWNER ${quoteIdentifier(owner ?? text('owner') ?? '')}`,
    ...literal('ENCODING', text('encoding')),
    ...literal('LC_COLLATE', text('collate')),
    ...literal('LC_CTYPE', text('ctype')),
    ...(provider === 'i' ? ['LOCALE_PROVIDER icu', ...literal('ICU_LOCALE', text('locale'))] : []),
    ...(provider === 'i' ? literal('ICU_RULES', text('rules')) : []),
    ...(provider === 'b' ? ['LOCALE_PROVIDER builtin', ...literal('BUILTIN_LOCALE', text('locale'))] : []),
    // Naming even the usual one asks for a right on it that only superusers have.
    ...(text('tablespace') === 'pg_default' ? [] : [`TABLESPACE ${quoteIdentifier(text('tablespace') ?? '')}`]),
    `CONNECTION LIMIT ${Number(row['connections'])}`,
  ].join(' ');
}

/** The statements that give `name` rights, settings and comment of the database of the session. */
export async function propertiesFor(session: Session, name: string, dialect: Dialect): Promise<string[]> {
  const target = dialect.quoteIdentifier(name);
  return [
    ...(await rights(session, target, dialect)),
    ...(await settings(session, target, dialect)),
    ...(await comment(session, target, dialect)),
  ];
}

/** Rights never changed are the server's defaults, for the new database too. */
async function rights(session: Session, target: string, { quoteIdentifier }: Dialect): Promise<string[]> {
  const rows = await session.query(`SELECT pg_get_userbyid(d.datdba) AS owner, a.grantee = 0 AS everybody,
  pg_get_userbyid(a.grantee) AS grantee, a.privilege_type AS privilege, a.is_grantable AS grantable
FROM pg_catalog.pg_database d LEFT JOIN LATERAL aclexplode(d.datacl) a ON true
WHERE d.datname = current_database() AND d.datacl IS NOT NULL`);
  const [first] = rows;
  if (first === undefined) return [];
  const grants = rows.filter((row) => row['privilege'] !== null);
  return [
    `REVOKE ALL ON DATABASE ${target} FROM PUBLIC, ${quoteIdentifier(String(first['owner']))}`,
    ...grants.map((row) => {
      const grantee = row['everybody'] === true ? 'PUBLIC' : quoteIdentifier(String(row['grantee']));
      const option = row['grantable'] === true ? ' WITH GRANT OPTION' : '';
      return `GRANT ${String(row['privilege'])} ON DATABASE ${target} TO ${grantee}${option}`;
    }),
  ];
}

async function settings(
  session: Session,
  target: string,
  { quoteIdentifier, quoteLiteral }: Dialect,
): Promise<string[]> {
  const rows =
    await session.query(`SELECT CASE WHEN s.setrole = 0 THEN NULL ELSE pg_get_userbyid(s.setrole) END AS role, c.setting
FROM pg_catalog.pg_db_role_setting s CROSS JOIN LATERAL unnest(s.setconfig) WITH ORDINALITY c (setting, place)
WHERE s.setdatabase = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()) ORDER BY s.setrole, c.place`);
  return rows.map((row: Row) => {
    const [name, value] = splitSetting(String(row['setting']));
    const whose =
      row['role'] === null
        ? `ALTER DATABASE ${target}`
        : `ALTER ROLE ${quoteIdentifier(String(row['role']))} IN DATABASE ${target}`;
    return `${whose} SET ${settingName(name, quoteIdentifier)} TO ${settingValue(name, value, quoteLiteral)}`;
  });
}

function splitSetting(setting: string): [name: string, value: string] {
  const equals = setting.indexOf('=');
  return [setting.slice(0, equals), setting.slice(equals + 1)];
}

/** An extension's setting has two parts. */
const settingName = (name: string, quoteIdentifier: Dialect['quoteIdentifier']): string =>
  name.split('.').map(quoteIdentifier).join('.');

/** Settings whose value is a list of quoted names: as one text they would be one name (variable_is_guc_list_quote in dumputils.c). */
const listSettings = new Set([
  'local_preload_libraries',
  'search_path',
  'session_preload_libraries',
  'shared_preload_libraries',
  'temp_tablespaces',
  'unix_socket_directories',
]);

function settingValue(name: string, value: string, quoteLiteral: Dialect['quoteLiteral']): string {
  if (!listSettings.has(name.toLowerCase())) return quoteLiteral(value);
  const entries = value.match(/"(?:[^"]|"")*"|[^,\s]+/g) ?? [];
  const names = entries.map((entry) => (entry.startsWith('"') ? entry.slice(1, -1).replaceAll('""', '"') : entry));
  return names.length === 0 ? "''" : names.map((one) => quoteLiteral(one)).join(', ');
}

async function comment(session: Session, target: string, { quoteLiteral }: Dialect): Promise<string[]> {
  const [row] = await session.query(
    "SELECT shobj_description(oid, 'pg_database') AS comment FROM pg_catalog.pg_database WHERE datname = current_database()",
  );
  const text = row?.['comment'];
  return typeof text === 'string' ? [`COMMENT ON DATABASE ${target} IS ${quoteLiteral(text)}`] : [];
}
