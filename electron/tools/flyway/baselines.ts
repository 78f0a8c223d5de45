/** What a baseline means for the migrations: those up to it are not run (DbMigrate, MigrationInfoImpl). */
import type { HistoryEntry } from '../../../shared/model/history.ts';
import type { Migration } from '../../../shared/model/migration.ts';
import { plainEntry } from '../common/historyRows.ts';
import { compareSegments } from '../common/versions.ts';

/**
 * The entries, with one for each migration that a baseline stands for: one told by the history, or on an empty history
 * the newest baseline migration, which will be applied instead of all before it.
 */
export function withBaselines(entries: readonly HistoryEntry[], migrations: readonly Migration[]): HistoryEntry[] {
  const known = new Set(entries.map((entry) => entry.historyKey));
  const isEmpty = !entries.some((entry) => entry.state === 'applied' || entry.state === 'baseline');
  const chosen = isEmpty ? migrations.findLast((migration) => migration.kind === 'baseline') : undefined;
  const newest = [...entries.flatMap(baselineVersion), ...(chosen === undefined ? [] : [numberOf(chosen)])]
    .sort(compareSegments)
    .at(-1);
  const covered = (migration: Migration): boolean => {
    if (known.has(migration.historyKey) || migration === chosen) return false;
    if (migration.kind === 'baseline') return true;
    return migration.kind === 'versioned' && newest !== undefined && compareSegments(migration.version, newest) <= 0;
  };
  const meant = migrations.filter(covered).map(
    (migration): HistoryEntry => ({
      ...plainEntry(migration.historyKey),
      version: migration.version,
      state: 'baseline',
    }),
  );
  return [...meant, ...entries];
}

const numberOf = ({ version }: Migration): string => version.replace(/^B/, '');

function baselineVersion({ state, version, historyKey }: HistoryEntry): string[] {
  if (version === null) return [];
  return state === 'baseline' || (state === 'applied' && historyKey.startsWith('B')) ? [version] : [];
}
