/** What a PostgreSQL server reports of one statement: table locks of its session, file nodes, and its own debug messages. */
import pg from 'pg';

export interface Observed {
  /** Strongest lock by table that was there before. */
  readonly locks: ReadonlyMap<string, string>;
  /** Tables and materialized views whose file is another one. */
  readonly rewritten: readonly string[];
  /** Rows were verified, or looked up for a foreign key. */
  readonly scanned: boolean;
  readonly builtIndex: boolean;
}

const relations = `SELECT c.oid::int AS oid, c.relname AS name, pg_catalog.pg_relation_filenode(c.oid)::text AS file
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'm', 'v')`;
const locks = `SELECT relation::int AS oid, mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted`;

const modes = [
  'AccessShare',
  'RowShare',
  'RowExclusive',
  'ShareUpdateExclusive',
  'Share',
  'ShareRowExclusive',
  'Exclusive',
  'AccessExclusive',
];
/** `ShareRowExclusiveLock` as SQL names it. */
const sqlMode = (mode: string): string =>
  mode
    .replace(/Lock$/, '')
    .replace(/(?!^)([A-Z])/g, ' $1')
    .toUpperCase();

/** Runs it in a transaction that is rolled back. */
export async function observe(client: pg.Client, statement: string): Promise<Observed> {
  const notices: string[] = [];
  const listen = (notice: { readonly message?: string | undefined }) => notices.push(notice.message ?? '');
  const before = (await client.query<{ oid: number; name: string; file: string | null }>(relations)).rows;
  await client.query('BEGIN');
  try {
    await client.query('SET LOCAL client_min_messages = debug1');
    client.on('notice', listen);
    await client.query(statement);
    client.off('notice', listen);
    const held = (await client.query<{ oid: number; mode: string }>(locks)).rows;
    const after = new Map(
      (await client.query<{ oid: number; file: string | null }>(relations)).rows.map((row) => [row.oid, row.file]),
    );
    return {
      locks: strongest(before, held),
      rewritten: before.filter(({ oid, file }) => after.has(oid) && after.get(oid) !== file).map(({ name }) => name),
      scanned: notices.some((text) => /^(?:verifying table|validating foreign key constraint)/.test(text)),
      builtIndex: notices.some(
        (text) => /^building index/.test(text) && before.some(({ name }) => text.includes(`on table "${name}"`)),
      ),
    };
  } finally {
    client.off('notice', listen);
    await client.query('ROLLBACK');
  }
}

function strongest(
  before: readonly { readonly oid: number; readonly name: string }[],
  held: readonly { readonly oid: number; readonly mode: string }[],
): Map<string, string> {
  const found = new Map<string, string>();
  for (const { oid, name } of before) {
    const ranks = held.filter((lock) => lock.oid === oid).map(({ mode }) => modes.indexOf(mode.replace(/Lock$/, '')));
    const mode = modes[Math.max(...ranks)];
    if (ranks.length > 0 && mode !== undefined) found.set(name, sqlMode(mode));
  }
  return found;
}

export async function connected(url: string): Promise<pg.Client & AsyncDisposable> {
  const client = new pg.Client(url);
  await client.connect();
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() });
}
