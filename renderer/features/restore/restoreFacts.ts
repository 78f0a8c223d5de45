/** What a restore amounts to, in words. */
import type { EnvironmentSummary } from '../../../shared/contract/views.ts';
import type { Backup } from '../../../shared/model/backup.ts';
import type { Hazard } from '../../../shared/model/plan.ts';
import type { RestorePlacement, RestorePlan, RowDifference } from '../../../shared/model/restore.ts';
import { formatCount, formatTime } from '../../format.ts';
import type { RestoreTarget } from '../../router.ts';

/** The environment to restore to; null when it must be chosen. */
export const targetOf = (
  environments: readonly EnvironmentSummary[],
  { environmentId }: Pick<RestoreTarget, 'environmentId'>,
  backup: Pick<Backup, 'environment' | 'engine'> | null,
): EnvironmentSummary | null =>
  environments.find(({ environment }) =>
    environmentId === null
      ? environment.name === backup?.environment && environment.connection.engine === backup.engine
      : environment.id === environmentId,
  ) ?? null;

export const placementWords: Readonly<Record<RestorePlacement, { readonly word: string; readonly meaning: string }>> = {
  swap: {
    word: 'Replace the live database',
    meaning: 'Restored beside it, verified, then the two are swapped. The one of now is kept and can be brought back.',
  },
  beside: {
    word: 'Leave it beside',
    meaning: 'Restored and verified under a name of its own. The live database stays as it is.',
  },
  into: {
    word: 'Into a database of your choice',
    meaning: 'For accounts that may not create databases: an empty one that somebody made for you.',
  },
};

/** `Restore acme-prod to 3 Nov, 14:02`: verb, target, moment. */
export function restoreLabel(plan: Pick<RestorePlan, 'environment' | 'placement' | 'takenAt'>): string {
  const moment = plan.takenAt === null ? 'the dump' : formatTime(plan.takenAt);
  return plan.placement === 'swap' ? `Restore ${plan.environment} to ${moment}` : `Restore ${moment} beside`;
}

/** Rows by which a table would change; null where one side is not known. */
export const rowsChanged = ({ inBackup, now }: RowDifference): number | null =>
  inBackup === null && now === null ? null : (inBackup?.rows ?? 0) - (now?.rows ?? 0);

export function rowWords(difference: RowDifference): string {
  const change = rowsChanged(difference);
  const about = difference.inBackup?.source === 'estimated' || difference.now?.source === 'estimated' ? 'about ' : '';
  if (difference.inBackup === null) return 'Not in the backup: the whole table goes';
  if (difference.now === null) return 'Not there now: the table comes back';
  if (change === null || change === 0) return 'No difference';
  return change < 0
    ? `${about}${formatCount(-change, 'row is', 'rows are')} lost`
    : `${about}${formatCount(change, 'row comes', 'rows come')} back`;
}

export const meaningIn = (hazards: readonly Hazard[], code: string): string =>
  hazards.find((hazard) => hazard.code === code)?.message ?? '';
