/** Migrations × history entries → statuses. Pure. */
import {
  type HistoryEntry,
  type MigrationRow,
  type MigrationStatus,
  migrationStatuses,
  pendingStatuses,
} from '../../shared/model/history.ts';
import type { Migration } from '../../shared/model/migration.ts';

export interface CompareRules {
  readonly outOfOrder: 'allowed' | 'warned' | 'refused';
}

/** A migration, its entry, or both: never neither. */
export interface Compared {
  readonly migration: Migration | null;
  readonly entry: HistoryEntry | null;
  readonly status: MigrationStatus;
}

export interface Comparison {
  /** Migrations in the tool's order; entries without a file stand where the history has them. */
  readonly rows: readonly Compared[];
  /** Newest applied version in the tool's order. */
  readonly current: string | null;
}

export function compare(
  migrations: readonly Migration[],
  entries: readonly HistoryEntry[],
  rules: CompareRules,
): Comparison {
  const entryByKey = new Map(entries.map((entry) => [entry.historyKey, entry]));
  // Repeatable ones come after all others, baselines before: they say nothing of the order of the versions.
  const newestApplied = migrations.findLastIndex(
    (migration) => migration.kind === 'versioned' && isEffective(entryByKey.get(migration.historyKey)),
  );
  const rows: Compared[] = migrations.map((migration, index) => {
    const entry = entryByKey.get(migration.historyKey) ?? null;
    return {
      migration,
      entry,
      status: statusOf(migration, entry, bound(migration) && index < newestApplied, rules),
    };
  });
  insertMissing(rows, migrations, entries);
  return { rows, current: currentOf(migrations[newestApplied], entries) };
}

/** To the order of the versions. */
const bound = ({ kind, anyOrder }: Migration): boolean => kind === 'versioned' && anyOrder !== true;

function statusOf(
  migration: Migration,
  entry: HistoryEntry | null,
  olderThanNewest: boolean,
  rules: CompareRules,
): MigrationStatus {
  if (migration.ignored !== undefined && !isEffective(entry)) return 'ignored';
  if (entry === null) return olderThanNewest && rules.outOfOrder !== 'allowed' ? 'outOfOrder' : 'pending';
  switch (entry.state) {
    case 'failed':
      return 'failed';
    case 'executing':
      return 'interrupted';
    case 'reverted':
      return 'reverted';
    case 'baseline':
      return 'baseline';
    case 'applied':
      if (migration.runAlways === true) return 'outdated';
      if (!hasChanged(migration, entry)) return 'applied';
      return migration.kind === 'repeatable' || migration.runOnChange === true ? 'outdated' : 'changed';
  }
}

const hasChanged = (migration: Migration, entry: HistoryEntry): boolean =>
  entry.checksum !== null &&
  migration.checksum !== null &&
  entry.checksum !== migration.checksum &&
  !(migration.otherChecksums ?? []).includes(entry.checksum);

/** Does the entry say that the migration is in the database? */
export const isEffective = (entry: HistoryEntry | null | undefined): boolean =>
  entry?.state === 'applied' || entry?.state === 'baseline';

/** Puts entries without a file behind the row that precedes them in the history. */
function insertMissing(rows: Compared[], migrations: readonly Migration[], entries: readonly HistoryEntry[]): void {
  const known = new Set(migrations.map((migration) => migration.historyKey));
  let previousKey: string | null = null;
  for (const entry of entries) {
    if (!known.has(entry.historyKey)) {
      const after = rows.findIndex((row) => previousKey !== null && keyOf(row) === previousKey);
      // A baseline stands for what was there before: it needs no file.
      const status = entry.state === 'reverted' || entry.state === 'baseline' ? entry.state : 'missing';
      rows.splice(after + 1, 0, { migration: null, entry, status });
    }
    previousKey = entry.historyKey;
  }
}

export const keyOf = (row: Compared): string => row.migration?.historyKey ?? row.entry?.historyKey ?? '';
export const versionOf = (row: Compared): string => row.migration?.version ?? row.entry?.version ?? keyOf(row);

function currentOf(newest: Migration | undefined, entries: readonly HistoryEntry[]): string | null {
  if (newest !== undefined) return newest.version;
  const last = entries.findLast(isEffective);
  return last === undefined ? null : (last.version ?? last.historyKey);
}

/** Would `up` apply it? */
export const isPending = (row: Compared): boolean => row.migration !== null && pendingStatuses.has(row.status);

/** Is its effect in the database, so that `down` can take it back? */
export const isApplied = (row: Compared): boolean =>
  row.status === 'applied' ||
  row.status === 'changed' ||
  row.status === 'outdated' ||
  (row.status === 'missing' && isEffective(row.entry));

export function countStatuses(rows: readonly Compared[]): Record<MigrationStatus, number> {
  const counts = Object.fromEntries(migrationStatuses.map((status) => [status, 0])) as Record<MigrationStatus, number>;
  for (const row of rows) counts[row.status] += 1;
  return counts;
}

export function toMigrationRow(row: Compared): MigrationRow {
  const { migration, entry } = row;
  return {
    version: versionOf(row),
    historyKey: keyOf(row),
    name: migration?.name ?? entry?.name ?? '',
    kind: migration?.kind ?? 'versioned',
    status: row.status,
    reversible: (migration?.down ?? entry?.storedDown ?? null) !== null,
    appliedAt: entry?.appliedAt ?? null,
    appliedBy: entry?.appliedBy ?? null,
    durationMs: entry?.durationMs ?? null,
    checksum: entry?.checksum ?? migration?.checksum ?? null,
    batch: entry?.batch ?? null,
  };
}
