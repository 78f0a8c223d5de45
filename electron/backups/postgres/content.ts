// What a database of PostgreSQL holds, as one transaction sees it.
import type { BackupContent } from '../../../shared/model/proof.ts';
import type { Session } from '../../engine/ports.ts';
import { type ContentReader, contentOf, positions, type Recording } from '../content/contentReader.ts';
import { DIGEST_BUDGET_MS, type DigestTable, readTables } from '../content/readTables.ts';
import { tablesToCount } from './catalogue.ts';

/** Values have the same text on every server and in every session, until the transaction ends. */
const settle = `SELECT set_config('search_path', '', true), set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO, YMD', true),
 set_config('IntervalStyle', 'postgres', true), set_config('extra_float_digits', '3', true), set_config('bytea_output', 'hex', true),
 set_config('lc_monetary', 'C', true), set_config('xmlbinary', 'base64', true)`;

/** By name: a dump may order the columns of inherited tables anew. Generated ones are in no dump. */
const columnsQuery = `SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname) AS columns
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' GROUP BY 1`;

async function tables(session: Session): Promise<DigestTable[]> {
  const columns = new Map(
    (await session.query(columnsQuery)).map((row) => [String(row['name']), String(row['columns'])]),
  );
  return (await tablesToCount(session)).map((table) => ({
    ...table,
    digestSql: `SELECT count(*) AS found, sum(('x' || substr(md5(ROW(${columns.get(table.table) ?? ''})::text), 1, 16))::bit(64)::bigint)::text AS digest FROM ${table.sql}`,
  }));
}

const sequencesQuery = `SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'S' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')`;

const TOGETHER = 100;

async function sequences(session: Session): Promise<Map<string, string>> {
  const names = (await session.query(sequencesQuery)).map((row) => String(row['name']));
  const found = new Map<string, string>();
  for (let first = 0; first < names.length; first += TOGETHER) {
    const some = names.slice(first, first + TOGETHER);
    const questions = some.map(
      (name, index) =>
        `SELECT ${index} AS place, last_value || CASE WHEN is_called THEN '' ELSE ' unused' END AS position FROM ${name}`,
    );
    for (const row of await session.query(questions.join(' UNION ALL ')))
      found.set(some[Number(row['place'])] ?? '', String(row['position']));
  }
  return found;
}

/** Positions before the dump; `finish` reads the rest, in the snapshot of the dump, when that is done. */
export async function beginContent(
  session: Session,
  recording: Recording,
): Promise<(signal: AbortSignal) => Promise<BackupContent>> {
  const before = await sequences(session);
  return async (signal) => {
    await session.query(settle);
    const read = await readTables(session, await tables(session), { budgetMs: DIGEST_BUDGET_MS }, signal);
    return contentOf({
      schema: await recording.readSchema(session),
      tables: read,
      sequences: positions(before, await sequences(session)),
      database: await databaseFacts(session),
    });
  };
}

async function databaseFacts(session: Session): Promise<BackupContent['database']> {
  const [row = {}] = await session.query(
    'SELECT pg_encoding_to_char(encoding) AS encoding, datcollate AS collate, datctype AS ctype, (SELECT count(*) FROM pg_catalog.pg_largeobject_metadata) AS "largeObjects" FROM pg_catalog.pg_database WHERE datname = current_database()',
  );
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value)]));
}

export const postgresContent: ContentReader = {
  async read({ session }, digested, signal) {
    await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    try {
      await session.query(settle);
      return {
        tables: await readTables(session, await tables(session), digested, signal),
        sequences: await sequences(session),
      };
    } finally {
      await session.query('ROLLBACK');
    }
  },
};
