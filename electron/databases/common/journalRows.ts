/** Rows of our journal as every engine's query gives them. */
import type { JournalLatest, JournalRow, Row } from '../../engine/ports.ts';

const states: Readonly<Record<string, JournalRow['state']>> = { done: 'done', reconciled: 'done', failed: 'failed' };

export const journalLatest = ({ version, run_id, action, state, sha256 }: Row): JournalLatest => ({
  runId: String(run_id),
  version: String(version),
  action: action === 'revert' ? 'revert' : 'apply',
  state: states[String(state)] === 'done' ? 'done' : 'intent',
  sha256: String(sha256),
});

export const journalRow = ({ step, version, state, statement, batches, batch_rows }: Row): JournalRow => ({
  step: Number(step),
  version: String(version),
  state: states[String(state)] ?? 'intent',
  statement: numberOf(statement),
  batch: numberOf(batches) === null ? null : { batches: Number(batches), rows: Number(batch_rows) },
});

const numberOf = (value: Row[string] | undefined): number | null =>
  value === null || value === undefined ? null : Number(value);
