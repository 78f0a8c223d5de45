// Journal rows beside the effects they tell of: schema `lockkeeper`, tables `run` and `step`.

import {
  type Announcement,
  type JournaledRun,
  type JournalLatest,
  type JournalRow,
  type JournalRun,
  type JournalStep,
  type JournalTables,
  type ReconciledStep,
  type Row,
  ServerFault,
  type Session,
  type Unit,
} from '../../engine/ports.ts';
import {
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
import { dialect } from './dialect.ts';
import { missingTables } from './journalTables.ts';

const { quoteLiteral } = dialect;

/** Nobody must pass this: a newer run of the same history table has taken over from one that slept. */
const epochOf = (runId: string): string => `(SELECT r.epoch FROM lockkeeper.run r WHERE r.id = ${quoteLiteral(runId)}
    AND NOT EXISTS (SELECT FROM lockkeeper.run n WHERE n.history_table = r.history_table AND n.epoch > r.epoch))`;

export const journal: JournalTables = {
  missing: missingTables,
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
  stepDone: (entry) => [
    writeStep(entry, { state: 'done', statement: String(entry.statements - 1), finished_at: 'clock_timestamp()' }),
  ],
  stepFailed: (entry, message) => [
    writeStep(entry, {
      state: 'failed',
      error: `coalesce((SELECT f.error FROM lockkeeper.step f WHERE f.run_id = ${quoteLiteral(entry.runId)} AND f.step = ${entry.step}), ${quoteLiteral(storable(message))})`,
      finished_at: 'clock_timestamp()',
    }),
  ],
  doneAlone: (entry, done, next) => [advance('lockkeeper.step', entry, done, next, quoteLiteral)],
  runFinished: (runId, outcome) => [
    `UPDATE lockkeeper.run SET outcome = ${quoteLiteral(outcome)}, finished_at = clock_timestamp() WHERE id = ${quoteLiteral(runId)}`,
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
  probe_before: next.probe === null ? 'NULL' : `(${next.probe})::text`,
  probe_expected: quoteLiteral(next.expected ?? null),
  batches: quoteLiteral(next.batch?.batches ?? null),
  batch_rows: quoteLiteral(next.batch?.rows ?? null),
});

/** Without the epoch, which refuses what an older run writes: here a newer one writes of it. */
function stepReconciled(runId: string, step: number, found: ReconciledStep): string[] {
  const changes = Object.entries(reconciledValues(found)).map(
    ([column, value]) => `${column} = ${quoteLiteral(typeof value === 'string' ? storable(value) : value)}`,
  );
  return [
    `UPDATE lockkeeper.step SET ${changes.join(', ')}, updated_at = clock_timestamp() WHERE run_id = ${quoteLiteral(runId)} AND step = ${step}`,
  ];
}

function runStarted(run: JournalRun): string {
  const { id, action, actor, host, process, fingerprint, tool, historyTable, backend } = run;
  const plan = Object.entries(runPlan(run));
  const facts = [id, action, actor, host, process, fingerprint, tool, historyTable, backend];
  const values = [...facts, ...plan.map(([, value]) => value)].map(quoteLiteral).join(', ');
  return `INSERT INTO lockkeeper.run (id, action, actor, host, process, fingerprint, tool, history_table, backend, ${plan.map(([column]) => column).join(', ')}, epoch)
    VALUES (${values}, (SELECT coalesce(max(epoch), 0) + 1 FROM lockkeeper.run WHERE history_table = ${quoteLiteral(historyTable)}))`;
}

/** Inserts the step's row or brings it up to date; `changes` are SQL expressions but for the state. */
function writeStep(
  entry: JournalStep,
  { state, ...changes }: { readonly state: string } & Readonly<Record<string, string>>,
): string {
  const identity = { run_id: quoteLiteral(entry.runId), step: String(entry.step) };
  const written = {
    version: quoteLiteral(entry.version),
    action: quoteLiteral(entry.action),
    sha256: quoteLiteral(entry.sha256),
    statements: String(entry.statements),
    state: quoteLiteral(state),
    epoch: epochOf(entry.runId),
    backend: 'pg_backend_pid()::text',
    updated_at: 'clock_timestamp()',
    ...changes,
  };
  const row = { ...identity, ...written };
  const updates = Object.keys(written).map((column) => `${column} = excluded.${column}`);
  return `INSERT INTO lockkeeper.step (${Object.keys(row).join(', ')}) VALUES (${Object.values(row).join(', ')})
    ON CONFLICT (run_id, step) DO UPDATE SET ${updates.join(', ')}`;
}

/** Long enough for any message worth reading; text cannot hold NUL. */
const storable = (message: string): string => message.slice(0, 10_000).replaceAll('\0', '');

const silent = { completed: () => undefined, notice: () => undefined };

/** Another runner may be creating the same: then its work is looked at again. */
const raceCodes = new Set(['23505', '42P06', '42P07', '42710', 'XX000']);
const attempts = 5;

async function prepare(session: Session, opening: readonly string[] = [], asked?: readonly string[]): Promise<void> {
  let missing = asked ?? (await missingTables(session));
  for (let attempt = 1; ; attempt += 1) {
    try {
      // One message is one transaction: when it fails, nothing of it has happened.
      await session.send(
        [...missing, ...opening].map((sql): Unit => ({ kind: 'control', sql })),
        silent,
      );
      return;
    } catch (error) {
      const fault = error instanceof Error && error.cause instanceof ServerFault ? error.cause : error;
      const raced = fault instanceof ServerFault && fault.code !== null && raceCodes.has(fault.code);
      if (!raced || attempt === attempts) throw fault;
      missing = await missingTables(session);
    }
  }
}

async function readSteps(session: Session, runId: string): Promise<JournalRow[]> {
  const rows = await rowsOf(session, 'SELECT * FROM lockkeeper.step WHERE run_id = $1 ORDER BY step', [runId]);
  return (rows ?? []).map(journalRow);
}

const utc = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

async function readRuns(
  session: Session,
  which: string,
  parameters: readonly (string | number)[],
): Promise<JournaledRun[] | null> {
  const sql = `SELECT r.*, ${utc('r.started_at')} AS started, ${utc('r.finished_at')} AS finished FROM lockkeeper.run r ${which}`;
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

const latest = `
  SELECT * FROM (
    SELECT DISTINCT ON (s.version, ${toldApart}) s.version, ${toldApart} AS apart, s.run_id, s.action, s.state, s.sha256,
           r.epoch, s.step
      FROM lockkeeper.step s JOIN lockkeeper.run r ON r.id = s.run_id
     WHERE r.history_table = $1 AND ${tellsOfVersion}
     ORDER BY s.version, ${toldApart}, r.epoch DESC, s.step DESC) newest
   ORDER BY epoch, step`;

async function readLatest(session: Session, historyTable: string): Promise<JournalLatest[] | null> {
  try {
    return latestOf(await session.query(latest, [historyTable]));
  } catch (error) {
    if (error instanceof ServerFault && (error.kind === 'noSuchTable' || error.kind === 'rights')) return null;
    throw error;
  }
}
