/** What verifying a history found. */

export const findingKinds = [
  'changed',
  'missing',
  'outOfOrder',
  'failed',
  'interrupted',
  /** Our journal and the tool's history tell different things of a migration. */
  'journal',
  /** The schema is not the one that the last run left. */
  'drift',
  /** The folder itself: duplicates, files that cannot be read. */
  'source',
] as const;
export type FindingKind = (typeof findingKinds)[number];

export interface Finding {
  readonly kind: FindingKind;
  /** Null where it concerns no single migration. */
  readonly version: string | null;
  readonly path: string | null;
  /** What was found, in words. */
  readonly detail: string;
}

/** The answer of `verify`, as cli.md has it. */
export interface VerifyReport {
  readonly environment: string;
  readonly tool: string;
  readonly historyTable: string;
  readonly findings: readonly Finding[];
  /** Applied migrations that were compared with their files. */
  readonly verified: number;
  /** False: there is no journal in the database to compare with. */
  readonly journaled: boolean;
  /** ISO 8601 in UTC. */
  readonly readAt: string;
}
