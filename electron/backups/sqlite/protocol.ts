// What the backup worker is asked and what it answers.
import type { ObjectCounts, TableRows } from '../../../shared/model/backup.ts';
import type { DigestForm } from '../../../shared/model/proof.ts';
import type { WantedDigests } from '../content/contentReader.ts';
import type { TableRead } from '../content/readTables.ts';

/** In which digests are recorded. */
export const FORM: DigestForm = 2;

export type Task =
  | { readonly kind: 'copy'; readonly file: string; readonly copy: string }
  | { readonly kind: 'check'; readonly file: string }
  | { readonly kind: 'content'; readonly file: string; readonly wanted: WantedDigests };

/** Rows of tables, and positions of sequences by name. */
export interface ContentFound {
  readonly tables: readonly TableRead[];
  readonly sequences: readonly (readonly [string, string])[];
}

export interface ContentResult extends ContentFound {
  readonly kind: 'content';
}

export interface CopyResult {
  readonly kind: 'copy';
  /** When the snapshot was taken; ISO 8601 in UTC. */
  readonly takenAt: string;
  readonly objects: ObjectCounts;
  readonly danglingReferences: number;
  /** Of the source, in the transaction that was copied. */
  readonly content: ContentFound;
}

export interface CheckResult {
  readonly kind: 'check';
  readonly objects: ObjectCounts;
  readonly danglingReferences: number;
  readonly rows: readonly TableRows[];
  /** What `PRAGMA integrity_check` found; empty: nothing. */
  readonly damage: readonly string[];
}

export interface Failure {
  readonly kind: 'failure';
  readonly message: string;
  /** SQLite's code, such as `SQLITE_FULL`, or the system's; null for others. */
  readonly code: string | null;
}

export type Message =
  | CopyResult
  | CheckResult
  | ContentResult
  | Failure
  | { readonly kind: 'progress'; readonly bytes: number };
