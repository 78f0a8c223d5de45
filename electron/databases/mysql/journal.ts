// The journal in the database `lockkeeper`: one row for each run and each of its steps. DDL commits whatever transaction
// is open, so a row stands before each statement that changes the schema, with what the catalogue said before it.

import type {
  Announcement,
  JournaledRun,
  JournalRow,
  JournalRun,
  JournalStep,
  JournalTables,
  Row,
  Session,
  Unit,
} from '../../engine/ports.ts';
import { MessageFault, ServerFault } from '../../engine/ports.ts';
import {
  addedRunColumns,
  addedStepColumns,
  advance,
  journaledRun,
  journalRow,
  latestOf,
  reconciledValues,
  runPlan,
  statementText,
  tellsOfVersion,
  toldApart,
} from '../common/journalRows.ts';
import { mysqlDialect } from './dialect.ts';

const database = 'lockkeeper';
const qualified = (name: string): string => mysqlDialect.quoteTable({ schema: database, name });
const runTable = qualified('run');
const stepTable = qualified('step');
/** Who holds which lock (lock.ts). */
export const holderTable = qualified('lock_holder');

const options = 'ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin';
const tables: Readonly<Record<string, string>> = {
  run: `CREATE TABLE IF NOT EXISTS ${runTable} (
  id VARCHAR(64) NOT NULL PRIMARY KEY,
  epoch BIGINT UNSIGNED NOT NULL COMMENT 'grows with every run on one history table',
  database_name VARCHAR(64) NOT NULL,
  history_table VARCHAR(200) NOT NULL,
  action VARCHAR(20) NOT NULL,
  actor VARCHAR(255) NOT NULL,
  host VARCHAR(255) NOT NULL,
  process VARCHAR(64) NOT NULL,
  tool VARCHAR(64) NOT NULL,
  fingerprint VARCHAR(128) NOT NULL COMMENT 'of the plan',
  backend VARCHAR(128) NOT NULL COMMENT 'connection that executes, and when its server started',
  started_at DATETIME(6) NOT NULL COMMENT 'UTC',
  finished_at DATETIME(6) NULL,
  outcome VARCHAR(20) NULL,
  versions MEDIUMTEXT NULL COMMENT 'of its migrations in order, as JSON',
  resumes VARCHAR(64) NULL COMMENT 'the interrupted run that it goes on with',
  audit_head VARCHAR(120) NULL COMMENT 'where the audit log of the computer that ran it was',
  KEY history (database_name, history_table, epoch)
) ${options}`,
  step: `CREATE TABLE IF NOT EXISTS ${stepTable} (
  run_id VARCHAR(64) NOT NULL,
  step INT UNSIGNED NOT NULL,
  version VARCHAR(255) NOT NULL,
  action VARCHAR(20) NOT NULL,
  sha256 CHAR(64) NOT NULL COMMENT 'of the script',
  state VARCHAR(10) NOT NULL COMMENT 'intent, done or failed',
  backend BIGINT UNSIGNED NOT NULL COMMENT 'connection that wrote this row',
  statements INT UNSIGNED NOT NULL,
  statement INT UNSIGNED NULL COMMENT 'last one announced, from 0; those before it are done',
  batches INT UNSIGNED NULL COMMENT 'of that statement committed, where it is repeated until nothing is left',
  batch_rows BIGINT UNSIGNED NULL,
  probe_before VARCHAR(255) NULL COMMENT 'state of what the statement names, before it',
  probe_expected VARCHAR(255) NULL COMMENT 'the same after it, as a rehearsal saw it',
  error TEXT NULL,
  started_at DATETIME(6) NOT NULL COMMENT 'UTC',
  statement_at DATETIME(6) NULL,
  finished_at DATETIME(6) NULL,
  part INT NULL,
  sending VARCHAR(10) NULL COMMENT 'together: committed with the next change of this row; alone: may have happened though this row does not tell',
  statement_text TEXT NULL,
  line INT NULL,
  note TEXT NULL COMMENT 'what reconciling found out after an interruption',
  PRIMARY KEY (run_id, step)
) ${options}`,
  lock_holder: `CREATE TABLE IF NOT EXISTS ${holderTable} (
  lock_key CHAR(64) NOT NULL PRIMARY KEY,
  connection_id BIGINT UNSIGNED NOT NULL,
  person VARCHAR(255) NULL,
  host VARCHAR(255) NULL,
  process VARCHAR(64) NULL,
  since DATETIME(3) NOT NULL COMMENT 'UTC'
) ${options}`,
};

const createDatabase = `CREATE DATABASE IF NOT EXISTS ${mysqlDialect.quoteIdentifier(database)} DEFAULT CHARACTER SET utf8mb4`;

/** Of the database and all its tables, where they are not there. */
export const creations: readonly string[] = [createDatabase, ...Object.values(tables)];

/** Do nothing, but only for those who may write. */
const rightsTest = [runTable, stepTable, holderTable]
  .flatMap((table) => [`INSERT INTO ${table} SELECT * FROM ${table} WHERE FALSE`, `DELETE FROM ${table} WHERE FALSE`])
  .concat(`UPDATE ${stepTable} SET state = state WHERE FALSE`);

const text = (value: string, length: number): string => mysqlDialect.quoteLiteral(value.slice(0, length));
const { quoteLiteral } = mysqlDialect;

export const mysqlJournal: JournalTables = {
  missing,

  async prepare(session, opening = [], asked) {
    try {
      await sendAll(session, [...(asked ?? (await missing(session))), ...rightsTest, ...opening]);
    } catch (error) {
      throw error instanceof ServerFault && error.kind === 'rights' ? grantNeeded(session.identity.user, error) : error;
    }
  },

  runStarted(run) {
    const values = [
      text(run.id, 64),
      'COALESCE(MAX(epoch), 0) + 1',
      'DATABASE()',
      text(run.historyTable, 200),
      ...runFacts(run),
      ...Object.values(runPlan(run)).map(quoteLiteral),
      'UTC_TIMESTAMP(6)',
    ];
    const columns =
      'id, epoch, database_name, history_table, action, actor, host, process, tool, fingerprint, backend, versions, resumes, audit_head, started_at';
    const earlier = `FROM ${runTable} WHERE database_name = DATABASE() AND history_table = ${text(run.historyTable, 200)}`;
    return [`INSERT INTO ${runTable} (${columns}) SELECT ${values.join(', ')} ${earlier}`];
  },

  stepIntent: (entry, first) => [replace(entry, { ...state('intent'), ...announced(first) })],

  statementIntent: (entry, next) => [update(entry, { ...announced(next) })],

  batchDone: (entry, statement, { batches, rows }) => [
    update(entry, { statement: String(statement), batches: String(batches), batch_rows: String(rows) }),
  ],

  stepDone: (entry) => [upsert(entry, { ...state('done'), finished_at: now })],

  stepReconciled(runId, step, found) {
    const changes = Object.entries(reconciledValues(found)).map(([column, value]) => [column, quoteLiteral(value)]);
    return [
      `UPDATE ${stepTable} SET ${assignments(Object.fromEntries(changes))} WHERE run_id = ${text(runId, 64)} AND step = ${step}`,
    ];
  },

  stepFailed: (entry, message) => [
    upsert(entry, { ...state('failed'), error: `COALESCE(error, ${text(message, 10_000)})`, finished_at: now }),
  ],

  doneAlone: (entry, done, next) => [advance(stepTable, entry, done, next, quoteLiteral)],

  runFinished: (runId, outcome) => [
    `UPDATE ${runTable} SET finished_at = UTC_TIMESTAMP(6), outcome = ${text(outcome, 20)} WHERE id = ${text(runId, 64)}`,
  ],

  async readSteps(session, runId) {
    const rows = await rowsOf(session, `SELECT * FROM ${stepTable} WHERE run_id = $1 ORDER BY step`, [runId]);
    return (rows ?? []).map(journalRow);
  },

  readRun: async (session, runId) => (await readRuns(session, 'r.id = $1', [runId]))?.[0] ?? null,

  readRuns: (session, historyTable, limit) =>
    readRuns(session, 'r.history_table = $1 ORDER BY r.epoch DESC LIMIT $2', [historyTable, limit]),

  async readLatest(session, historyTable) {
    const rows = await rowsOf(session, latest, [historyTable]);
    return rows === null ? null : latestOf(rows);
  },
};

const utc = (column: string): string => `DATE_FORMAT(${column}, '%Y-%m-%dT%H:%i:%s.%fZ')`;

async function readRuns(
  session: Session,
  which: string,
  parameters: readonly (string | number)[],
): Promise<JournaledRun[] | null> {
  const sql = `SELECT r.*, ${utc('r.started_at')} AS started, ${utc('r.finished_at')} AS finished FROM ${runTable} r
 WHERE r.database_name = DATABASE() AND ${which}`;
  return (await rowsOf(session, sql, parameters))?.map(journaledRun) ?? null;
}

/** Sessions that found no journal: what needs its tables then creates them first, instead of failing once more. */
const lacking = new WeakSet<object>();

export const lacksJournal = (session: object): boolean => lacking.delete(session);

/** Null: there is no journal. Who may not see the database is told that the right is missing even where there is none. */
async function rowsOf(session: Session, sql: string, parameters: readonly (string | number)[]): Promise<Row[] | null> {
  try {
    return await session.query(sql, parameters);
  } catch (error) {
    if (error instanceof ServerFault && error.kind === 'noSuchTable') lacking.add(session);
    if (error instanceof ServerFault && (error.kind === 'noSuchTable' || error.kind === 'rights')) return null;
    throw error;
  }
}

const latest = `SELECT s.version, s.run_id, s.action, s.state, s.sha256, ${toldApart} AS apart
 FROM ${stepTable} s JOIN ${runTable} r ON r.id = s.run_id
 WHERE r.database_name = DATABASE() AND r.history_table = $1 AND ${tellsOfVersion}
 ORDER BY r.epoch, s.step`;

async function missing(session: Pick<Session, 'query'>): Promise<readonly string[]> {
  const rows = await session.query(
    'SELECT TABLE_NAME AS name, COLUMN_NAME AS field FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = $1',
    [database],
  );
  const present = Map.groupBy(rows, ({ name }) => name);
  const lacking = Object.entries(tables).flatMap(([name, create]) => {
    const columns = present.get(name);
    return columns === undefined ? [create] : addColumns(name, new Set(columns.map(({ field }) => String(field))));
  });
  return present.size === 0 ? creations : lacking;
}

/** To tables that an earlier version made. */
function addColumns(table: string, present: ReadonlySet<string>): string[] {
  const added = { run: addedRunColumns, step: addedStepColumns }[table] ?? {};
  const missing = Object.entries(added).filter(([column]) => !present.has(column));
  const clauses = missing.map(([column, type]) => `ADD COLUMN ${column} ${type} NULL`);
  return clauses.length === 0 ? [] : [`ALTER TABLE ${qualified(table)} ${clauses.join(', ')}`];
}

/** In one message. @throws {ServerFault} */
async function sendAll(session: Pick<Session, 'send'>, statements: readonly string[]): Promise<void> {
  const units = statements.map((sql): Unit => ({ kind: 'control', sql }));
  try {
    await session.send(units, { completed: () => undefined, notice: () => undefined });
  } catch (error) {
    throw error instanceof MessageFault ? error.fault : error;
  }
}

function runFacts(run: JournalRun): string[] {
  return [
    text(run.action, 20),
    text(run.actor, 255),
    text(run.host, 255),
    text(run.process, 64),
    text(run.tool, 64),
    text(run.fingerprint, 128),
    text(run.backend, 128),
  ];
}

const now = 'UTC_TIMESTAMP(6)';

const announced = (next: Announcement) => ({
  statement: String(next.statement),
  part: quoteLiteral(next.part),
  sending: quoteLiteral(next.sending),
  statement_text: quoteLiteral(statementText(next)),
  line: String(next.line),
  probe_before: next.probe ?? 'NULL',
  probe_expected: quoteLiteral(next.expected ?? null),
  batches: quoteLiteral(next.batch?.batches ?? null),
  batch_rows: quoteLiteral(next.batch?.rows ?? null),
  statement_at: now,
});

const state = (value: JournalRow['state']) => ({ state: `'${value}'`, finished_at: 'NULL' });

type Changes = Readonly<Record<string, string>>;

const assignments = (changes: Changes): string =>
  Object.entries(changes)
    .map(([column, value]) => `${column} = ${value}`)
    .join(', ');

/** What the server says of such a subquery with several rows (ER_SUBQUERY_NO_1_ROW), whatever mode a script has set. */
export const supersededCode = '1242';

/**
 * The connection that writes. Fails when a newer run of the same history table has taken over from one that slept: then
 * there are several rows. A check of a column would not do, for outside of the strict mode the server writes 0 instead.
 */
const writer = (runId: string): string => `(SELECT CONNECTION_ID() FROM ${runTable} own JOIN ${runTable} newest
 ON newest.database_name = own.database_name AND newest.history_table = own.history_table AND newest.epoch >= own.epoch
 WHERE own.id = ${text(runId, 64)})`;

const update = (entry: JournalStep, changes: Changes): string =>
  `UPDATE ${stepTable} SET ${assignments({ backend: writer(entry.runId), ...changes })} WHERE run_id = ${text(entry.runId, 64)} AND step = ${entry.step}`;

/** The step's row as it begins. `changes` are SQL expressions by column. */
const replace = (entry: JournalStep, changes: Changes): string => writeRow('REPLACE', rowOf(entry, changes));

/** Inserts the step's row or brings it up to date. */
const upsert = (entry: JournalStep, changes: Changes): string =>
  `${writeRow('INSERT', rowOf(entry, changes))} ON DUPLICATE KEY UPDATE ${assignments({ backend: 'CONNECTION_ID()', ...changes })}`;

const writeRow = (verb: 'INSERT' | 'REPLACE', row: Changes): string =>
  `${verb} INTO ${stepTable} (${Object.keys(row).join(', ')})\n VALUES (${Object.values(row).join(', ')})`;

const rowOf = (entry: JournalStep, changes: Changes): Changes => ({
  run_id: text(entry.runId, 64),
  step: String(entry.step),
  version: text(entry.version, 255),
  action: text(entry.action, 20),
  sha256: text(entry.sha256, 64),
  statements: String(entry.statements),
  started_at: now,
  backend: writer(entry.runId),
  ...changes,
});

/** `account` as CURRENT_USER tells it: `user@host`. */
function grantNeeded(account: string, { message, code }: ServerFault): ServerFault {
  const at = account.lastIndexOf('@');
  const grant = `GRANT ALL PRIVILEGES ON \`${database}\`.* TO ${quoteLiteral(account.slice(0, at))}@${quoteLiteral(account.slice(at + 1))}`;
  return new ServerFault(
    'rights',
    `The journal's database may not be created or written; an administrator can allow it: ${grant}`,
    { code, detail: message },
  );
}
