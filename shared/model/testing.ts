import type { Problem } from '../problem.ts';

/** A migration tried on a scratch database: up, down, up, with equal schemas. */
export interface MigrationTest {
  readonly version: string;
  readonly name: string;
  /**
   * `irreversible`: it has no rollback script; it was applied, and that is all that could be tried.
   * `notTested`: one before it did not pass.
   */
  readonly outcome: 'passed' | 'irreversible' | 'failed' | 'notTested';
  /** Null where it was not run. Milliseconds. */
  readonly upMs: number | null;
  readonly downMs: number | null;
  /** What rolling back and applying again left different. */
  readonly differences: readonly SchemaDifference[];
  readonly problem: Problem | null;
}

export interface SchemaDifference {
  /** `down`: the schema before it and after its rollback; `again`: after applying it, and again after its rollback. */
  readonly after: 'down' | 'again';
  /** Facts that should be there. */
  readonly missing: readonly string[];
  /** Facts that should not. */
  readonly extra: readonly string[];
}

/** The answer of `test`. */
export interface TestReport {
  readonly environment: string;
  readonly tool: string;
  readonly engine: string;
  readonly outcome: 'passed' | 'failed';
  readonly tests: readonly MigrationTest[];
  readonly problem: Problem | null;
}
