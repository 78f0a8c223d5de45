/** What a backup is good for, in words. */
import { type Backup, reaches } from '../../../shared/model/backup.ts';
import type { Protection } from '../../../shared/model/environment.ts';
import type { Problem } from '../../../shared/problem.ts';
import { formatCount } from '../../format.ts';
import { formatRoute } from '../../router.ts';
import { gateBackupWords, levelWords, type Mark } from '../../texts.ts';

export function coversWords({ covers, tables, notCovered }: Backup): {
  readonly word: string;
  readonly detail: string;
} {
  const missing = notCovered.length === 0 ? '' : ` Not covered: ${notCovered.join(', ')}.`;
  switch (covers) {
    case 'everything':
      return { word: 'Everything', detail: `The whole database.${missing}` };
    case 'schema':
      return { word: 'Schema only', detail: `Definitions without any row.${missing}` };
    case 'tables':
      return {
        word: tables === undefined ? 'Some tables' : formatCount(tables.length, 'table'),
        detail: `${tables?.join(', ') ?? 'Some tables'}.${missing}`,
      };
  }
}

/** An archive that is gone, that is not the one that was written, or that cannot be read to its end. */
export function problemMark({ code }: Pick<Problem, 'code'>): Mark {
  if (code === 'backup.notFound') return { glyph: '⇣', word: 'Missing', tone: 'danger' };
  if (code === 'backup.changed') return { glyph: '▲', word: 'Changed', tone: 'danger' };
  return { glyph: '✕', word: 'Damaged', tone: 'danger' };
}

/** Would this backup do for the environment's gate, and if not why. */
export function gateMark(
  backup: Pick<Backup, 'level' | 'covers' | 'problem' | 'external'>,
  { backup: needed, externalBackups }: Pick<Protection, 'backup' | 'externalBackups'>,
): Mark & { readonly title: string } {
  const { level, covers, problem, external } = backup;
  const no = (title: string): Mark & { readonly title: string } => ({ glyph: '⊘', word: 'No', tone: 'quiet', title });
  if (problem !== null) return no(problem.message);
  if (covers !== 'everything') return no('Only a backup of everything ever satisfies a gate.');
  if (needed === 'none') return { glyph: '✓', word: 'Good', tone: 'ok', title: 'This environment asks for none.' };
  if (external !== undefined)
    return externalBackups === true
      ? { glyph: '✓', word: 'Good', tone: 'ok', title: 'For a day, and while nothing is migrated.' }
      : no('This environment does not take snapshots of others for a backup.');
  if (!reaches(level, needed))
    return no(`${gateBackupWords[needed]} is asked for; this one is only ${levelWords[level].toLowerCase()}.`);
  return { glyph: '✓', word: 'Good', tone: 'ok', title: `${gateBackupWords[needed]} is asked for; this one is that.` };
}

/** A partial backup cannot take the live one's place: its page begins with leaving it beside. */
export const restoreHref = ({ id, covers }: Backup): string =>
  formatRoute({
    screen: 'restore',
    wanted: {
      backup: id,
      file: null,
      environmentId: null,
      placement: covers === 'everything' ? 'swap' : 'beside',
      into: null,
    },
  });
