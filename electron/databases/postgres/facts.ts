/** What hazard rules ask of a PostgreSQL database, in one question. */
import {
  type CatalogueFacts,
  type ConstraintFact,
  type HazardExtent,
  noFacts,
  type TableDetails,
  type TableSize,
} from '../../engine/hazards.ts';
import type { Row, Session } from '../../engine/ports.ts';

/** Columns and constraints of more tables than this are not read: rules then say what may be. */
const detailedTables = 2000;

// Asking for a size or a condition takes a lock: of a table that somebody locks, or waits to lock, the last estimate must do.
// A check of one column whose text says IS NOT NULL and nothing else proves that it has a value (PostgreSQL 12 and later use that).
const question = `
WITH locked AS MATERIALIZED (
  SELECT COALESCE(i.indrelid, r.oid, l.relation) AS oid FROM pg_catalog.pg_locks l
    LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = l.relation
    LEFT JOIN pg_catalog.pg_class r ON r.reltoastrelid = COALESCE(i.indrelid, l.relation)
   WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock'),
tables AS (
  SELECT c.oid, c.relpages, n.nspname || '.' || c.relname AS name, c.reltuples, c.relkind, count(*) OVER () AS total
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema')
SELECT t.name, t.reltuples AS rows, (CASE WHEN t.oid IN (SELECT oid FROM locked)
    THEN (t.relpages + (SELECT COALESCE(sum(x.relpages), 0) FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
      WHERE i.indrelid = t.oid)) * current_setting('block_size')::bigint
    ELSE pg_catalog.pg_total_relation_size(t.oid) END)::text AS bytes,
  current_setting('TimeZone') AS zone, pg_catalog.array_to_json(pg_catalog.current_schemas(false))::text AS path,
  CASE WHEN t.total <= ${detailedTables} THEN pg_catalog.json_build_object(
    'columns', (SELECT pg_catalog.json_object_agg(a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod))
       FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped),
    'filled', (SELECT pg_catalog.json_agg(a.attname) FROM pg_catalog.pg_attribute a
       WHERE a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attnotnull AND NOT EXISTS (
         SELECT FROM pg_catalog.pg_constraint k WHERE k.conrelid = t.oid AND k.contype = 'n' AND NOT k.convalidated AND a.attnum = ANY (k.conkey))),
    'constraints', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('name', k.conname, 'kind', k.contype, 'valid', k.convalidated,
         'columns', (SELECT pg_catalog.json_agg(a.attname) FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = ANY (k.conkey)),
         'references', (SELECT fn.nspname || '.' || f.relname FROM pg_catalog.pg_class f JOIN pg_catalog.pg_namespace fn ON fn.oid = f.relnamespace
           WHERE f.oid = k.confrelid),
         'others', (SELECT pg_catalog.json_agg(a.attname) FROM pg_catalog.pg_attribute a WHERE a.attrelid = k.confrelid AND a.attnum = ANY (k.confkey)),
         'definition', CASE WHEN k.contype = 'c' AND t.oid NOT IN (SELECT oid FROM locked) THEN pg_catalog.pg_get_constraintdef(k.oid) END))
       FROM pg_catalog.pg_constraint k WHERE k.conrelid = t.oid AND k.contype IN ('f', 'c')),
    'parent', (SELECT pn.nspname || '.' || p.relname FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class p ON p.oid = h.inhparent
       JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace WHERE h.inhrelid = t.oid AND p.relkind = 'p'),
    'indexes', (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('name', x.relname, 'valid', i.indisvalid))
       FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = t.oid))::text END AS details
  FROM (SELECT 1) one LEFT JOIN tables t ON true`;

// The planner takes the question for a long one: compiling it cost seconds in a database of 2,000 tables, asking it less
// than one. PostgreSQL 10 and earlier have no such setting.
const withoutJit = `SELECT pg_catalog.set_config('lockkeeper.jit', pg_catalog.current_setting('jit'), false), pg_catalog.set_config('jit', 'off', false)
 WHERE pg_catalog.current_setting('jit', true) IS NOT NULL`;
const formerJit = `SELECT pg_catalog.set_config('jit', pg_catalog.current_setting('lockkeeper.jit'), false)
 WHERE pg_catalog.current_setting('jit', true) IS NOT NULL`;

export async function readFacts(session: Session, extent: HazardExtent): Promise<CatalogueFacts> {
  if (extent === 'mustAccept') return noFacts;
  const [, rows] = await Promise.all([session.query(withoutJit), session.query(question), session.query(formerJit)]);
  const path: unknown = JSON.parse(String(rows[0]?.['path'] ?? '[]'));
  return {
    product: session.identity.product,
    version: session.identity.version,
    timeZone: String(rows[0]?.['zone'] ?? ''),
    searchPath: Array.isArray(path) ? path.map(String) : [],
    tables: withPartitions(new Map(rows.flatMap((row) => (row['name'] === null ? [] : [tableOf(row)])))),
  };
}

function tableOf({ name, rows, bytes, details }: Row): readonly [string, TableSize] {
  const known = details === null ? {} : { details: detailsOf(JSON.parse(String(details))) };
  // -1: never analysed.
  return [String(name).toLowerCase(), { rows: Number(rows) < 0 ? null : Number(rows), bytes: Number(bytes), ...known }];
}

/** A partitioned table holds nothing itself: it is as big as its partitions. */
function withPartitions(tables: Map<string, TableSize>): Map<string, TableSize> {
  for (const { bytes, details } of [...tables.values()])
    for (
      let name = details?.partitionOf ?? null;
      name !== null;
      name = tables.get(name)?.details?.partitionOf ?? null
    ) {
      const parent = tables.get(name);
      if (parent === undefined) break;
      tables.set(name, { ...parent, bytes: parent.bytes + bytes });
    }
  return tables;
}

interface Read {
  readonly columns: TableDetails['columns'] | null;
  /** Columns that are NOT NULL. */
  readonly filled: readonly string[] | null;
  readonly constraints: readonly ReadConstraint[] | null;
  readonly indexes: TableDetails['indexes'] | null;
  readonly parent: string | null;
}

interface ReadConstraint {
  readonly name: string;
  readonly kind: 'f' | 'c';
  readonly valid: boolean;
  readonly columns: readonly string[] | null;
  readonly references: string | null;
  readonly others: readonly string[] | null;
  readonly definition: string | null;
}

const detailsOf = ({ columns, filled, constraints, indexes, parent }: Read): TableDetails => ({
  columns: columns ?? {},
  constraints: [...(constraints ?? []).map(constraintOf), ...(filled ?? []).map(notNull)],
  indexes: indexes ?? [],
  partitionOf: parent?.toLowerCase() ?? null,
});

const constraintOf = ({
  name,
  kind,
  valid,
  columns,
  references,
  others,
  definition,
}: ReadConstraint): ConstraintFact => ({
  name,
  kind: kind === 'f' ? 'foreignKey' : 'check',
  valid,
  columns: columns ?? [],
  references: references?.toLowerCase() ?? null,
  referencedColumns: others ?? [],
  provesNotNull: valid && /^CHECK \(\(+(?:\w+|"[^"]+") IS NOT NULL\)+$/.test(definition ?? ''),
});

const notNull = (column: string): ConstraintFact => ({
  name: '',
  kind: 'notNull',
  valid: true,
  columns: [column],
  references: null,
  referencedColumns: [],
  provesNotNull: true,
});
