// What PostgreSQL's catalogue says a dump must hold, and whether this account may read it.
import type { ObjectCounts } from '../../../shared/model/backup.ts';
import type { NetworkConnection } from '../../../shared/model/environment.ts';
import { raise } from '../../../shared/problem.ts';
import type { Row, Session } from '../../engine/ports.ts';
import type { BackupRequest } from '../backupTaker.ts';
import { noSuchTable, requireSome } from '../chosenTables.ts';
import type { Countable } from '../countRows.ts';
import { partsOf } from './command.ts';

/** Namespaces and members of extensions are left out by the same rules as in pg_dump. */
const dumped = `
WITH space AS (
  SELECT oid, nspname FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), member AS (
  SELECT classid, objid FROM pg_catalog.pg_depend WHERE deptype = 'e'
), relation AS (
  SELECT c.oid, c.relkind, c.relname, c.relnamespace FROM pg_catalog.pg_class c JOIN space ON space.oid = c.relnamespace
  WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND m.objid = c.oid)
)`;

/**
 * Ranges bring functions of their own (deptype i), which are not dumped; triggers that a partition inherits come with
 * the parent's (tgparentid, from PostgreSQL 13 on, hence by its name); extensions below the first ordinary oid are part
 * of every database; pg_dump skips indexes that are not ready or not valid.
 */
const countsQuery = `${dumped}
SELECT
  (SELECT count(*) FROM relation WHERE relkind IN ('r', 'p', 'f')) AS "table",
  (SELECT count(*) FROM relation WHERE relkind = 'v') AS "view",
  (SELECT count(*) FROM relation WHERE relkind = 'm') AS "materializedView",
  (SELECT count(*) FROM relation WHERE relkind = 'S') AS "sequence",
  (SELECT count(*) FROM pg_catalog.pg_index i JOIN relation t ON t.oid = i.indrelid AND t.relkind IN ('r', 'p', 'm')
    WHERE i.indisready AND (i.indisvalid OR t.relkind = 'p')) AS "index",
  (SELECT count(*) FROM pg_catalog.pg_trigger g JOIN relation t ON t.oid = g.tgrelid
    WHERE NOT g.tgisinternal AND coalesce(to_jsonb(g) ->> 'tgparentid', '0') = '0')
  + (SELECT count(*) FROM pg_catalog.pg_event_trigger e
    WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_catalog.pg_event_trigger'::pg_catalog.regclass AND m.objid = e.oid)) AS "trigger",
  (SELECT count(*) FROM pg_catalog.pg_proc p JOIN space ON space.oid = p.pronamespace
    WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
      WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'))) AS "routine",
  (SELECT count(*) FROM pg_catalog.pg_type t JOIN space ON space.oid = t.typnamespace
    LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
    WHERE (t.typtype IN ('d', 'e', 'r') OR (t.typtype = 'c' AND c.relkind = 'c'))
      AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND m.objid = t.oid)) AS "type",
  (SELECT count(*) FROM pg_catalog.pg_extension WHERE oid >= 16384) AS "extension"`;

export async function countObjects(session: Session): Promise<ObjectCounts> {
  const [row] = await session.query(countsQuery);
  return Object.fromEntries(Object.entries(row ?? {}).map(([kind, count]) => [kind, Number(count)]));
}

/** Bytes of tables with their large values, without indexes. */
export async function dataBytes(session: Session): Promise<number> {
  const [row] = await session.query(`${dumped}
SELECT coalesce(sum(pg_catalog.pg_table_size(oid)), 0) AS bytes FROM relation WHERE relkind IN ('r', 'm')`);
  return Number(row?.['bytes'] ?? 0);
}

/** A relation or large object that the account may not read in full, with the statement that would change it. */
export interface Unreadable {
  readonly name: string;
  readonly reason: 'select' | 'usage' | 'rowSecurity' | 'largeObject';
  readonly remedy: string;
}

/** Extensions' configuration tables are members of them, yet their rows are dumped. Ten are enough to show. */
const unreadableQuery = `${dumped}, read AS (
  SELECT oid, relkind, relname, relnamespace FROM relation WHERE relkind IN ('r', 'p', 'S')
  UNION
  SELECT c.oid, c.relkind, c.relname, c.relnamespace FROM pg_catalog.pg_extension x, unnest(x.extconfig) config JOIN pg_catalog.pg_class c ON c.oid = config
), judged AS (
  SELECT n.nspname, r.relname, r.relkind,
    NOT has_schema_privilege(n.oid, 'USAGE') AS hidden,
    NOT has_table_privilege(r.oid, 'SELECT') AS closed,
    r.relkind <> 'S' AND row_security_active(r.oid) AS filtered
  FROM read r JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
)
SELECT quote_ident(nspname) || '.' || quote_ident(relname) AS name,
  CASE WHEN hidden THEN 'usage' WHEN closed THEN 'select' ELSE 'rowSecurity' END AS reason,
  CASE WHEN hidden THEN 'GRANT USAGE ON SCHEMA ' || quote_ident(nspname) || ' TO ' || quote_ident(current_user)
    WHEN closed THEN 'GRANT SELECT ON ' || CASE relkind WHEN 'S' THEN 'SEQUENCE ' ELSE '' END || quote_ident(nspname) || '.' || quote_ident(relname) || ' TO ' || quote_ident(current_user)
    ELSE 'ALTER ROLE ' || quote_ident(current_user) || ' BYPASSRLS' END AS remedy
FROM judged WHERE hidden OR closed OR filtered
UNION ALL
SELECT 'large object ' || m.oid, 'largeObject', 'GRANT SELECT ON LARGE OBJECT ' || m.oid || ' TO ' || quote_ident(current_user)
FROM pg_catalog.pg_largeobject_metadata m
WHERE NOT pg_has_role(m.lomowner, 'USAGE')
  AND NOT EXISTS (SELECT FROM aclexplode(m.lomacl) a
    WHERE a.privilege_type = 'SELECT' AND (a.grantee = 0 OR pg_has_role(a.grantee, 'USAGE')))
ORDER BY 1 LIMIT 10`;

export async function unreadable(session: Session): Promise<Unreadable[]> {
  return (await session.query(unreadableQuery)).map(toUnreadable);
}

function toUnreadable(row: Row): Unreadable {
  const reason = row['reason'];
  return {
    name: String(row['name']),
    reason: reason === 'usage' || reason === 'rowSecurity' || reason === 'largeObject' ? reason : 'select',
    remedy: String(row['remedy']),
  };
}

/** With `covers: 'tables'` each must be there. @throws {ProblemError} `usage.invalid` */
export async function requireTables({
  session,
  connection,
  covers,
  tables,
}: BackupRequest<NetworkConnection>): Promise<void> {
  if (covers !== 'tables') return;
  requireSome(tables);
  for (const table of tables) {
    const [schema = null, name = table] = table.includes('.') ? partsOf(table) : [];
    const [row] = await session.query(
      `SELECT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'f') AND c.relname = $1 AND CASE WHEN $2::text IS NULL THEN pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = $2 END) AS there`,
      [name, schema],
    );
    if (row?.['there'] !== true) raise(noSuchTable(table, connection.database));
  }
}

/** What a dump of one database never holds, as far as this one has it. */
export async function notCovered(session: Session): Promise<string[]> {
  const [row] = await session.query(`
SELECT (SELECT count(*) FROM pg_catalog.pg_foreign_table) AS foreign_tables,
  (SELECT count(*) FROM pg_catalog.pg_db_role_setting s JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase WHERE d.datname = current_database()) AS settings,
  (SELECT count(*) FROM pg_catalog.pg_class WHERE reltablespace <> 0 AND oid >= 16384) AS placed,
  (SELECT count(*) FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class t ON t.oid = i.indrelid WHERE NOT i.indisvalid AND t.relkind = 'r') AS invalid`);
  const has = (name: string) => Number(row?.[name] ?? 0) > 0;
  return [
    'Roles and their passwords',
    'Owner, access rights and comment of the database itself',
    ...(has('settings') ? ['Settings of the database (ALTER DATABASE … SET, ALTER ROLE … IN DATABASE)'] : []),
    ...(has('placed') ? ['Tablespaces: they must exist where this is restored'] : []),
    ...(has('foreign_tables') ? ['Rows of foreign tables'] : []),
    ...(has('invalid') ? ['Invalid indexes (left by a failed concurrent build)'] : []),
  ];
}

/** Tables with rows of their own. Where statistics are missing, the size of a table tells about its rows. */
export async function tablesToCount(session: Session): Promise<Countable[]> {
  const rows = await session.query(`${dumped}
SELECT quote_ident(n.nspname) || '.' || quote_ident(r.relname) AS name,
  greatest(pg_catalog.pg_stat_get_live_tuples(c.oid),
    CASE WHEN c.reltuples > 0 THEN c.reltuples ELSE pg_catalog.pg_relation_size(c.oid) / 8192 * 60 END)::bigint AS estimate
FROM relation r JOIN pg_catalog.pg_class c ON c.oid = r.oid JOIN pg_catalog.pg_namespace n ON n.oid = r.relnamespace
WHERE r.relkind = 'r' ORDER BY 1`);
  return rows.map((row) => ({
    table: String(row['name']),
    sql: `ONLY ${String(row['name'])}`,
    estimate: Number(row['estimate']),
  }));
}
