// Everything in PostgreSQL's catalogue that a migration can change, one row for each object, in the server's own words.
// Names are qualified because `search_path` is empty while this is asked. Facts that are NULL do not apply.

const common = `
WITH space AS (
  SELECT oid, nspname, quote_ident(nspname) AS name, nspowner, nspacl FROM pg_catalog.pg_namespace
   WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'lockkeeper')
), member AS (
  SELECT classid, objid FROM pg_catalog.pg_depend WHERE deptype = 'e'
), relation AS (
  SELECT c.*, s.name || '.' || quote_ident(c.relname) AS name FROM pg_catalog.pg_class c JOIN space s ON s.oid = c.relnamespace
   WHERE NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND m.objid = c.oid)
     AND NOT (s.nspname || '.' || c.relname = ANY ($1::text[]))
), own AS (SELECT * FROM relation WHERE relkind IN ('r', 'p', 'f', 'v', 'm'))`;

const comment = (catalogue: string, oid: string): string => `pg_catalog.obj_description(${oid}, '${catalogue}')`;

/** Rights in an order of their own: the catalogue keeps them in the order in which they were given. */
const grants = (acl: string): string =>
  `(SELECT string_agg(item::text, ' ' ORDER BY item::text) FROM unnest(${acl}) item)`;

const owner = (oid: string): string => `pg_catalog.pg_get_userbyid(${oid})`;

const notOfExtension = (catalogue: string, oid: string): string =>
  `NOT EXISTS (SELECT FROM member m WHERE m.classid = 'pg_catalog.${catalogue}'::pg_catalog.regclass AND m.objid = ${oid})`;

interface ObjectQuery {
  readonly kind: string;
  readonly name: string;
  readonly table?: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly create?: string;
  readonly from: string;
}

const tableKind = `CASE o.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materializedView' WHEN 'f' THEN 'foreignTable' ELSE 'table' END`;
const viewText = `rtrim(pg_catalog.pg_get_viewdef(o.oid), ';')`;

const queries: readonly ObjectQuery[] = [
  {
    kind: `'extension'`,
    name: 'quote_ident(e.extname)',
    facts: { version: 'e.extversion', schema: 'quote_ident(n.nspname)' },
    create: `format('CREATE EXTENSION %I WITH SCHEMA %I', e.extname, n.nspname)`,
    from: "pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql'",
  },
  {
    kind: `'schema'`,
    name: 's.name',
    facts: { owner: owner('s.nspowner'), grants: grants('s.nspacl'), comment: comment('pg_namespace', 's.oid') },
    create: `'CREATE SCHEMA ' || s.name`,
    from: `space s WHERE ${notOfExtension('pg_namespace', 's.oid')}`,
  },
  {
    kind: `'foreignServer'`,
    name: 'quote_ident(f.srvname)',
    facts: { wrapper: 'w.fdwname', type: 'f.srvtype', owner: owner('f.srvowner') },
    from: 'pg_catalog.pg_foreign_server f JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = f.srvfdw',
  },
  {
    kind: `'collation'`,
    name: `s.name || '.' || quote_ident(c.collname)`,
    facts: { provider: 'c.collprovider::text', collate: 'c.collcollate', deterministic: 'c.collisdeterministic::text' },
    from: `pg_catalog.pg_collation c JOIN space s ON s.oid = c.collnamespace WHERE ${notOfExtension('pg_collation', 'c.oid')}`,
  },
  {
    kind: `'type'`,
    name: `s.name || '.' || quote_ident(t.typname)`,
    facts: {
      definition: `CASE t.typtype
        WHEN 'e' THEN 'enum (' || (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid) || ')'
        WHEN 'd' THEN 'domain ' || format_type(t.typbasetype, t.typtypmod) || CASE WHEN t.typnotnull THEN ' not null' ELSE '' END || coalesce(' default ' || t.typdefault, '')
          || coalesce((SELECT string_agg(' constraint ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid), '' ORDER BY k.conname) FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'), '')
        WHEN 'c' THEN 'composite (' || coalesce((SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
          FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped), '') || ')'
        ELSE 'range of ' || (SELECT format_type(r.rngsubtype, NULL) FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid) END`,
      owner: owner('t.typowner'),
      grants: grants('t.typacl'),
      comment: comment('pg_type', 't.oid'),
    },
    create: `CASE t.typtype
      WHEN 'e' THEN 'CREATE TYPE ' || s.name || '.' || quote_ident(t.typname) || ' AS ENUM (' || (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid) || ')'
      WHEN 'd' THEN 'CREATE DOMAIN ' || s.name || '.' || quote_ident(t.typname) || ' AS ' || format_type(t.typbasetype, t.typtypmod) || coalesce(' DEFAULT ' || t.typdefault, '') || CASE WHEN t.typnotnull THEN ' NOT NULL' ELSE '' END
        || coalesce((SELECT string_agg(' CONSTRAINT ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid), '' ORDER BY k.conname) FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c'), '')
      WHEN 'c' THEN 'CREATE TYPE ' || s.name || '.' || quote_ident(t.typname) || ' AS (' || coalesce((SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped), '') || ')' END`,
    from: `pg_catalog.pg_type t JOIN space s ON s.oid = t.typnamespace LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
      WHERE (t.typtype IN ('d', 'e', 'r') OR (t.typtype = 'c' AND c.relkind = 'c')) AND ${notOfExtension('pg_type', 't.oid')}`,
  },
  {
    kind: `'sequence'`,
    name: 'r.name',
    facts: {
      definition: `format_type(q.seqtypid, NULL) || ' start ' || q.seqstart || ' increment ' || q.seqincrement || ' min ' || q.seqmin || ' max ' || q.seqmax || ' cache ' || q.seqcache || CASE WHEN q.seqcycle THEN ' cycle' ELSE '' END`,
      ownedBy: `(SELECT pg_catalog.pg_describe_object(d.refclassid, d.refobjid, d.refobjsubid) FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = r.oid AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0 LIMIT 1)`,
      owner: owner('r.relowner'),
      grants: grants('r.relacl'),
      comment: comment('pg_class', 'r.oid'),
    },
    create: `'CREATE SEQUENCE ' || r.name || ' AS ' || format_type(q.seqtypid, NULL) || ' START ' || q.seqstart || ' INCREMENT ' || q.seqincrement || ' MINVALUE ' || q.seqmin || ' MAXVALUE ' || q.seqmax || ' CACHE ' || q.seqcache || CASE WHEN q.seqcycle THEN ' CYCLE' ELSE '' END`,
    from: `pg_catalog.pg_sequence q JOIN relation r ON r.oid = q.seqrelid
      WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class t ON t.oid = d.refobjid JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
        WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = r.oid AND d.deptype IN ('a', 'i') AND n.nspname || '.' || t.relname = ANY ($1::text[]))`,
  },
  {
    kind: `'routine'`,
    name: `s.name || '.' || quote_ident(p.proname) || '(' || pg_get_function_identity_arguments(p.oid) || ')'`,
    facts: {
      definition: `CASE WHEN p.prokind = 'a' THEN 'aggregate ' || (SELECT g.aggtransfn::text || ' ' || format_type(g.aggtranstype, NULL) || coalesce(' initial ' || g.agginitval, '') FROM pg_catalog.pg_aggregate g WHERE g.aggfnoid = p.oid) ELSE pg_get_functiondef(p.oid) END`,
      owner: owner('p.proowner'),
      grants: grants('p.proacl'),
      comment: comment('pg_proc', 'p.oid'),
    },
    create: `CASE WHEN p.prokind <> 'a' THEN pg_get_functiondef(p.oid) END`,
    from: `pg_catalog.pg_proc p JOIN space s ON s.oid = p.pronamespace
      WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype IN ('e', 'i'))`,
  },
  {
    kind: tableKind,
    name: 'o.name',
    facts: {
      definition: `CASE WHEN o.relkind IN ('v', 'm') THEN ${viewText} END`,
      persistence: `CASE o.relpersistence WHEN 'u' THEN 'unlogged' END`,
      partitionedBy: `CASE WHEN o.relkind = 'p' THEN pg_get_partkeydef(o.oid) END`,
      partitionOf: `CASE WHEN o.relispartition THEN (SELECT (i.inhparent::pg_catalog.regclass)::text FROM pg_catalog.pg_inherits i WHERE i.inhrelid = o.oid) || ' ' || pg_get_expr(o.relpartbound, o.oid) END`,
      inherits: `CASE WHEN NOT o.relispartition THEN (SELECT string_agg((i.inhparent::pg_catalog.regclass)::text, ', ' ORDER BY i.inhseqno) FROM pg_catalog.pg_inherits i WHERE i.inhrelid = o.oid) END`,
      rowSecurity: `CASE WHEN o.relforcerowsecurity THEN 'forced' WHEN o.relrowsecurity THEN 'enabled' END`,
      options: `(SELECT string_agg(option, ', ' ORDER BY option) FROM unnest(o.reloptions) option)`,
      tablespace: `(SELECT spcname FROM pg_catalog.pg_tablespace WHERE oid = o.reltablespace)`,
      replicaIdentity: `CASE WHEN o.relkind IN ('r', 'p') AND o.relreplident <> 'd' THEN o.relreplident::text END`,
      populated: `CASE WHEN o.relkind = 'm' AND NOT o.relispopulated THEN 'no' END`,
      owner: owner('o.relowner'),
      grants: grants('o.relacl'),
      comment: comment('pg_class', 'o.oid'),
    },
    create: `CASE o.relkind WHEN 'v' THEN 'CREATE OR REPLACE VIEW ' || o.name || ' AS ' || ${viewText} WHEN 'm' THEN 'CREATE MATERIALIZED VIEW ' || o.name || ' AS ' || ${viewText} END`,
    from: 'own o',
  },
  {
    kind: `'column'`,
    name: `o.name || '.' || quote_ident(a.attname)`,
    table: 'o.name',
    facts: {
      type: 'format_type(a.atttypid, a.atttypmod)',
      notNull: `CASE WHEN a.attnotnull THEN 'yes' END`,
      identity: `CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END`,
      generated: `CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END`,
      default: `CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END`,
      collation: `CASE WHEN a.attcollation <> t.typcollation THEN (SELECT quote_ident(collname) FROM pg_catalog.pg_collation WHERE oid = a.attcollation) END`,
      storage: `CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage::text END`,
      statistics: `CASE WHEN a.attstattarget > 0 THEN a.attstattarget::text END`,
      grants: grants('a.attacl'),
      comment: 'pg_catalog.col_description(o.oid, a.attnum)',
      position: 'row_number() OVER (PARTITION BY o.oid ORDER BY a.attnum)::text',
    },
    from: `own o JOIN pg_catalog.pg_attribute a ON a.attrelid = o.oid AND a.attnum > 0 AND NOT a.attisdropped
      JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE o.relkind NOT IN ('v', 'm')`,
  },
  {
    kind: `'index'`,
    name: `(i.indexrelid::pg_catalog.regclass)::text`,
    table: 'o.name',
    facts: {
      definition: `regexp_replace(pg_get_indexdef(i.indexrelid), ' INDEX \\S+ ON ', ' INDEX ON ')`,
      valid: `CASE WHEN NOT i.indisvalid THEN 'no' END`,
      clustered: `CASE WHEN i.indisclustered THEN 'yes' END`,
      comment: comment('pg_class', 'i.indexrelid'),
      nameGenerated: `CASE WHEN x.relname LIKE left(o.relname, 20) || '%\\_idx%' THEN 'yes' END`,
    },
    create: 'pg_get_indexdef(i.indexrelid)',
    from: `pg_catalog.pg_index i JOIN own o ON o.oid = i.indrelid JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
      WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')) AND NOT x.relispartition`,
  },
  {
    kind: `'constraint'`,
    name: `o.name || '.' || quote_ident(k.conname)`,
    table: 'o.name',
    facts: {
      definition: 'pg_get_constraintdef(k.oid)',
      comment: comment('pg_constraint', 'k.oid'),
      nameGenerated: `CASE WHEN k.conname LIKE left(o.relname, 20) || '%\\_' || CASE k.contype WHEN 'p' THEN 'pkey' WHEN 'u' THEN 'key' WHEN 'f' THEN 'fkey' WHEN 'c' THEN 'check' ELSE 'excl' END || '%' THEN 'yes' END`,
    },
    create: `'ALTER TABLE ' || o.name || ' ADD CONSTRAINT ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid)`,
    from: `pg_catalog.pg_constraint k JOIN own o ON o.oid = k.conrelid WHERE k.contype NOT IN ('t', 'n') AND k.conislocal`,
  },
  {
    kind: `'statistics'`,
    name: `s.name || '.' || quote_ident(x.stxname)`,
    facts: { definition: 'pg_get_statisticsobjdef(x.oid)', owner: owner('x.stxowner') },
    create: 'pg_get_statisticsobjdef(x.oid)',
    from: 'pg_catalog.pg_statistic_ext x JOIN space s ON s.oid = x.stxnamespace',
  },
  {
    kind: `'trigger'`,
    name: `o.name || '.' || quote_ident(t.tgname)`,
    table: 'o.name',
    facts: {
      definition: 'pg_get_triggerdef(t.oid)',
      enabled: `CASE t.tgenabled WHEN 'O' THEN NULL WHEN 'D' THEN 'no' ELSE t.tgenabled::text END`,
      comment: comment('pg_trigger', 't.oid'),
    },
    create: 'pg_get_triggerdef(t.oid)',
    from: 'pg_catalog.pg_trigger t JOIN own o ON o.oid = t.tgrelid WHERE NOT t.tgisinternal',
  },
  {
    kind: `'rule'`,
    name: `o.name || '.' || quote_ident(r.rulename)`,
    table: 'o.name',
    facts: {
      definition: 'pg_get_ruledef(r.oid)',
      enabled: `CASE r.ev_enabled WHEN 'O' THEN NULL ELSE r.ev_enabled::text END`,
    },
    create: 'pg_get_ruledef(r.oid)',
    from: `pg_catalog.pg_rewrite r JOIN own o ON o.oid = r.ev_class WHERE r.rulename <> '_RETURN'`,
  },
  {
    kind: `'policy'`,
    name: `o.name || '.' || quote_ident(p.polname)`,
    table: 'o.name',
    facts: {
      command: 'p.polcmd::text',
      permissive: `CASE WHEN NOT p.polpermissive THEN 'no' END`,
      roles: `(SELECT string_agg(CASE WHEN role = 0 THEN 'public' ELSE pg_catalog.pg_get_userbyid(role)::text END, ', ' ORDER BY role) FROM unnest(p.polroles) role)`,
      using: 'pg_get_expr(p.polqual, p.polrelid)',
      check: 'pg_get_expr(p.polwithcheck, p.polrelid)',
    },
    from: 'pg_catalog.pg_policy p JOIN own o ON o.oid = p.polrelid',
  },
  {
    kind: `'eventTrigger'`,
    name: 'quote_ident(e.evtname)',
    facts: {
      definition: `e.evtevent || ' ' || e.evtfoid::pg_catalog.regproc::text || coalesce(' ' || e.evttags::text, '')`,
      enabled: 'e.evtenabled::text',
    },
    from: `pg_catalog.pg_event_trigger e WHERE ${notOfExtension('pg_event_trigger', 'e.oid')}`,
  },
  {
    kind: `'publication'`,
    name: 'quote_ident(p.pubname)',
    facts: {
      definition: `CASE WHEN p.puballtables THEN 'all tables' ELSE (SELECT string_agg((r.prrelid::pg_catalog.regclass)::text, ', ' ORDER BY (r.prrelid::pg_catalog.regclass)::text) FROM pg_catalog.pg_publication_rel r WHERE r.prpubid = p.oid) END`,
      owner: owner('p.pubowner'),
    },
    from: 'pg_catalog.pg_publication p',
  },
  {
    kind: `'cast'`,
    name: `format_type(c.castsource, NULL) || ' as ' || format_type(c.casttarget, NULL)`,
    facts: {
      definition: `c.castfunc::pg_catalog.regprocedure::text || ' ' || c.castcontext::text || ' ' || c.castmethod::text`,
    },
    from: `pg_catalog.pg_cast c WHERE c.oid >= 16384 AND ${notOfExtension('pg_cast', 'c.oid')}`,
  },
  {
    kind: `'operator'`,
    name: `s.name || '.' || p.oprname || ' (' || format_type(p.oprleft, NULL) || ', ' || format_type(p.oprright, NULL) || ')'`,
    facts: { definition: `p.oprcode::text || ' ' || format_type(p.oprresult, NULL)`, owner: owner('p.oprowner') },
    from: `pg_catalog.pg_operator p JOIN space s ON s.oid = p.oprnamespace WHERE ${notOfExtension('pg_operator', 'p.oid')}`,
  },
  {
    kind: `'textSearch'`,
    name: `s.name || '.' || quote_ident(c.cfgname)`,
    facts: {
      definition: `(SELECT string_agg(m.maptokentype || ' ' || m.mapdict::pg_catalog.regdictionary::text, ', ' ORDER BY m.maptokentype, m.mapseqno) FROM pg_catalog.pg_ts_config_map m WHERE m.mapcfg = c.oid)`,
    },
    from: `pg_catalog.pg_ts_config c JOIN space s ON s.oid = c.cfgnamespace WHERE ${notOfExtension('pg_ts_config', 'c.oid')}`,
  },
  {
    kind: `'defaultPrivileges'`,
    name: `pg_catalog.pg_get_userbyid(d.defaclrole) || coalesce(' in ' || (SELECT quote_ident(nspname) FROM pg_catalog.pg_namespace WHERE oid = d.defaclnamespace), '') || ' ' || d.defaclobjtype::text`,
    facts: { grants: grants('d.defaclacl') },
    from: 'pg_catalog.pg_default_acl d',
  },
];

function rowsOf({ kind, name, table, facts, create, from }: ObjectQuery): string {
  const pairs = Object.entries(facts).map(([word, value]) => `'${word}', ${value}`);
  return `SELECT (${kind})::text AS kind, (${name})::text AS name, (${table ?? 'NULL'})::text AS "table",
  jsonb_strip_nulls(jsonb_build_object(${pairs.join(', ')}))::text AS facts, (${create ?? 'NULL'})::text AS "create" FROM ${from}`;
}

/** `$1`: tables left out, as `schema.name` without quotes. */
export const snapshotQuery = `${common}\n${queries.map(rowsOf).join('\nUNION ALL\n')}`;
