/** The version matrix, environments × migrations: a folder's list once, and of each environment one character per migration. */
import type { Problem } from '../problem.ts';
import { type MigrationRow, type MigrationStatus, migrationStatuses } from './history.ts';

/** `running`: a run is at it. `absent`: not of this environment's folder. `unread`: the environment was never read. */
export type MatrixStatus = MigrationStatus | 'running' | 'absent' | 'unread';

/** The characters of `KnownColumn.statuses`, by status. They are stored: one that was given is never given again. */
export const statusCodes: Readonly<Record<MigrationStatus | 'running', string>> = {
  pending: 'p',
  applied: 'a',
  failed: 'f',
  interrupted: 'i',
  changed: 'c',
  missing: 'm',
  outOfOrder: 'o',
  outdated: 'u',
  baseline: 'b',
  ignored: 'g',
  reverted: 'r',
  running: '*',
};

const statusByCode: ReadonlyMap<string, MatrixStatus> = new Map(
  [...migrationStatuses, 'running' as const].map((status) => [statusCodes[status], status]),
);

/** What a newer Lockkeeper may have stored with a character of its own is `unread`. */
export const statusOfCode = (code: string): MatrixStatus => statusByCode.get(code) ?? 'unread';

export type ListedMigration = Pick<MigrationRow, 'version' | 'historyKey' | 'name' | 'kind'>;

/** The migrations of a folder in the tool's order. Folders with the same content share one. */
export interface MigrationList {
  /** Digest of tool and migrations. */
  readonly id: string;
  readonly tool: string;
  readonly migrations: readonly ListedMigration[];
}

/** A history entry that the folder has no file for. */
export interface ExtraCell {
  readonly migration: ListedMigration;
  readonly code: string;
  /** `historyKey` of the one before it; null: it is the first. */
  readonly after: string | null;
}

/** What the last reading that succeeded found. */
export interface KnownColumn {
  /** Id of the `MigrationList`. */
  readonly list: string;
  /** The folder. */
  readonly source: string;
  /** One character of `statusCodes` for each migration of the list. */
  readonly statuses: string;
  readonly extra: readonly ExtraCell[];
  readonly current: string | null;
  /** How many `up` would apply. */
  readonly pending: number;
  /** Null: its tool keeps no checksums. */
  readonly changed: number | null;
  /** ISO 8601 in UTC. */
  readonly readAt: string;
}

/** What the last comparison of the schema found. */
export interface KnownDrift {
  /** Changes beside the migrations; null: nothing was recorded to compare with. */
  readonly changes: number | null;
  /** ISO 8601 in UTC. */
  readonly readAt: string;
}

export interface MatrixColumn {
  readonly environmentId: string;
  /** Null before the first reading that succeeded. */
  readonly known: KnownColumn | null;
  /** Null: never compared. */
  readonly drift: KnownDrift | null;
  /** Why the last reading failed; what is known is then of before. */
  readonly problem: Problem | null;
  /** The run that goes on; `known.statuses` has it in already. */
  readonly run: string | null;
}

/** What a reader of the matrix is told. A list comes before the first column that names it. */
export type MatrixEvent =
  | { readonly type: 'list'; readonly list: MigrationList }
  | { readonly type: 'columns'; readonly columns: readonly MatrixColumn[] }
  /** Environments read of those that are to be read. */
  | { readonly type: 'progress'; readonly done: number; readonly total: number };

export type MatrixLists = ReadonlyMap<string, MigrationList>;
