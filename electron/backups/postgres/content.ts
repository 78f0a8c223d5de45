// What a database of PostgreSQL holds, as one transaction sees it.
import type { BackupContent, DigestForm } from '../../../shared/model/proof.ts';
import type { Session } from '../../engine/ports.ts';
import { type ContentReader, contentOf, positions, type Recording } from '../content/contentReader.ts';
import { DIGEST_BUDGET_MS, type DigestTable, readTables, type TableRead } from '../content/readTables.ts';
import { majorOf } from '../version.ts';
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

/** Rows as text by the hash of hash indexes, which is four times as fast as MD5 and known since PostgreSQL 11. */
const digests: Readonly<Record<DigestForm, (row: string) => string>> = {
  1: (row) => `('x' || substr(md5(${row}), 1, 16))::bit(64)::bigint`,
  2: (row) => `pg_catalog.hashtextextended(${row} COLLATE "C", 0)`,
};

const formOf = ({ identity }: Session): DigestForm => (majorOf(identity.version) >= 11 ? 2 : 1);

async function tables(session: Session, form: DigestForm): Promise<DigestTable[]> {
  const columns = new Map(
    (await session.query(columnsQuery)).map((row) => [String(row['name']), String(row['columns'])]),
  );
  return (await tablesToCount(session)).map((table) => ({
    ...table,
    digestSql: `SELECT count(*) AS found, sum(${digests[form](`ROW(${columns.get(table.table) ?? ''})::text`)})::text AS digest FROM ${table.sql}`,
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

/** What a dump must hold, read in its snapshot: positions before it, rows beside it, the rest when it is done. */
interface BegunContent {
  readRows(signal: AbortSignal): Promise<TableRead[]>;
  finish(rows: readonly TableRead[]): Promise<BackupContent>;
}

export async function beginContent(session: Session, recording: Recording): Promise<BegunContent> {
  const before = await sequences(session);
  const form = formOf(session);
  return {
    async readRows(signal) {
      await session.query(settle);
      return readTables([session], await tables(session, form), { budgetMs: DIGEST_BUDGET_MS }, signal);
    },
    finish: async (rows) =>
      contentOf({
        schema: await recording.readSchema(session),
        tables: rows,
        digestForm: form,
        sequences: positions(before, await sequences(session)),
        database: await databaseFacts(session),
      }),
  };
}

async function databaseFacts(session: Session): Promise<BackupContent['database']> {
  const [row = {}] = await session.query(
    'SELECT pg_encoding_to_char(encoding) AS encoding, datcollate AS collate, datctype AS ctype, (SELECT count(*) FROM pg_catalog.pg_largeobject_metadata) AS "largeObjects" FROM pg_catalog.pg_database WHERE datname = current_database()',
  );
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value)]));
}

export const postgresContent: ContentReader = {
  async read({ session }, wanted, signal) {
    await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    try {
      await session.query(settle);
      return {
        tables: await readTables([session], await tables(session, wanted.form), wanted.tables, signal),
        sequences: await sequences(session),
      };
    } finally {
      await session.query('ROLLBACK');
    }
  },
};
