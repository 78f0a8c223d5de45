/** Migrations that a run began and did not end, by the journal: nothing may be run before that is settled. */
import { nothingChanged, type Problem } from '../../shared/problem.ts';
import type { JournalLatest, Session } from '../engine/ports.ts';
import { historyName, lockName } from './lockName.ts';
import type { OpenSource } from './readSource.ts';
import { runCommandFor } from './runCommand.ts';
import type { TargetDatabase } from './target.ts';

export interface Asked {
  readonly target: TargetDatabase;
  readonly source: OpenSource;
  readonly session: Session;
}

/** While a run goes on its last statement is announced, too: then there is nothing to settle, but a lock to wait for. */
export async function unsettledProblems(asked: Asked, latest: readonly JournalLatest[]): Promise<Problem[]> {
  const open = latest.filter(isUnsettled);
  if (open.length === 0) return [];
  const { held } = await asked.session.lockInfo(lockName(asked.session, asked.source));
  return held ? [] : open.map((one) => unsettled(one, asked.target));
}

/** Those that the journal tells last of as begun. */
export const readUnsettled = async (asked: Asked): Promise<JournalLatest[]> =>
  (await readLatest(asked)).filter(isUnsettled);

/** What the journal tells last of each version; nothing where there is none. */
export const readLatest = async ({ target, source, session }: Asked): Promise<JournalLatest[]> =>
  (await target.driver.journal.readLatest(session, historyName(session, source))) ?? [];

export const isUnsettled = ({ state }: JournalLatest): boolean => state === 'intent';

export const unsettled = ({ runId, version, action }: JournalLatest, target: TargetDatabase): Problem => ({
  code: 'run.unknown',
  message: `Run ${runId} was interrupted while it ${action === 'apply' ? 'applied' : 'rolled back'} migration ${version}.`,
  state: `${nothingChanged} Part of migration ${version} may be in the database.`,
  hint: `Find out what is, and what may be done: ${runCommandFor('reconcile', runId, target)}`,
});
