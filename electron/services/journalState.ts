import type { JournalRow } from '../engine/ports.ts';

/** Equal while nobody wrote of these steps: what a decision was taken on. */
export const journalState = (rows: readonly JournalRow[]): string =>
  JSON.stringify(rows.map(({ step, state, statement, part, batch }) => [step, state, statement, part, batch]));
