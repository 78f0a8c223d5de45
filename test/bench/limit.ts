/**
 * The limit: the least a program in Node can do for the same work. It takes a lock, reads the history, hashes every file
 * and sends one message per migration, several of a few MB for a script that no server would take in one. With a folder for a journal it makes the same durable writes as Lockkeeper: journal
 * rows beside the effects, a committed announcement before each statement that MariaDB cannot roll back, and a journal of
 * the client's own. No progress, no place of an error, no questions asked.
 *
 * Started as a program of its own: `limit ENGINE URL FOLDER [JOURNAL_FOLDER]`. Of a fleet the URL is `@FILE`, which has one in
 * each line; eight of them are done at once.
 */
import { createHash } from 'node:crypto';
import { closeSync, fdatasyncSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

interface Migration {
  readonly version: string;
  readonly sql: string;
  readonly sha256: string;
}

const [engine = '', given = '', folder = '', journalFolder] = process.argv.slice(2);
/** Databases of a fleet at once. */
const width = 8;
const durable = journalFolder !== undefined;

function readMigrations(): Migration[] {
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      const sql = text.slice(text.indexOf('\n') + 1, text.lastIndexOf('-- migrate:down'));
      return { version: /^\d+/.exec(name)?.[0] ?? name, sql, sha256: createHash('sha256').update(text).digest('hex') };
    });
}

/** Characters of a message at most, which MariaDB takes by default. */
const messageLength = 8_000_000;

/** Cut after statements that end with their line, as those of a long script here do. */
function* messages(statements: readonly string[]): Generator<string> {
  const whole = statements.join(';\n');
  for (let at = 0; at < whole.length; ) {
    const end = whole.length - at <= messageLength ? whole.length : whole.lastIndexOf(';\n', at + messageLength) + 2;
    yield whole.slice(at, end);
    at = end;
  }
}

/** The client's own journal: appends, on the disk itself where the server's journal alone could not tell. */
function openClientJournal(run: string): { append(record: object, synced: boolean): void; close(): void } {
  if (journalFolder === undefined) return { append: () => undefined, close: () => undefined };
  const file = openSync(join(journalFolder, `limit-${process.pid}-${run}.jsonl`), 'a');
  return {
    append(record, synced) {
      writeSync(file, `${JSON.stringify(record)}\n`);
      if (synced) fdatasyncSync(file);
    },
    close: () => closeSync(file),
  };
}

const pendingOf = (applied: ReadonlySet<string>): Migration[] =>
  readMigrations().filter(({ version }) => !applied.has(version));

const history = (version: string): string => `INSERT INTO schema_migrations (version) VALUES ('${version}')`;

const stepRow = (run: string, step: number, { version, sha256 }: Migration, table: string, state: string): string =>
  `INSERT INTO ${table} (run_id, step, version, sha256, state, statement, changed_at) VALUES ('${run}', ${step}, '${version}', '${sha256}', '${state}', NULL, CURRENT_TIMESTAMP)`;

const journalTables = (run: string, step: string): string[] => [
  `CREATE TABLE IF NOT EXISTS ${run} (id varchar(64) PRIMARY KEY, started_at varchar(40))`,
  `CREATE TABLE IF NOT EXISTS ${step} (run_id varchar(64), step integer, version varchar(255), sha256 char(64), state varchar(10), statement integer, changed_at timestamp, PRIMARY KEY (run_id, step))`,
];

const createHistory = 'CREATE TABLE IF NOT EXISTS schema_migrations (version varchar(128) PRIMARY KEY)';

async function postgres(url: string, run: string): Promise<void> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const journal = openClientJournal(run);
  const opening = durable
    ? ['CREATE SCHEMA IF NOT EXISTS lockkeeper', ...journalTables('lockkeeper.run', 'lockkeeper.step')]
    : [];
  await client.query(['SELECT pg_advisory_lock(1)', createHistory, ...opening].join(';'));
  const { rows } = await client.query<{ version: string }>('SELECT version FROM schema_migrations');
  for (const [step, migration] of pendingOf(new Set(rows.map(({ version }) => version))).entries()) {
    journal.append({ intent: step, version: migration.version }, false);
    const row = durable ? [stepRow(run, step, migration, 'lockkeeper.step', 'done')] : [];
    const sent = ['BEGIN', withoutEnd(migration.sql), history(migration.version), ...row, 'COMMIT'];
    for (const message of messages(sent)) await client.query(message);
    journal.append({ outcome: step }, false);
  }
  journal.close();
  await client.end();
}

async function mariadb(url: string, run: string): Promise<void> {
  const { createConnection } = await import('mysql2/promise');
  const connection = await createConnection({ uri: url, multipleStatements: true });
  const journal = openClientJournal(run);
  const opening = durable
    ? [
        'CREATE DATABASE IF NOT EXISTS lockkeeper_limit',
        ...journalTables('lockkeeper_limit.run', 'lockkeeper_limit.step'),
      ]
    : [];
  await connection.query(["DO GET_LOCK('limit', 0)", createHistory, ...opening].join(';'));
  if (durable) await connection.query(`DELETE FROM lockkeeper_limit.step WHERE run_id = '${run}'`);
  const [rows] = await connection.query({ sql: 'SELECT version FROM schema_migrations', rowsAsArray: true });
  const applied = new Set(Array.isArray(rows) ? rows.flat().map(String) : []);
  for (const [step, migration] of pendingOf(applied).entries()) {
    journal.append({ intent: step, version: migration.version }, true);
    const sent = durable ? journaledMariadb(run, step, migration) : plainMariadb(migration);
    for (const message of messages(sent)) await connection.query(message);
    journal.append({ outcome: step }, false);
  }
  journal.close();
  await connection.end();
}

const withoutEnd = (sql: string): string => sql.trimEnd().replace(/;$/, '');

const plainMariadb = ({ sql, version }: Migration): string[] => [
  'START TRANSACTION',
  withoutEnd(sql),
  history(version),
  'COMMIT',
];

/** Every statement that commits by itself is announced by a committed row; rows of data share the last transaction. */
function journaledMariadb(run: string, step: number, migration: Migration): string[] {
  const statements = withoutEnd(migration.sql).split(';\n');
  const firstData = statements.findIndex((statement) => statement.startsWith('INSERT'));
  const announce = (statement: number) =>
    `UPDATE lockkeeper_limit.step SET statement = ${statement}, changed_at = CURRENT_TIMESTAMP WHERE run_id = '${run}' AND step = ${step}`;
  const sent = [stepRow(run, step, migration, 'lockkeeper_limit.step', 'intent')];
  for (const [index, statement] of statements.entries()) {
    if (index > 0 && index <= firstData) sent.push(announce(index));
    if (index === firstData) sent.push('START TRANSACTION');
    sent.push(statement);
  }
  const done = `UPDATE lockkeeper_limit.step SET state = 'done', changed_at = CURRENT_TIMESTAMP WHERE run_id = '${run}' AND step = ${step}`;
  return [...sent, history(migration.version), done, 'COMMIT'];
}

async function sqlite(url: string, run: string): Promise<void> {
  const { default: Database } = await import('better-sqlite3');
  const database = new Database(url.replace(/^sqlite:/, ''));
  const journal = openClientJournal(run);
  const opening = durable ? journalTables('lockkeeper_run', 'lockkeeper_step') : [];
  database.exec([createHistory, ...opening].join(';'));
  const rows = database.prepare('SELECT version FROM schema_migrations').pluck().all();
  for (const [step, migration] of pendingOf(new Set(rows.map(String))).entries()) {
    journal.append({ intent: step, version: migration.version }, false);
    const row = durable ? [stepRow(run, step, migration, 'lockkeeper_step', 'done')] : [];
    const sent = ['BEGIN IMMEDIATE', withoutEnd(migration.sql), history(migration.version), ...row, 'COMMIT'];
    for (const message of messages(sent)) database.exec(message);
    journal.append({ outcome: step }, false);
  }
  journal.close();
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
