/** What Lockkeeper's backups are measured beside: shell scripts of the programs that a person would use. */
import { findProgram } from '../servers/programs.ts';
import type { BenchDatabase, BenchEngine, Engine } from './engines.ts';

export interface Hand {
  readonly title: string;
  /** What Lockkeeper's aim is a multiple of. */
  readonly isLimit: boolean;
  /** For bash, in an empty folder; what it leaves there is its archive. */
  readonly script: string;
  readonly environment: Readonly<Record<string, string>>;
}

const tables = [1, 2, 3, 4].map((number) => `reading_${number}`);
/** As a dump writes it. */
const bytesOfRow = 150;

/** Four tables of an equal number of rows, each with a second index. */
export function fillStatements(engine: Engine, megabytes: number): string[] {
  const rows = Math.round((megabytes * 1e6) / bytesOfRow / tables.length);
  return tables.flatMap((table) => [
    `CREATE TABLE ${table} (id integer PRIMARY KEY, patient integer NOT NULL, name varchar(100) NOT NULL, note text)`,
    `INSERT INTO ${table} ${fill[engine](rows)}`,
    `CREATE INDEX ${table}_patient ON ${table} (patient)`,
  ]);
}

const text = "' a reading as it came from the device in the ward, which was kept and is to be kept'";
const fill: Readonly<Record<Engine, (rows: number) => string>> = {
  postgres: (rows) =>
    `SELECT n, n % 50000, 'reading ' || n, md5(n::text) || ${text} FROM generate_series(1, ${rows}) n`,
  mariadb: (rows) =>
    `SELECT seq, seq % 50000, concat('reading ', seq), concat(md5(seq), ${text}) FROM seq_1_to_${rows}`,
  sqlite: (rows) =>
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows}) SELECT i, i % 50000, 'reading ' || i, lower(hex(randomblob(16))) || ${text} FROM n`,
};

export function byHand(engine: BenchEngine, database: BenchDatabase, kind: 'taken' | 'proven'): Hand[] {
  if (findProgram('zstd') === undefined) throw new Error('zstd is needed to compare with');
  const scripts = { postgres, mariadb, sqlite }[engine.id]()[kind];
  const environment = { ...environmentOf(engine), DB: database.name, COPY: `${database.name}_copy` };
  return scripts.map(([title, script], index) => ({ title, isLimit: index === 0, script, environment }));
}

function environmentOf({ id, server }: BenchEngine): Record<string, string> {
  if (server === null) return {};
  const { user, password } = server.superuser;
  const [host, port] = [server.host, String(server.port)];
  return id === 'postgres'
    ? { PGHOST: host, PGPORT: port, PGUSER: user, PGPASSWORD: password, PGSSLMODE: 'disable', LC_ALL: 'C' }
    : { MYSQL_PWD: password, AT: `-h ${host} -P ${port} -u ${user} --skip-ssl` };
}

type Scripts = Readonly<Record<'taken' | 'proven', readonly (readonly [title: string, script: string])[]>>;

/** Halves of the tables, for two connections. */
const halves = [tables.slice(0, 2), tables.slice(2)];
const both = (command: (half: readonly string[], index: number) => string): string =>
  `${halves.map((half, index) => `{ ${command(half, index)}; } & P${index}=$!`).join('\n')}\nwait $P0; wait $P1`;

/** The quickest order-free digest of the server's own, on the database and then on the copy. */
const compare = (digest: (database: string, half: readonly string[]) => string): string =>
  [
    both((half, index) => `${digest('$DB', half)} > a${index}`),
    both((half, index) => `${digest('$COPY', half)} > b${index}`),
    'cmp a0 b0; cmp a1 b1; rm a0 a1 b0 b1',
  ].join('\n');

function postgres(): Scripts {
  const digest = (database: string, half: readonly string[]) =>
    `psql -XAtqd "${database}" ${half.map((table) => `-c "SELECT count(*), sum(hashtextextended(t::text, 0)) FROM ${table} t"`).join(' ')}`;
  const copies = tables.map((table) => `-c "COPY ${table} TO STDOUT"`).join(' ');
  const restoreAndCompare = `psql -Xqd postgres -c "CREATE DATABASE $COPY"
pg_restore -j2 -d "$COPY" dump
${compare(digest)}
psql -Xqd postgres -c "DROP DATABASE $COPY"`;
  return {
    taken: [
      ['COPY of every table, one connection', `psql -Xqd "$DB" ${copies} > /dev/null`],
      ['pg_dump -Fc -Z0 | zstd -1', 'pg_dump -Fc -Z0 "$DB" | zstd -1 -q -o dump.zst'],
      ['pg_dump -Fd -j2 -Z1', 'pg_dump -Fd -j2 -Z1 -f dump "$DB"'],
      ['pg_dump -Fc', 'pg_dump -Fc -f dump "$DB"'],
    ],
    proven: [
      ['by hand: pg_dump -Fd -j2 -Z1, pg_restore -j2', `pg_dump -Fd -j2 -Z1 -f dump "$DB"\n${restoreAndCompare}`],
      [
        'by hand, not compressed: pg_dump -Fd -j2 -Z0, pg_restore -j2',
        `pg_dump -Fd -j2 -Z0 -f dump "$DB"\n${restoreAndCompare}`,
      ],
    ],
  };
}

function mariadb(): Scripts {
  const dump = 'mariadb-dump $AT --single-transaction --quick --routines --events --triggers --hex-blob "$DB"';
  const select = tables.map((table) => `SELECT * FROM ${table};`).join(' ');
  // What stands before the first table is for both.
  const part = (index: number) => `awk '/^-- Table structure for table/ {n++} n == 0 || n % 2 == ${index}'`;
  return {
    taken: [
      ['SELECT of every table, one connection', `mariadb $AT --quick -BN "$DB" -e "${select}" > /dev/null`],
      ['mariadb-dump | zstd -1', `${dump} | zstd -1 -q -o dump.zst`],
      ['mariadb-dump', `${dump} > dump.sql`],
    ],
    proven: [
      [
        'by hand: mariadb-dump | zstd -1, two mariadb, CHECKSUM TABLE',
        `${dump} | zstd -1 -q -o dump.zst; sync dump.zst
mariadb $AT -e "CREATE DATABASE $COPY"
${both((_half, index) => `zstd -dcq dump.zst | ${part(index)} | mariadb $AT "$COPY"`)}
${compare((database, half) => `mariadb $AT -BN "${database}" -e "CHECKSUM TABLE ${half.join(', ')}" | cut -f 2`)}
mariadb $AT -e "DROP DATABASE $COPY"`,
      ],
    ],
  };
}

function sqlite(): Scripts {
  return {
    taken: [
      ['cp, brought to the disk', 'cp "$DB" copy; sync copy'],
      ['cp | zstd -1', 'zstd -1 -q -o dump.zst < "$DB"; sync dump.zst'],
      ['sqlite3 .backup, zstd -1', 'sqlite3 "$DB" ".backup copy"; zstd -1 -q --rm -o dump.zst copy; sync dump.zst'],
    ],
    proven: [
      [
        'by hand: cp, zstd -1, unpacked, cmp, integrity_check',
        `cp "$DB" copy; zstd -1 -q -o dump.zst copy; sync dump.zst
zstd -dq -o restored dump.zst; cmp copy restored
test "$(sqlite3 restored "PRAGMA integrity_check")" = ok
rm copy restored`,
      ],
    ],
  };
}
