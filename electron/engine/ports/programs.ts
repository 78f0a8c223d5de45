// Migrations that are programs.
import type { ProgramScript } from '../../../shared/model/migration.ts';
import type { Row } from './session.ts';

/** Runs programs, each in a process of its own that has no connection and no credentials. Trust is the caller's affair. */
export interface ProgramRunner {
  /**
   * Calls one without a database, for the SQL that it yields.
   * @throws {ProblemError} `script.program` when it fails, `plan.stale` when it is not the planned one
   */
  preview(script: ProgramScript): Promise<ProgramPreview>;
  /**
   * Calls one with the session lent to it; resolves when nothing of it is left. `sql`: what it leaves to be run after it.
   * @throws {ProblemError} as `preview`; `run.cancelled`
   */
  run(script: ProgramScript, lent: LentSession, signal: AbortSignal): Promise<{ readonly sql: string | null }>;
  /**
   * Keys of what a command's own check tells to be applied where it connects to; null when it has none or it fails.
   * @throws {ProblemError} `plan.stale`
   */
  appliedElsewhere(script: ProgramScript, signal: AbortSignal): Promise<ReadonlySet<string> | null>;
}

export type ProgramPreview =
  | { readonly kind: 'sql'; readonly sql: string; readonly transaction: boolean }
  /** For people to read; another program sends it. */
  | { readonly kind: 'shown'; readonly sql: string }
  /** What it does is known only when it runs. */
  | { readonly kind: 'runs' }
  | { readonly kind: 'irreversible'; readonly reason: string };

/** What a lent session answers. */
export interface LentAnswer {
  readonly rows: readonly Row[];
  readonly affectedRows: number | null;
  /** As `Rows.columnTypes`. */
  readonly columnTypes: Readonly<Record<string, number>>;
}

/** The session as a program sees it. What these throw reaches the program as an error. */
export interface LentSession {
  /** It is in a transaction, which the program does not end. */
  readonly inTransaction: boolean;
  /** Its author wants one, which the engine may not be able to hold around it. */
  readonly wantsTransaction: boolean;
  /** Name of the database. */
  readonly database: string;
  /** As `ServerIdentity.product`. */
  readonly product: string;
  /** `line`: of the program, where it asked. */
  query(sql: string, parameters: readonly (string | number | null)[], line: number): Promise<LentAnswer>;
  /** Its own words: untrusted. */
  say(severity: 'log' | 'output', message: string): void;
  progress(done: number, total: number): void;
}
