/** One row of a history table, in the tool's order. Absent facts stay null, never invented. */
export interface HistoryEntry {
  readonly historyKey: string;
  /** What the table says beside the key, when it does. */
  readonly version: string | null;
  readonly name: string | null;
  readonly state: 'applied' | 'failed' | 'executing' | 'reverted' | 'baseline';
  /** ISO 8601 in UTC; null where the table keeps none. */
  readonly appliedAt: string | null;
  readonly appliedBy: string | null;
  readonly durationMs: number | null;
  readonly checksum: string | null;
  readonly batch: number | null;
  /** The table's own words on a failure. */
  readonly message: string | null;
  /** SQL that the table keeps for rolling this entry back. */
  readonly storedDown: string | null;
}

export const migrationStatuses = [
  'pending',
  'applied',
  'failed',
  'interrupted',
  'changed',
  'missing',
  'outOfOrder',
  'outdated',
  'baseline',
  'ignored',
  'reverted',
] as const;
export type MigrationStatus = (typeof migrationStatuses)[number];

/** Of files that `up` would apply. */
export const pendingStatuses: ReadonlySet<MigrationStatus> = new Set([
  'pending',
  'outOfOrder',
  'outdated',
  'reverted',
  'failed',
  'interrupted',
]);

/** What a person should look at before going on. */
export const attentionStatuses: readonly MigrationStatus[] = [
  'failed',
  'interrupted',
  'changed',
  'missing',
  'outOfOrder',
];

/** A migration, its history entry, or both, with the status that follows. */
export interface MigrationRow {
  readonly version: string;
  readonly historyKey: string;
  readonly name: string;
  readonly kind: 'versioned' | 'repeatable' | 'baseline';
  readonly status: MigrationStatus;
  readonly reversible: boolean;
  readonly appliedAt: string | null;
  readonly appliedBy: string | null;
  readonly durationMs: number | null;
  /** As recorded in the history table; of the file while pending. */
  readonly checksum: string | null;
  readonly batch: number | null;
}
