/** What a folder and a database tell of the tool that keeps them, before anything is connected or written. */
import type { Problem } from '../problem.ts';
import type { StatusReport } from './status.ts';

export interface DetectReport {
  /** Tools whose files the folder may hold, the likeliest first. */
  readonly candidates: readonly DetectedTool[];
  /** Why no tool can be taken without asking; empty when the first candidate can. */
  readonly problems: readonly Problem[];
  /** What of files and histories does not belong together. */
  readonly notices: readonly Problem[];
  /** Null: none was named. */
  readonly database: DetectedDatabase | null;
  /** Tables of the database that look like histories, whoever's. */
  readonly histories: readonly FoundHistory[];
  /** Files and history together, where tool and database are known: what connecting them would mean. */
  readonly comparison: DetectedComparison | null;
}

export interface DetectedTool {
  readonly tool: string;
  readonly title: string;
  /** 0 to 1. */
  readonly certainty: number;
  readonly evidence: readonly string[];
  readonly migrations: number;
}

export interface DetectedDatabase {
  readonly environment: string;
  readonly product: string;
  readonly serverVersion: string;
  readonly database: string;
}

export interface FoundHistory {
  /** `name` or `schema.name`. */
  readonly table: string;
  readonly columns: readonly string[];
  /** Tools that keep such a table, the likeliest first. */
  readonly tools: readonly HistoryOwner[];
}

export interface HistoryOwner {
  readonly tool: string;
  readonly title: string;
  /** What speaks for and against it, in words. */
  readonly evidence: readonly string[];
  readonly entries: number;
  /** Of those, how many are migrations of the folder; null: it holds none of this tool. */
  readonly inFolder: number | null;
}

/** What status would tell of the database with this folder and table. Nothing was written for it. */
export interface DetectedComparison
  extends Pick<
    StatusReport,
    'tool' | 'source' | 'historyTable' | 'current' | 'counts' | 'pending' | 'migrations' | 'problems' | 'notices'
  > {
  readonly title: string;
  /** Null: the table is the one that the tool takes by itself. */
  readonly namedTable: string | null;
  /** Null: there is no such table yet. */
  readonly columns: readonly string[] | null;
}
