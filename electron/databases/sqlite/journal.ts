/** Journal rows beside the effects they tell of: tables `lockkeeper_run` and `lockkeeper_step` in the same file. */

import type {
  Announcement,
  JournaledRun,
  JournalLatest,
  JournalRow,
  JournalRun,
  JournalStep,
  JournalTables,
  ReconciledStep,
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
import { sqliteControl } from './control.ts';
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
  versions TEXT, -- of its migrations in order, as JSON
  resumes TEXT, -- the interrupted run that it goes on with
  audit_head TEXT, -- where the audit log of the computer that ran it was: workspace, entry, hash
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
  part INTEGER,
  sending TEXT, -- together: committed with the next change of this row; alone: may have happened though it does not tell
  statement_text TEXT,
  line INTEGER,
  note TEXT, -- what reconciling found out after an interruption
  PRIMARY KEY (run_id, step)
)`,
};

export const sqliteJournal: JournalTables = {
  missing,
  prepare,
  runStarted: (run) => [runStarted(run)],
  stepIntent: (entry, first) => [writeStep(entry, { state: 'intent', ...announced(first) })],
  statementIntent: (entry, next) => [writeStep(entry, { state: 'sent', ...announced(next) })],
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
    writeStep(entry, {
      state: 'failed',
      error: `coalesce((SELECT f.error FROM main.lockkeeper_step f WHERE f.run_id = ${quoteLiteral(entry.runId)} AND f.step = ${entry.step}), ${quoteLiteral(message.slice(0, 10_000))})`,
      finished_at: now,
    }),
  ],
  doneAlone: (entry, done, next) => [advance('main.lockkeeper_step', entry, done, next, quoteLiteral)],
  runFinished: (runId, outcome) => [
    `UPDATE main.lockkeeper_run SET outcome = ${quoteLiteral(outcome)}, finished_at = ${now} WHERE id = ${quoteLiteral(runId)}`,
  ],
  stepReconciled,
  readSteps,
  readRun: async (session, runId) => (await readRuns(session, 'WHERE r.id = $1', [runId]))?.[0] ?? null,
  readRuns: (session, historyTable, limit) =>
    readRuns(session, 'WHERE r.history_table = $1 ORDER BY r.epoch DESC LIMIT $2', [historyTable, limit]),
  readLatest,
};

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
});

/** Without the epoch, which refuses what an older run writes: here a newer one writes of it. */
function stepReconciled(runId: string, step: number, found: ReconciledStep): string[] {
  const changes = Object.entries(reconciledValues(found)).map(
    ([column, value]) => `${column} = ${quoteLiteral(value)}`,
  );
  return [
    `UPDATE main.lockkeeper_step SET ${changes.join(', ')}, updated_at = ${now} WHERE run_id = ${quoteLiteral(runId)} AND step = ${step}`,
  ];
}

function runStarted(run: JournalRun): string {
  const { id, action, actor, host, process, fingerprint, tool, historyTable, backend } = run;
  const plan = Object.entries(runPlan(run));
  const facts = [id, action, actor, host, process, fingerprint, tool, historyTable, backend];
  const values = [...facts, ...plan.map(([, value]) => value)].map(quoteLiteral).join(', ');
  return `INSERT INTO main.lockkeeper_run (id, action, actor, host, process, fingerprint, tool, history_table, backend, ${plan.map(([column]) => column).join(', ')}, started_at, epoch)
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

const send = (session: Session, statements: readonly string[]): Promise<void> =>
  session.send(
    statements.map((sql): Unit => ({ kind: 'control', sql })),
    silent,
  );

const silent = { completed: () => undefined, notice: () => undefined };

async function missing(session: Session): Promise<string[]> {
  const rows = await session.query(
    `SELECT t.name, c.name AS field FROM main.sqlite_schema t, pragma_table_info(t.name) c
      WHERE t.type = 'table' AND t.name IN ('lockkeeper_run', 'lockkeeper_step')`,
  );
  const present = Map.groupBy(rows, ({ name }) => name);
  return Object.entries(tables).flatMap(([name, sql]) => {
    const columns = present.get(name);
    return columns === undefined ? [sql] : addColumns(name, new Set(columns.map(({ field }) => field)));
  });
}

/** To tables that an earlier version made. */
function addColumns(table: string, present: ReadonlySet<unknown>): string[] {
  const added = { lockkeeper_run: addedRunColumns, lockkeeper_step: addedStepColumns }[table] ?? {};
  return Object.entries(added).flatMap(([column, type]) =>
    present.has(column) ? [] : [`ALTER TABLE main.${table} ADD COLUMN ${column} ${type}`],
  );
}

async function prepare(session: Session, opening: readonly string[] = [], asked?: readonly string[]): Promise<void> {
  const statements = [...(asked ?? (await missing(session))), ...opening];
  if (statements.length === 0) return;
  try {
    // Each commit of its own would wait for the disk four times.
    await send(session, [...sqliteControl.begin, ...statements, sqliteControl.commit]);
  } catch (error) {
    if (!(error instanceof MessageFault)) throw error;
    if (error.fault.kind !== 'connectionLost') await send(session, [sqliteControl.rollback]);
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
  const rows = await rowsOf(session, 'SELECT * FROM main.lockkeeper_step WHERE run_id = $1 ORDER BY step', [runId]);
  return (rows ?? []).map(journalRow);
}

async function readRuns(
  session: Session,
  which: string,
  parameters: readonly (string | number)[],
): Promise<JournaledRun[] | null> {
  const sql = `SELECT r.*, r.started_at AS started, r.finished_at AS finished FROM main.lockkeeper_run r ${which}`;
  return (await rowsOf(session, sql, parameters))?.map(journaledRun) ?? null;
}

/** Null: there is no journal. */
async function rowsOf(session: Session, sql: string, parameters: readonly (string | number)[]): Promise<Row[] | null> {
  try {
    return await session.query(sql, parameters);
  } catch (error) {
    if (error instanceof ServerFault && error.kind === 'noSuchTable') return null;
    throw error;
  }
}

/** SQLite takes the other columns from the row that holds the maximum (sqlite.org/lang_select.html#bareagg). */
const latest = `
  SELECT s.version, s.run_id, s.action, s.state, s.sha256, ${toldApart} AS apart, max(r.epoch * 1000000 + s.step) AS place
    FROM main.lockkeeper_step s JOIN main.lockkeeper_run r ON r.id = s.run_id
   WHERE r.history_table = $1 AND ${tellsOfVersion}
   GROUP BY s.version, apart ORDER BY place`;

async function readLatest(session: Session, historyTable: string): Promise<JournalLatest[] | null> {
  try {
    return latestOf(await session.query(latest, [historyTable]));
  } catch (error) {
    if (error instanceof ServerFault && error.kind === 'noSuchTable') return null;
    throw error;
  }
}
