import { type Compared, isEffective, versionOf } from '../engine/compare.ts';
import type { JournalLatest } from '../engine/ports.ts';

export interface JournalConflict {
  /** `interrupted`: a run began and its end was not written. `journal`: it ended otherwise than the history says. */
  readonly kind: 'interrupted' | 'journal';
  readonly detail: string;
}

/** What our journal tells of a migration that the tool's history does not agree with; null when they agree. */
export function journalConflict(row: Compared, latest: readonly JournalLatest[]): JournalConflict | null {
  const all = latest.filter((one) => one.version === versionOf(row));
  const inHistory = isEffective(row.entry);
  const failed = all.find(({ state, partly }) => state === 'failed' && partly);
  if (failed !== undefined && inHistory === (failed.action === 'revert')) return halfDone(failed);
  const told = all.find(({ state }) => state !== 'failed');
  if (told === undefined) return null;
  const did = told.action === 'apply' ? 'apply it' : 'roll it back';
  if (told.state === 'intent')
    return {
      kind: 'interrupted',
      detail: `Run ${told.runId} began to ${did} and its end was not written; the history ${inHistory ? 'has it as applied' : 'does not have it as applied'}.`,
    };
  if (inHistory === (told.action === 'apply')) return null;
  return {
    kind: 'journal',
    detail: inHistory
      ? `Run ${told.runId} rolled it back, but the history has it as applied: another program applied it since, or wrote the entry.`
      : `Run ${told.runId} applied it, but the history does not have it: another program rolled it back, its entry was removed, or the database was restored.`,
  };
}

const halfDone = ({ runId, action }: JournalLatest): JournalConflict => ({
  kind: 'interrupted',
  detail: `Run ${runId} failed half-way when it was to ${action === 'apply' ? 'apply it' : 'roll it back'}: part of that is in the database.`,
});
