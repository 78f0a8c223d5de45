import type { EngineId } from '../../shared/model/environment.ts';
import type { HistoryEntry } from '../../shared/model/history.ts';
import type { Migration, MigrationSource } from '../../shared/model/migration.ts';
import type { Problem } from '../../shared/problem.ts';
import type { Dialect, HistoryTable, TableName } from '../engine/ports.ts';

/**
 * One migration tool: the files it keeps and the history table it writes.
 *
 * To add a tool:
 * 1. `tools/<tool>/` with `files.ts` (format), `history.ts` (history table) and `index.ts` exporting a `Tool`;
 *    shared parts (folder reading, section markers, version orders, checksums) are in `tools/common/`;
 * 2. a line in `tools/registry.ts`;
 * 3. `migrations-samples/<tool>/` with a README of what is supported and what is not;
 * 4. its parameters in `test/conformance/tools.ts`.
 */
export interface Tool {
  /** As in cli.md, section "Tools". */
  readonly id: string;
  readonly title: string;
  readonly engines: readonly EngineId[];
  readonly rules: ToolRules;
  /** `read` looks at the database and the account of its options: its answer is for these alone. */
  readonly readsIdentity?: true;
  /** Looks at names and small files only; null when nothing speaks for this tool. */
  detect(folder: string): Promise<Detection | null>;
  /**
   * Executes nothing. Problems do not prevent reading the rest.
   * @throws {ProblemError} `source.unreadable` when the folder itself cannot be read.
   */
  read(folder: string, options: ReadOptions): Promise<ReadResult>;
  /** `migrations`: those that will be recorded in it, where they are known. */
  history(engine: EngineId, dialect: Dialect, table: TableName | null, migrations?: readonly Migration[]): HistoryTable;
  /** Where the table holds a position instead of a list: entries for all migrations that the position means. */
  interpret?(entries: readonly HistoryEntry[], migrations: readonly Migration[]): HistoryEntry[];
  /** Do the columns of a table look like this tool's history table? */
  recognises(columns: readonly string[]): boolean;
  /** The file(s) a new migration starts with; paths relative to the folder. */
  scaffold(name: string, existing: readonly Migration[], at: Date): { path: string; text: string }[];
}

/** How a tool compares and selects; facts from formats.md. */
export interface ToolRules {
  /** A pending migration older than the newest applied one: run it, or ask first. */
  readonly outOfOrder: 'allowed' | 'warned' | 'refused';
  /** The order in which applied migrations are rolled back. */
  readonly downOrder: 'byVersion' | 'byHistory';
  /** A script runs in a transaction unless its author opted out. */
  readonly transactional: boolean;
  /** A failed entry may simply be tried again. */
  readonly retriesFailed: boolean;
  /**
   * A statement that refuses a transaction takes its whole script out of it: in any script, or only where all statements
   * are such (`unmixed`). Absent: such a script is refused.
   */
  readonly leavesTransaction?: 'always' | 'unmixed';
  /** A script with BEGIN or COMMIT of its own runs in these, without ours. Absent: such a script is refused. */
  readonly keepsOwnTransactions?: true;
  /** A file holds many migrations: what is wrong with one concerns them all. */
  readonly manyInOneFile?: true;
  /** Its own command line takes a lock that ours and it share; null: it has none, and the plan says so. */
  readonly ownLock: string | null;
}

export interface Detection {
  /** 0 to 1. */
  readonly certainty: number;
  /** What was seen, in words a person can check. */
  readonly evidence: readonly string[];
  readonly migrations: number;
}

export interface ReadOptions {
  readonly engine: EngineId | null;
  /** Some tools derive names in their scripts from it; null: the tool's default. */
  readonly historyTable: TableName | null;
  readonly placeholders: Readonly<Record<string, string>>;
  /** The database and the account that scripts will run with, where they are known; for tools with `readsIdentity`. */
  readonly database?: string;
  readonly user?: string;
}

export interface ReadResult {
  readonly source: MigrationSource;
  /**
   * What must be put right before anything pending is run. One whose `path` is a script of a migration in `source`, or
   * beside it in its own folder, concerns that migration alone, which stays in the list: an applied one is not missing.
   */
  readonly problems: readonly Problem[];
  /** Worth telling, preventing nothing: files that the tool itself passes over. */
  readonly notices: readonly Problem[];
  /** What the project's own settings of the tool change of its rules. */
  readonly rules?: Partial<ToolRules>;
  /** The history table that those settings name; one that a person names comes before it. */
  readonly historyTable?: TableName;
}
