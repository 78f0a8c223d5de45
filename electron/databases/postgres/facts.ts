/** What hazard rules ask of a PostgreSQL database, in one question. */
import type { CatalogueFacts } from '../../engine/hazards.ts';
import type { Session } from '../../engine/ports.ts';

const question = `
SELECT n.nspname || '.' || c.relname AS name, c.reltuples AS rows, pg_catalog.pg_total_relation_size(c.oid)::text AS bytes,
  current_setting('TimeZone') AS zone
  FROM (SELECT 1) one LEFT JOIN (pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema') ON c.relkind IN ('r', 'p', 'm')`;

export async function readFacts(session: Session): Promise<CatalogueFacts> {
  const rows = await session.query(question);
  const tables = rows.flatMap(({ name, rows: count, bytes }) =>
    // -1: never analysed.
    name === null
      ? []
      : [
          [
            String(name).toLowerCase(),
            { rows: Number(count) < 0 ? null : Number(count), bytes: Number(bytes) },
          ] as const,
        ],
  );
  return {
    product: session.identity.product,
    version: session.identity.version,
    timeZone: String(rows[0]?.['zone'] ?? ''),
    tables: new Map(tables),
  };
}
