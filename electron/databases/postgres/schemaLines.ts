/** PostgreSQL's schema as lines, from the catalogue's own definitions. */
import type { Session, TableName } from '../../engine/ports.ts';

/** Members of extensions belong to them; what is made along with another object is told with that one. */
const schemaQuery = `
WITH space AS (
  SELECT oid, quote_ident(nspname) AS name, nspname FROM pg_catalog.pg_namespace
   WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'lockkeeper')
), member AS (
  SELECT classid, objid FROM pg_catalog.pg_depend WHERE deptype = 'e'
), relation AS (
  SELECT c.*, s.name || '.' || quote_ident(c.relname) AS name, s.nspname FROM pg_catalog.pg_class c JOIN space s ON s.oid = c.relnamespace
   WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND m.objid = c.oid)
     AND NOT (c.relname::text = ANY ($1::text[]))
), own AS (SELECT * FROM relation WHERE relkind IN ('r', 'p', 'f', 'v', 'm'))
SELECT 'schema ' || name || ' owner ' || pg_get_userbyid((SELECT nspowner FROM pg_catalog.pg_namespace n WHERE n.oid = space.oid)) AS line FROM space
UNION ALL
SELECT CASE relkind WHEN 'v' THEN 'view ' WHEN 'm' THEN 'materialized view ' WHEN 'f' THEN 'foreign table ' ELSE 'table ' END || name
    || CASE WHEN relpersistence = 'u' THEN ' unlogged' ELSE '' END
    || CASE WHEN relkind = 'p' THEN ' partition by ' || pg_get_partkeydef(oid) ELSE '' END
    || CASE WHEN relispartition THEN ' ' || pg_get_expr(relpartbound, oid) ELSE '' END
    || CASE WHEN relrowsecurity THEN ' row security' ELSE '' END
    || coalesce(' with ' || array_to_string(reloptions, ','), '')
    || CASE WHEN relkind IN ('v', 'm') THEN ' as ' || pg_get_viewdef(oid) ELSE '' END FROM own
UNION ALL
SELECT 'grant on ' || name || ': ' || acl::text FROM relation, unnest(relacl) acl WHERE relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
UNION ALL
SELECT 'column ' || o.name || '.' || quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
    || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
    || CASE WHEN a.attidentity <> '' THEN ' identity ' || a.attidentity::text ELSE '' END
    || CASE WHEN a.attgenerated <> '' THEN ' generated' ELSE '' END
    || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
    || CASE WHEN a.attcollation <> t.typcollation THEN ' collate ' || (SELECT collname FROM pg_catalog.pg_collation WHERE oid = a.attcollation) ELSE '' END
  FROM own o JOIN pg_catalog.pg_attribute a ON a.attrelid = o.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
UNION ALL
SELECT 'constraint ' || quote_ident(c.conname) || ' on ' || o.name || ' ' || pg_get_constraintdef(c.oid)
  FROM pg_catalog.pg_constraint c JOIN own o ON o.oid = c.conrelid WHERE c.contype <> 't' AND c.contype <> 'n'
UNION ALL
SELECT 'index ' || pg_get_indexdef(i.indexrelid) || CASE WHEN i.indisvalid THEN '' ELSE ' invalid' END
    || CASE WHEN i.indisclustered THEN ' clustered' ELSE '' END
  FROM pg_catalog.pg_index i JOIN own o ON o.oid = i.indrelid
UNION ALL
SELECT 'trigger ' || pg_get_triggerdef(t.oid) || ' enabled ' || t.tgenabled::text
  FROM pg_catalog.pg_trigger t JOIN own o ON o.oid = t.tgrelid WHERE NOT t.tgisinternal
UNION ALL
SELECT 'rule ' || pg_get_ruledef(r.oid) FROM pg_catalog.pg_rewrite r JOIN own o ON o.oid = r.ev_class WHERE r.rulename <> '_RETURN'
UNION ALL
SELECT 'policy ' || quote_ident(p.polname) || ' on ' || o.name || ' ' || p.polcmd::text || p.polpermissive::text
    || coalesce(' using ' || pg_get_expr(p.polqual, p.polrelid), '') || coalesce(' check ' || pg_get_expr(p.polwithcheck, p.polrelid), '')
  FROM pg_catalog.pg_policy p JOIN own o ON o.oid = p.polrelid
UNION ALL
SELECT 'sequence ' || r.name || ' ' || format_type(s.seqtypid, NULL) || ' start ' || s.seqstart || ' increment ' || s.seqincrement
    || ' min ' || s.seqmin || ' max ' || s.seqmax || ' cache ' || s.seqcache || CASE WHEN s.seqcycle THEN ' cycle' ELSE '' END
  FROM pg_catalog.pg_sequence s JOIN relation r ON r.oid = s.seqrelid
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class t ON t.oid = d.refobjid
    WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = r.oid AND d.deptype IN ('a', 'i') AND t.relname::text = ANY ($1::text[]))
UNION ALL
SELECT 'function ' || CASE WHEN p.prokind = 'a' THEN s.name || '.' || quote_ident(p.proname) || '(' || pg_get_function_identity_arguments(p.oid) || ') aggregate' ELSE pg_get_functiondef(p.oid) END
    || coalesce(' grants ' || p.proacl::text, '')
  FROM pg_catalog.pg_proc p JOIN space s ON s.oid = p.pronamespace
 WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'))
UNION ALL
SELECT 'type ' || s.name || '.' || quote_ident(t.typname) || ' ' || t.typtype::text
    || coalesce(' enum ' || (SELECT string_agg(quote_literal(e.enumlabel), ',' ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid), '')
    || CASE WHEN t.typtype = 'd' THEN ' ' || format_type(t.typbasetype, t.typtypmod) || CASE WHEN t.typnotnull THEN ' not null' ELSE '' END || coalesce(' default ' || t.typdefault, '')
        || coalesce((SELECT string_agg(' ' || pg_get_constraintdef(c.oid), '' ORDER BY c.conname) FROM pg_catalog.pg_constraint c WHERE c.contypid = t.oid AND c.contype = 'c'), '') ELSE '' END
    || CASE WHEN t.typtype = 'c' THEN ' ' || coalesce((SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod), ',' ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped), '') ELSE '' END
  FROM pg_catalog.pg_type t JOIN space s ON s.oid = t.typnamespace LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
 WHERE (t.typtype IN ('d', 'e', 'r') OR (t.typtype = 'c' AND c.relkind = 'c'))
   AND NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_catalog.pg_type'::pg_catalog.regclass AND m.objid = t.oid)
UNION ALL
SELECT 'extension ' || quote_ident(extname) || ' ' || extversion FROM pg_catalog.pg_extension
UNION ALL
SELECT 'comment on ' || o.name || coalesce('.' || quote_ident(a.attname), '') || ' ' || d.description
  FROM pg_catalog.pg_description d JOIN own o ON o.oid = d.objoid AND d.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = d.objoid AND a.attnum = d.objsubid AND d.objsubid > 0
UNION ALL
SELECT 'event trigger ' || quote_ident(evtname) || ' on ' || evtevent || ' ' || evtfoid::regproc::text FROM pg_catalog.pg_event_trigger
ORDER BY 1`;

export async function readSchema(session: Session, except: readonly TableName[]): Promise<string[]> {
  const names = `{${except.map(({ name }) => `"${name.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;
  const rows = await session.query(schemaQuery, [names]);
  return rows.flatMap(({ line }) => (typeof line === 'string' ? [line] : []));
}
