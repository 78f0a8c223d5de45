/** Rows of our journal as every engine's query gives them, and what every engine writes alike. */
import type { StatementPlace } from '../../../shared/model/reconcile.ts';
import {
  type Announcement,
  type JournaledRun,
  type JournalLatest,
  type JournalRow,
  type JournalRun,
  type JournalStep,
  keptOfStatement,
  type ReconciledStep,
  type Row,
} from '../../engine/ports.ts';

type Cell = Row[string] | undefined;

const states: Readonly<Record<string, JournalRow['state']>> = { done: 'done', reconciled: 'done', failed: 'failed' };

/** SQL on a step's row: it tells something of its version. Of what failed as one transaction nothing is left. */
export const tellsOfVersion = "s.action IN ('apply', 'revert') AND (s.state <> 'failed' OR s.statement IS NOT NULL)";

/**
 * SQL for what of a version is told apart: how it ended or stands, what failed at its first statement, what failed later.
 * Tables of the first version have these columns, too.
 */
export const toldApart = "CASE WHEN s.state <> 'failed' THEN 0 WHEN s.statement > 0 OR s.batches > 0 THEN 2 ELSE 1 END";

/** Of rows of all versions from the oldest to the newest: the last of each, and what failed after that. */
export function latestOf(rows: readonly Row[]): JournalLatest[] {
  const latest = new Map<string, readonly JournalLatest[]>();
  for (const row of rows) {
    const told = journalLatest(row);
    const before = latest.get(told.version)?.filter((one) => one.state !== 'failed' || one.partly !== told.partly);
    latest.set(told.version, told.state === 'failed' ? [...(before ?? []), told] : [told]);
  }
  return [...latest.values()].flat();
}

const journalLatest = ({ version, run_id, action, state, sha256, apart }: Row): JournalLatest => ({
  runId: String(run_id),
  version: String(version),
  action: action === 'revert' ? 'revert' : 'apply',
  state: states[String(state)] ?? 'intent',
  sha256: String(sha256),
  partly: Number(apart) === 2,
});

/** Columns that an earlier version did not have; a type that every engine knows. */
export const addedStepColumns = {
  part: 'integer',
  sending: 'varchar(10)',
  statement_text: 'text',
  line: 'integer',
  note: 'text',
} as const;

export const addedRunColumns = { versions: 'text', resumes: 'varchar(64)', audit_head: 'varchar(120)' } as const;

export const journalRow = (row: Row): JournalRow => ({
  step: Number(row['step']),
  version: String(row['version']),
  action: String(row['action']),
  sha256: String(row['sha256']),
  statements: Number(row['statements']),
  state: states[String(row['state'])] ?? 'intent',
  statement: numberOf(row['statement']),
  part: numberOf(row['part']),
  sending: row['sending'] === 'alone' || row['sending'] === 'together' ? row['sending'] : null,
  text: textOf(row['statement_text']),
  line: numberOf(row['line']),
  probeBefore: textOf(row['probe_before']),
  probeExpected: textOf(row['probe_expected']),
  batch:
    numberOf(row['batches']) === null ? null : { batches: Number(row['batches']), rows: Number(row['batch_rows']) },
  error: textOf(row['error']),
  note: textOf(row['note']),
});

export const journaledRun = (row: Row): JournaledRun => ({
  id: String(row['id']),
  action: String(row['action']),
  actor: String(row['actor']),
  host: String(row['host']),
  process: String(row['process']),
  tool: String(row['tool']),
  historyTable: String(row['history_table']),
  backend: String(row['backend']),
  epoch: Number(row['epoch']),
  versions: versionsOf(textOf(row['versions'])),
  resumes: textOf(row['resumes']),
  auditHead: textOf(row['audit_head']),
  outcome: textOf(row['outcome']),
  startedAt: String(row['started']),
  finishedAt: textOf(row['finished']),
});

/** What a run's row has beside its facts, as columns and values. */
export const runPlan = ({ versions, resumes, auditHead }: JournalRun) => ({
  versions: JSON.stringify(versions),
  resumes,
  audit_head: auditHead,
});

export const statementText = ({ text }: Announcement): string => text.slice(0, keptOfStatement).replaceAll('\0', '');

/** Says of what was announced last that it is done, when it is `done`. `table`: quoted. */
export function advance(
  table: string,
  { runId, step }: JournalStep,
  done: StatementPlace,
  next: StatementPlace,
  quoteLiteral: (value: string | number | null) => string,
): string {
  const forgotten = ['statement_text', 'line', 'probe_before', 'probe_expected', 'batches', 'batch_rows'];
  const changes = [
    `statement = ${next.statement}`,
    `part = ${quoteLiteral(next.part)}`,
    ...forgotten.map((column) => `${column} = NULL`),
  ];
  return `UPDATE ${table} SET ${changes.join(', ')} WHERE run_id = ${quoteLiteral(runId)} AND step = ${step} AND sending = 'alone'
    AND statement = ${done.statement} AND ${done.part === null ? 'part IS NULL' : `part = ${done.part}`}`;
}

const reconciledStates = { done: 'reconciled', notDone: 'failed', open: 'sent' } as const;

/** Values of a step's row, as text or numbers. */
export const reconciledValues = ({ state, at, note }: ReconciledStep) => ({
  state: reconciledStates[state],
  note,
  ...(state === 'done' ? {} : at),
  ...(state === 'open' ? { sending: 'together', probe_before: null, probe_expected: null } : {}),
});

function versionsOf(text: string | null): string[] {
  const value: unknown = text === null ? [] : JSON.parse(text);
  return Array.isArray(value) ? value.map(String) : [];
}

/** A table that an earlier version made lacks columns: every read takes what there is. */
const numberOf = (value: Cell): number | null => (value === null || value === undefined ? null : Number(value));
const textOf = (value: Cell): string | null => (value === null || value === undefined ? null : String(value));
