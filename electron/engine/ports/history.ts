// A tool's history table.
import type { HistoryEntry } from '../../../shared/model/history.ts';
import type { LockInfo } from '../../../shared/model/lock.ts';
import type { Step } from '../../../shared/model/plan.ts';
import type { Dialect, TableName } from './dialect.ts';
import type { Session } from './session.ts';

/** Facts a tool may write into its row. SQL expressions come from the dialect. */
export interface HistoryWrite {
  readonly step: Step;
  readonly dialect: Dialect;
  readonly actor: string;
  readonly runId: string;
  /** It is recorded without its script having been run: its conditions are not met. */
  readonly unrun?: true;
}

/** What a repair writes. `step` tells of the migration; no script of it is run. */
export interface RepairWrite extends HistoryWrite {
  /** Why, in a person's words. */
  readonly reason: string;
}

/** What a history may tell of a migration beside that it is applied. */
export type CarriedFacts = Pick<HistoryEntry, 'appliedAt' | 'appliedBy' | 'durationMs'>;

/** Corrections that a tool's table can hold: SQL for each. One that is absent cannot be written into it. */
export interface HistoryRepairs {
  /** Puts the file's checksum (`step.checksum`) in place of the recorded one. */
  updateChecksum?(write: RepairWrite): string[];
  markApplied?(write: RepairWrite): string[];
  markReverted?(write: RepairWrite): string[];
  /** Takes away an entry that failed or was interrupted: the migration is pending again. */
  removeFailed?(write: RepairWrite): string[];
  /** Without it a baseline is written as `markApplied`. */
  baseline?(write: RepairWrite): string[];
  /** Sets the one version that the table holds. */
  force?(write: RepairWrite): string[];
  /** After `markApplied` or `baseline`: puts what another history knows into the entry, in place of facts of the writing. */
  carry?(write: RepairWrite, facts: CarriedFacts): string[];
  /** The facts that `carry` has a column for. */
  readonly carries?: readonly (keyof CarriedFacts)[];
}

/** A tool's history table in one database: reads entries, and yields the SQL that keeps it. */
export interface HistoryTable {
  readonly table: TableName;
  /** Further tables that the tool keeps for itself; no part of the schema. */
  readonly beside?: readonly TableName[];
  /** Null when the table does not exist. Never writes. */
  read(session: Session): Promise<HistoryEntry[] | null>;
  /** Statements that create it exactly as its tool would. */
  create(): string[];
  /** Before a step whose effect cannot share a transaction with its row (HMIS's EXECUTING, golang-migrate's dirty). */
  started?(write: HistoryWrite): string[];
  applied(write: HistoryWrite): string[];
  reverted(write: HistoryWrite): string[];
  /** After a failed step, in a message of its own. */
  failed?(write: HistoryWrite, message: string): string[];
  readonly repairs?: HistoryRepairs;
  /** What entries mean, where the tool's own command writes them and we compare. Absent: what they say. */
  meaning?(entries: readonly HistoryEntry[]): readonly HistoryEntry[];
  /** The tool's own lock, where it has one; taken on the executing session beside ours. Null result: taken. */
  tryToolLock?(session: Session): Promise<LockInfo | null>;
  releaseToolLock?(session: Session): Promise<void>;
}
