/** Journal rows beside the effects they tell of: tables `lockkeeper_run` and `lockkeeper_step` in the same file. */

import type {
  JournalLatest,
  JournalRow,
  JournalRun,
  JournalStep,
  JournalTables,
  Session,
  Unit,
} from '../../engine/ports.ts';
import { MessageFault, ServerFault } from '../../engine/ports.ts';
import { journalLatest, journalRow } from '../common/journalRows.ts';
import { sqliteDialect } from './dialect.ts';
import { supersededConstraint } from './faults.ts';

const { quoteLiteral } = sqliteDialect;

/** ISO 8601 in UTC with milliseconds. */
const now = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')";

/**
 * What `sqlite_schema` keeps for ever, so comments are part of it. No STRICT and nothing else recent: an older SQLite
 * cannot read any table of a file whose schema holds what it does not know.
 */
const tables: Readonly<Record<string, string>> = {
  lockkeeper_run: `CREATE TABLE IF NOT EXISTS lockkeeper_run ( -- Journal of migration runs, kept by Lockkeeper
  id TEXT NOT NULL PRIMARY KEY,
  journal_version INTEGER NOT NULL DEFAULT 1,
  action TEXT NOT NULL,
  actor TEXT NOT NULL,
  host TEXT NOT NULL,
  process TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  tool TEXT NOT NULL,
  history_table TEXT NOT NULL,
  backend TEXT NOT NULL,
  epoch INTEGER NOT NULL, -- counts the runs on one history table; only the newest may write steps
  outcome TEXT, -- null while it runs or when it was interrupted
  started_at TEXT NOT NULL,
  finished_at TEXT,
  UNIQUE (history_table, epoch)
)`,
  lockkeeper_step: `CREATE TABLE IF NOT EXISTS lockkeeper_step ( -- One row for each step, written with its effect
  run_id TEXT NOT NULL,
  step INTEGER NOT NULL,
  version TEXT NOT NULL,
  action TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  statements INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('planned', 'intent', 'sent', 'done', 'failed', 'unknown', 'reconciled')),
  statement INTEGER, -- last announced, from 0; those before it are done
  batches INTEGER, -- of that statement committed, where it is repeated until nothing is left
  batch_rows INTEGER,
  probe_before TEXT, -- state of what that statement changes, before it was sent
  probe_expected TEXT, -- the same when the statement has taken effect
  epoch INTEGER CONSTRAINT ${supersededConstraint} CHECK (epoch IS NOT NULL),
  error TEXT,
  started_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  finished_at TEXT,
  PRIMARY KEY (run_id, step)
)`,
};

export const sqliteJournal: JournalTables = {
  missing,
  prepare,
  runStarted: (run) => [runStarted(run)],
  stepIntent: (entry, probe) => [writeStep(entry, { state: 'intent', ...announced(0, probe) })],
  statementIntent: (entry, statement, probe) => [writeStep(entry, { state: 'sent', ...announced(statement, probe) })],
  batchDone: (entry, statement, { batches, rows }) => [
    writeStep(entry, {
      state: 'sent',
      statement: String(statement),
      batches: String(batches),
      batch_rows: String(rows),
    }),
  ],
  stepDone: (entry) => [writeStep(entry, { state: 'done', statement: String(entry.statements - 1), finished_at: now })],
  stepFailed: (entry, message) => [
    writeStep(entry, { state: 'failed', error: quoteLiteral(message.slice(0, 10_000)), finished_at: now }),
  ],
  runFinished: (runId, outcome) => [
    `UPDATE main.lockkeeper_run SET outcome = ${quoteLiteral(outcome)}, finished_at = ${now} WHERE id = ${quoteLiteral(runId)}`,
  ],
  readSteps,
  readLatest,
};

const announced = (statement: number, probe: string | null) => ({
  statement: String(statement),
  probe_before: probe ?? 'NULL',
  batches: 'NULL',
  batch_rows: 'NULL',
});

function runStarted(run: JournalRun): string {
  const { id, action, actor, host, process, fingerprint, tool, historyTable, backend } = run;
  const values = [id, action, actor, host, process, fingerprint, tool, historyTable, backend]
    .map(quoteLiteral)
    .join(', ');
  return `INSERT INTO main.lockkeeper_run (id, action, actor, host, process, fingerprint, tool, history_table, backend, started_at, epoch)
    VALUES (${values}, ${now}, (SELECT coalesce(max(epoch), 0) + 1 FROM main.lockkeeper_run WHERE history_table = ${quoteLiteral(historyTable)}))`;
}

/** Null, which its column refuses, once a newer run of the same history table has taken over from one that slept. */
const epochOf = (
  runId: string,
): string => `(SELECT r.epoch FROM main.lockkeeper_run r WHERE r.id = ${quoteLiteral(runId)}
    AND NOT EXISTS (SELECT 1 FROM main.lockkeeper_run n WHERE n.history_table = r.history_table AND n.epoch > r.epoch))`;

/** Inserts the step's row or brings it up to date; `changes` are SQL expressions but for the state. */
function writeStep(
  entry: JournalStep,
  { state, ...changes }: { readonly state: string } & Readonly<Record<string, string>>,
): string {
  const fixed = { run_id: quoteLiteral(entry.runId), step: String(entry.step), started_at: now };
  const written = {
    version: quoteLiteral(entry.version),
    action: quoteLiteral(entry.action),
    sha256: quoteLiteral(entry.sha256),
    statements: String(entry.statements),
    state: quoteLiteral(state),
    epoch: epochOf(entry.runId),
    updated_at: now,
    ...changes,
  };
  const row = { ...fixed, ...written };
  const updates = Object.keys(written).map((column) => `${column} = excluded.${column}`);
  return `INSERT INTO main.lockkeeper_step (${Object.keys(row).join(', ')}) VALUES (${Object.values(row).join(', ')})
    ON CONFLICT (run_id, step) DO UPDATE SET ${updates.join(', ')}`;
}

const silent = { completed: () => undefined, notice: () => undefined };

async function missing(session: Session): Promise<string[]> {
  const rows = await session.query(
    "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name IN ('lockkeeper_run', 'lockkeeper_step')",
  );
  const present = new Set(rows.map((row) => row['name']));
  return Object.entries(tables).flatMap(([name, sql]) => (present.has(name) ? [] : [sql]));
}

async function prepare(session: Session, opening: readonly string[] = [], asked?: readonly string[]): Promise<void> {
  const statements = [...(asked ?? (await missing(session))), ...opening];
  try {
    await session.send(
      statements.map((sql): Unit => ({ kind: 'control', sql })),
      silent,
    );
  } catch (error) {
    if (!(error instanceof MessageFault)) throw error;
    const { fault } = error;
    throw fault.kind === 'readOnly'
      ? new ServerFault('rights', 'The file cannot be written, so no journal can be kept in it.', {
          code: fault.code,
          cause: fault,
        })
      : fault;
  }
}

async function readSteps(session: Session, runId: string): Promise<JournalRow[]> {
  try {
    const rows = await session.query(
      'SELECT step, version, state, statement, batches, batch_rows FROM main.lockkeeper_step WHERE run_id = $1 ORDER BY step',
      [runId],
    );
    return rows.map(journalRow);
  } catch (error) {
    if (error instanceof ServerFault && error.kind === 'noSuchTable') return [];
    throw error;
  }
}

/** SQLite takes the other columns from the row that holds the maximum (sqlite.org/lang_select.html#bareagg). */
const latest = `
  SELECT s.version, s.run_id, s.action, s.state, s.sha256, max(r.epoch * 1000000 + s.step) AS place
    FROM main.lockkeeper_step s JOIN main.lockkeeper_run r ON r.id = s.run_id
   WHERE r.history_table = $1 AND s.action IN ('apply', 'revert') AND s.state <> 'failed'
   GROUP BY s.version`;

async function readLatest(session: Session, historyTable: string): Promise<JournalLatest[] | null> {
  try {
    return (await session.query(latest, [historyTable])).map(journalLatest);
  } catch (error) {
    if (error instanceof ServerFault && error.kind === 'noSuchTable') return null;
    throw error;
  }
}
