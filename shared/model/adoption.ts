/** Moving a history from one tool's table into another's. No script is run by it, and the old table stays as it is. */
import type { DifferenceKind } from './repair.ts';

/** By what a migration of one tool was found to be one of the other. */
export type MatchedBy = 'file' | 'version' | 'name' | 'order';

/** What is to be moved where. */
export interface AdoptRequest {
  /** Absent: the tool of the environment or the one detected. */
  readonly from?: string;
  readonly to: string;
  /** Folder of the other tool's files; absent: the same folder. */
  readonly sourceTo?: string;
  /** Absent: the other tool's own. */
  readonly historyTableTo?: string;
  /** New folder for files converted into our own format. */
  readonly writeTo?: string;
}

/** One applied migration, as both tools call it. */
export interface AdoptedRow {
  readonly version: string;
  readonly name: string;
  readonly from: { readonly version: string; readonly name: string };
  readonly matchedBy: MatchedBy;
  /** How the two scripts differ; `unknown`: code, or too long to compare. */
  readonly sql: DifferenceKind;
  /** The other table has it already. */
  readonly there: boolean;
  /** Facts that will be written beside; null: not known, or the table has no place for them. */
  readonly appliedAt: string | null;
  readonly appliedBy: string | null;
  readonly durationMs: number | null;
}

export interface AdoptedSide {
  readonly tool: string;
  readonly title: string;
  readonly source: string;
  readonly historyTable: string;
}
