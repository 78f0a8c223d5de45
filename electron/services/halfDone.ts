/** Migrations that failed half-way, as the journal tells: beginning them again is nothing that just happens. */

import { nothingChanged, type Problem } from '../../shared/problem.ts';
import { halfDoneKey } from '../engine/plan.ts';
import type { JournalLatest, JournalRow } from '../engine/ports.ts';
import type { SelectedStep } from '../engine/select.ts';
import { commandFor } from './commandFor.ts';
import { runCommandFor } from './runCommand.ts';
import type { TargetDatabase } from './target.ts';
import type { Asked } from './unsettled.ts';

export interface HalfDone {
  readonly key: string;
  readonly run: string;
  readonly version: string;
  readonly action: SelectedStep['action'];
  /** What of it is there, in words. */
  readonly done: string;
}

/** Of those planned. Another program that finished one since has written it into the history: then it is not planned. */
export async function halfDoneOf(
  asked: Asked,
  steps: readonly Pick<SelectedStep, 'migration' | 'action'>[],
  latest: readonly JournalLatest[],
): Promise<HalfDone[]> {
  const found: HalfDone[] = [];
  for (const { migration, action } of steps) {
    const told = latest.filter((one) => one.version === migration.version && one.action === action);
    const half = (await Promise.all(told.map((one) => halfDoneBy(asked, one)))).findLast((one) => one !== null);
    if (half !== undefined && half !== null) found.push(half);
  }
  return found;
}

/** Null: that run did not fail there, or nothing of it is left. */
export async function halfDoneBy({ target, session }: Asked, told: JournalLatest): Promise<HalfDone | null> {
  const { runId, version, action, partly, state } = told;
  if (state !== 'failed') return null;
  const { journal, aftermath, sql } = target.driver;
  const rows = await journal.readSteps(session, runId);
  const row = rows.find((one) => one.version === version && one.action === action);
  if (row === undefined) return null;
  const found = { key: halfDoneKey(version, action), run: runId, version, action };
  if (partly || (row.part ?? 0) > 0) return { ...found, done: doneOf(row) };
  if (row.text === null || row.text === '') return null;
  if (sql.classify(row.text).tableLocks === 'taken')
    return { ...found, done: 'what it did while it held locks on tables stays' };
  const left = await aftermath.leftovers(session, row.text);
  const undone = row.sending !== 'together' || (await aftermath.isUndoable(session, sql.tablesOf(row.text)));
  return left === null && undone ? null : { ...found, done: 'what its first statement left stays' };
}

function doneOf({ statement, part, batch, statements }: JournalRow): string {
  const parts = part === null || part === 0 ? '' : ` and ${part} of the objects that the next one names`;
  const batches = batch === null ? '' : ` and ${batch.batches} batches of the next one`;
  return `${statement ?? 0} of its ${statements} statements${parts}${batches} are done and stay`;
}

/** For whoever is asked to accept it. */
export const restartWords = (half: HalfDone, target: TargetDatabase): string =>
  `${happened(half)} Beginning again runs what is done once more. To go on instead: ${resumeCommand(half, target)}`;

/** For whoever did not. */
export const restartProblem = (half: HalfDone, target: TargetDatabase): Problem => ({
  code: 'run.unknown',
  message: happened(half),
  state: `${nothingChanged} Part of migration ${half.version} is in the database.`,
  hint: `Go on with it: ${resumeCommand(half, target)} — roll it back: ${runCommandFor('resume', half.run, target, '--roll-back --reason "…"')} — or say what is there: ${commandFor('repair', target)} --mark-applied ${half.version} --reason "…". To begin it again: --accept retryFailed`,
});

const happened = ({ run, version, action, done }: HalfDone): string =>
  `Run ${run} failed when it ${action === 'apply' ? 'applied' : 'rolled back'} migration ${version}: ${done}.`;

const resumeCommand = ({ run }: HalfDone, target: TargetDatabase): string => runCommandFor('resume', run, target);
