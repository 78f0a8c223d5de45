/** What PostgreSQL has not checked, or has half made: constraints that are NOT VALID, and indexes that no query may use. */
import type { Session } from '../../engine/ports.ts';
import type { IntegrityFinding } from '../integrity.ts';

const question = `
SELECT 'index' AS kind, pg_catalog.format('%s.%s', n.nspname, c.relname) AS name, i.indrelid::pg_catalog.regclass::text AS table
  FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE NOT (i.indisvalid AND i.indisready) AND c.relkind = 'i' AND n.nspname !~ '^pg_'
UNION ALL
SELECT 'constraint', k.conname, k.conrelid::pg_catalog.regclass::text
  FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_namespace n ON n.oid = k.connamespace
 WHERE NOT k.convalidated AND k.conrelid <> 0 AND n.nspname !~ '^pg_'
 ORDER BY 1, 2, 3`;

export async function findIntegrity(session: Session): Promise<IntegrityFinding[]> {
  return (await session.query(question)).map(({ kind, name, table }) => ({
    key: `${kind} ${table} ${name}`,
    message:
      kind === 'index'
        ? `The index ${name} on ${table} is invalid: no query uses it. Drop it, or build it again with REINDEX INDEX CONCURRENTLY.`
        : `The constraint ${name} on ${table} is NOT VALID: rows that were there before are not checked. Check them with ALTER TABLE … VALIDATE CONSTRAINT.`,
  }));
}
