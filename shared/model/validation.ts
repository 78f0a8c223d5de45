import type { Problem } from '../problem.ts';

/** The answer of `validate`: what is wrong with a folder, found without a database. */
export interface ValidateReport {
  readonly tool: string;
  readonly source: string;
  /** Engines whose SQL the scripts were read as. */
  readonly engines: readonly string[];
  /** Null: the whole folder. */
  readonly file: string | null;
  readonly migrations: number;
  /** Scripts that were split and checked. */
  readonly scripts: number;
  readonly problems: readonly Problem[];
  /** Worth telling, preventing nothing. */
  readonly notices: readonly Problem[];
}

/** The answer of `new`. */
export interface ScaffoldReport {
  readonly tool: string;
  readonly source: string;
  /** Relative to the source. */
  readonly files: readonly string[];
}
