// What an interrupted run may have left: a backend at work, an invalid index, a partition half detached.
import type { Aftermath, Leftovers, Row, Session } from '../../engine/ports.ts';
import { tokensOf } from '../splitting/tokenReader.ts';
import { dialect } from './dialect.ts';
import { postgresLexicon } from './lexicon.ts';

/** Numbers of processes come again: the time it began tells whether it is the same. */
const sameBackend = `a.pid = split_part($1, ' ', 1)::integer AND (split_part($1, ' since ', 2) = ''
  OR to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') = split_part($1, ' since ', 2))`;

export const postgresAftermath: Aftermath = {
  async findSession(session, backend) {
    const [row] = await session.query(
      `SELECT a.pid::text AS id, CASE WHEN a.state = 'active' THEN left(a.query, 1000) END AS statement,
         CASE WHEN a.state = 'active' THEN floor(extract(epoch FROM clock_timestamp() - a.query_start) * 1000)::bigint END AS age
       FROM pg_stat_activity a WHERE ${sameBackend}`,
      [backend],
    );
    if (row === undefined) return null;
    const { id, statement, age } = row;
    return {
      id: String(id),
      statement: typeof statement === 'string' && statement !== '' ? statement : null,
      ageMs: age === null || age === undefined ? null : Number(age),
    };
  },
  async endSession(session, backend) {
    await session.query(`SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a WHERE ${sameBackend}`, [backend]);
  },
  leftovers,
  isUndoable: async () => true,
};

async function leftovers(session: Session, statement: string): Promise<Leftovers | null> {
  const words = tokensOf(postgresLexicon, statement);
  const upper = words.map((word) => word.toUpperCase());
  const concurrently = upper.indexOf('CONCURRENTLY');
  if (concurrently === -1) return null;
  const name = nameAfter(words, concurrently, upper);
  switch (upper[0]) {
    case 'CREATE':
      return failedBuild(session, words, upper);
    case 'DROP':
      return (await invalid(session, 'i.indexrelid = to_regclass($1)', [name])).length > 0
        ? { cleanup: [], afterwards: 'again' }
        : null;
    case 'REINDEX':
      return dropping(await invalid(session, String.raw`c.relname ~ '_cc(new|old)\d*$'`, []));
    case 'ALTER':
      return pendingDetach(session, words, upper);
    default:
      return null;
  }
}

/** Tokens of a name, joined as written. */
function nameAfter(words: readonly string[], at: number, upper: readonly string[]): string {
  let from = at + 1;
  while (['IF', 'NOT', 'EXISTS', 'ONLY'].includes(upper[from] ?? '')) from += 1;
  return words[from + 1] === '.' ? `${words[from]}.${words[from + 2]}` : (words[from] ?? '');
}

/** An index is always in its table's schema. A name that the server chose is not known: any failed build on the table. */
async function failedBuild(
  session: Session,
  words: readonly string[],
  upper: readonly string[],
): Promise<Leftovers | null> {
  const on = upper.indexOf('ON');
  const table = nameAfter(words, on, upper);
  const index = nameAfter(words, upper.indexOf('CONCURRENTLY'), upper);
  const named = on > upper.indexOf('CONCURRENTLY') + 1;
  const ofTable = 'i.indrelid = to_regclass($1)';
  return dropping(
    named
      ? await invalid(session, `${ofTable} AND c.relname = ((parse_ident($2, false))[1])::name`, [table, index])
      : await invalid(session, ofTable, [table]),
  );
}

/** Not valid, and not being built by anybody. A partitioned table's index is invalid until all its parts are there. */
async function invalid(session: Session, which: string, parameters: readonly string[]): Promise<Row[]> {
  return session.query(
    `SELECT n.nspname::text AS schema, c.relname::text AS name FROM pg_index i
       JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE NOT i.indisvalid AND c.relkind = 'i' AND ${which}
        AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index p WHERE p.datname = current_database() AND p.index_relid = i.indexrelid)`,
    parameters,
  );
}

const dropping = (rows: readonly Row[]): Leftovers | null =>
  rows.length === 0
    ? null
    : {
        cleanup: rows.map(
          ({ schema, name }) =>
            `DROP INDEX CONCURRENTLY IF EXISTS ${dialect.quoteTable({ schema: String(schema), name: String(name) })}`,
        ),
        afterwards: 'again',
      };

/** From PostgreSQL 14 on; a detach that was interrupted can only be finished. */
async function pendingDetach(
  session: Session,
  words: readonly string[],
  upper: readonly string[],
): Promise<Leftovers | null> {
  const detach = upper.indexOf('DETACH');
  if (detach === -1) return null;
  const parent = nameAfter(words, upper.indexOf('TABLE'), upper);
  const partition = nameAfter(words, upper.indexOf('PARTITION', detach), upper);
  const rows = await session.query(
    `SELECT FROM pg_inherits h WHERE h.inhrelid = to_regclass($1) AND h.inhparent = to_regclass($2)
        AND coalesce((to_jsonb(h) ->> 'inhdetachpending')::boolean, false)`,
    [partition, parent],
  );
  return rows.length === 0
    ? null
    : { cleanup: [`ALTER TABLE ${parent} DETACH PARTITION ${partition} FINALIZE`], afterwards: 'done' };
}
