// What the suite says to each family of databases.

export interface Snippets {
  /** Runs for half a minute at least, doing nothing that remains. */
  readonly long: string;
  /** A statement that makes the server say something beside its result; null where no engine of the kind does. */
  readonly notice: { readonly sql: string; readonly words: string } | null;
  /** A SELECT of `rows` rows with one cell of `length` characters. */
  readonly wide: (rows: number, length: number) => string;
  /** A setting of the session that a script may change, and how to read it. */
  readonly setting: { readonly change: string; readonly read: string };
  /** Makes the server lenient with values that do not fit; null where it never is. */
  readonly lenient: string | null;
  /** Frees every lock of the session that a script can free; null where it can free none. */
  readonly freeLocks: string | null;
  /** A column type for text. */
  readonly text: string;
}

const withNumbers = (rows: number) =>
  `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})`;

export const postgresSql: Snippets = {
  long: 'SELECT pg_sleep(60)',
  notice: { sql: "DO $$ BEGIN RAISE NOTICE 'halfway there'; END $$", words: 'halfway there' },
  wide: (rows, length) => `SELECT i, repeat('x', ${length}) AS wide FROM generate_series(1, ${rows}) i`,
  setting: { change: "SET statement_timeout = '50min'", read: "SELECT current_setting('statement_timeout') AS value" },
  lenient: null,
  freeLocks: 'DO $$ BEGIN PERFORM pg_advisory_unlock_all(); END $$',
  text: 'text',
};

export const mysqlSql: Snippets = {
  // Not SLEEP() or BENCHMARK(): a server that stops those calls them done.
  long: 'SELECT COUNT(SHA2(seq, 512)) FROM seq_1_to_1000000000',
  notice: { sql: 'DROP TABLE IF EXISTS never_created', words: 'never_created' },
  wide: (rows, length) => `${withNumbers(rows)} SELECT i, REPEAT('x', ${length}) AS wide FROM n`,
  setting: { change: 'SET SESSION lock_wait_timeout = 77', read: 'SELECT @@SESSION.lock_wait_timeout AS value' },
  freeLocks: 'DO RELEASE_ALL_LOCKS()',
  lenient: "SET SESSION sql_mode = ''",
  text: 'longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
};

export const sqliteSql: Snippets = {
  long: `${withNumbers(100_000_000_000)} SELECT count(*) FROM n`,
  notice: null,
  wide: (rows, length) => `${withNumbers(rows)} SELECT i, printf('%.*c', ${length}, 'x') AS wide FROM n`,
  setting: {
    change: 'PRAGMA recursive_triggers = ON',
    read: 'SELECT recursive_triggers AS value FROM pragma_recursive_triggers',
  },
  lenient: null,
  freeLocks: null,
  text: 'text',
};
