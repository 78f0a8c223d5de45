/**
 * The limit: the least a program in Node can do for the same work. It takes a lock, reads the history, hashes every file
 * and sends one message per migration; a long script is read and sent in messages of a few MB. With a folder for a journal
 * it makes the same durable writes as Lockkeeper: journal rows beside the effects, a committed announcement before each
 * statement that MariaDB cannot roll back, and a journal of the client's own. No progress, no place of an error, no
 * questions asked.
 *
 * Started as a program of its own: `limit ENGINE URL FOLDER [JOURNAL_FOLDER [TOGETHER]]`. An empty journal folder is none;
 * `TOGETHER` migrations share a message. Of a fleet the URL is `@FILE`, which has one in each line; eight of them are done
 * at once.
 */
import { createHash } from 'node:crypto';
import { closeSync, fdatasyncSync, openSync, readdirSync, readFileSync, readSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

interface Migration {
  readonly file: string;
  readonly version: string;
  /** Null: too long to be held; it is read again when it is sent. */
  readonly sql: string | null;
  readonly sha256: string;
}

const [engine = '', given = '', folder = '', journalFolder = '', together = '1'] = process.argv.slice(2);
/** Databases of a fleet at once. */
const width = 8;
const durable = journalFolder !== '';
/** Bytes of a message at most: MariaDB takes 16 MB by default. */
const messageBytes = 4_000_000;

const pendingOf = (applied: ReadonlySet<string>): Migration[] =>
  readdirSync(folder)
    .sort()
    .map(readMigration)
    .filter(({ version }) => !applied.has(version));

function readMigration(name: string): Migration {
  const file = join(folder, name);
  const version = /^\d+/.exec(name)?.[0] ?? name;
  const hash = createHash('sha256');
  if (statSync(file).size > messageBytes) {
    for (const bytes of pieces(file)) hash.update(bytes);
    return { file, version, sql: null, sha256: hash.digest('hex') };
  }
  const text = readFileSync(file, 'utf8');
  const sql = text.slice(text.indexOf('\n') + 1, text.lastIndexOf('-- migrate:down'));
  return { file, version, sql: withoutEnd(sql), sha256: hash.update(text).digest('hex') };
}

/** One buffer for all of them: what was yielded is overwritten. */
function* pieces(file: string): Generator<Buffer> {
  const descriptor = openSync(file, 'r');
  const buffer = Buffer.allocUnsafe(messageBytes);
  for (let length = 1; length > 0; ) {
    length = readSync(descriptor, buffer);
    yield buffer.subarray(0, length);
  }
  closeSync(descriptor);
}

/** Cut after statements that end with their line, as those of a long script here do, which is ASCII. */
function* longScript(file: string): Generator<string> {
  let rest = '';
  for (const bytes of pieces(file)) {
    const text = rest + bytes.toString('latin1');
    const end = text.lastIndexOf(';\n') + 1;
    yield text.slice(0, end).replace('-- migrate:up\n', '');
    rest = text.slice(end);
  }
}

/** `sent`, in which null stands for the migration's own script. */
function* messages(sent: readonly (string | null)[], { file }: Migration): Generator<string> {
  const at = sent.indexOf(null);
  if (at === -1) {
    yield sent.join(';\n');
    return;
  }
  yield sent.slice(0, at).join(';\n');
  for (const part of longScript(file)) if (part.trim() !== '') yield part;
  yield sent.slice(at + 1).join(';\n');
}

const withoutEnd = (sql: string): string => sql.trimEnd().replace(/;$/, '');

/** The client's own journal: appends, on the disk itself where the server's journal alone could not tell. */
function openClientJournal(run: string): { append(record: object, synced: boolean): void; close(): void } {
  if (!durable) return { append: () => undefined, close: () => undefined };
  const file = openSync(join(journalFolder, `limit-${process.pid}-${run}.jsonl`), 'a');
  return {
    append(record, synced) {
      writeSync(file, `${JSON.stringify(record)}\n`);
      if (synced) fdatasyncSync(file);
    },
    close: () => closeSync(file),
  };
}

interface Session {
  readonly run: string;
  readonly applied: ReadonlySet<string>;
  /** The client's journal is synced before each migration. */
  readonly announced: boolean;
  statements(step: number, migration: Migration): readonly (string | null)[];
  send(message: string): unknown;
}

async function applyPending({ run, applied, announced, statements, send }: Session): Promise<void> {
  const journal = openClientJournal(run);
  const pending = pendingOf(applied);
  let shared: (string | null)[] = [];
  for (const [step, migration] of pending.entries()) {
    journal.append({ intent: step, version: migration.version }, announced);
    shared.push(...statements(step, migration));
    if (migration.sql === null || (step + 1) % Number(together) === 0 || step === pending.length - 1) {
      for (const message of messages(shared, migration)) await send(message);
      shared = [];
    }
    journal.append({ outcome: step }, false);
  }
  journal.close();
}

const history = (version: string): string => `INSERT INTO schema_migrations (version) VALUES ('${version}')`;

const stepRow = (run: string, step: number, { version, sha256 }: Migration, table: string, state: string): string =>
  `INSERT INTO ${table} (run_id, step, version, sha256, state, statement, changed_at) VALUES ('${run}', ${step}, '${version}', '${sha256}', '${state}', NULL, CURRENT_TIMESTAMP)`;

const journalTables = (run: string, step: string): string[] => [
  `CREATE TABLE IF NOT EXISTS ${run} (id varchar(64) PRIMARY KEY, started_at varchar(40))`,
  `CREATE TABLE IF NOT EXISTS ${step} (run_id varchar(64), step integer, version varchar(255), sha256 char(64), state varchar(10), statement integer, changed_at timestamp, PRIMARY KEY (run_id, step))`,
];

const createHistory = 'CREATE TABLE IF NOT EXISTS schema_migrations (version varchar(128) PRIMARY KEY)';

/** In one transaction, its journal row with it. */
const inTransaction = (run: string, begin: string, table: string) => (step: number, migration: Migration) => [
  begin,
  migration.sql,
  history(migration.version),
  ...(durable ? [stepRow(run, step, migration, table, 'done')] : []),
  'COMMIT',
];

async function postgres(url: string, run: string): Promise<void> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const opening = durable
    ? ['CREATE SCHEMA IF NOT EXISTS lockkeeper', ...journalTables('lockkeeper.run', 'lockkeeper.step')]
    : [];
  await client.query(['SELECT pg_advisory_lock(1)', createHistory, ...opening].join(';'));
  const { rows } = await client.query<{ version: string }>('SELECT version FROM schema_migrations');
  await applyPending({
    run,
    applied: new Set(rows.map(({ version }) => version)),
    announced: false,
    statements: inTransaction(run, 'BEGIN', 'lockkeeper.step'),
    send: (message) => client.query(message),
  });
  await client.end();
}

async function mariadb(url: string, run: string): Promise<void> {
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection({ uri: url, multipleStatements: true });
  const opening = durable
    ? [
        'CREATE DATABASE IF NOT EXISTS lockkeeper_limit',
        ...journalTables('lockkeeper_limit.run', 'lockkeeper_limit.step'),
      ]
    : [];
  await connection.query(["DO GET_LOCK('limit', 0)", createHistory, ...opening].join(';'));
  if (durable) await connection.query(`DELETE FROM lockkeeper_limit.step WHERE run_id = '${run}'`);
  const [rows] = await connection.query({ sql: 'SELECT version FROM schema_migrations', rowsAsArray: true });
  await applyPending({
    run,
    applied: new Set(Array.isArray(rows) ? rows.flat().map(String) : []),
    announced: true,
    statements: durable ? journaledMariadb(run) : inTransaction(run, 'START TRANSACTION', ''),
    send: (message) => connection.query(message),
  });
  await connection.end();
}

/** Every statement that commits by itself is announced by a committed row; rows of data share the last transaction. */
const journaledMariadb = (run: string) => (step: number, migration: Migration) => {
  const row = `WHERE run_id = '${run}' AND step = ${step}`;
  const announce = (statement: number) =>
    `UPDATE lockkeeper_limit.step SET statement = ${statement}, changed_at = CURRENT_TIMESTAMP ${row}`;
  const done = `UPDATE lockkeeper_limit.step SET state = 'done', changed_at = CURRENT_TIMESTAMP ${row}`;
  const sent: (string | null)[] = [stepRow(run, step, migration, 'lockkeeper_limit.step', 'intent')];
  const statements = migration.sql?.split(';\n') ?? [null];
  // What is too long to be held is data.
  const firstData = statements.findIndex((statement) => statement?.startsWith('INSERT') ?? true);
  for (const [index, statement] of statements.entries()) {
    if (index > 0 && index <= firstData) sent.push(announce(index));
    if (index === firstData) sent.push('START TRANSACTION');
    sent.push(statement);
  }
  return [...sent, history(migration.version), done, 'COMMIT'];
};

async function sqlite(url: string, run: string): Promise<void> {
  const { default: Database } = await import('better-sqlite3');
  const database = new Database(url.replace(/^sqlite:/, ''));
  database.exec([createHistory, ...(durable ? journalTables('lockkeeper_run', 'lockkeeper_step') : [])].join(';'));
  const rows = database.prepare('SELECT version FROM schema_migrations').pluck().all();
  await applyPending({
    run,
    applied: new Set(rows.map(String)),
    announced: false,
    statements: inTransaction(run, 'BEGIN IMMEDIATE', 'lockkeeper_step'),
    send: (message) => database.exec(message),
  });
  database.close();
}

const programs: Readonly<Record<string, (url: string, run: string) => Promise<void>>> = { postgres, mariadb, sqlite };
const urls = given.startsWith('@') ? readFileSync(given.slice(1), 'utf8').trim().split('\n') : [given];
const waiting = urls.entries();
await Promise.all(
  Array.from({ length: width }, async () => {
    for (const [index, url] of waiting) await programs[engine]?.(url, `limit-run-${index}`);
  }),
);
