/** Lines of a script that is too long to be shown whole. */

/** Characters of a script that a window shows whole; of a longer one it asks for lines. */
export const shownCharacters = 1_000_000;
/** Characters of a line that are told; what is beyond is cut off. */
export const longestLine = 4_000;
/** Lines in one answer. */
export const mostLines = 1_000;

export interface ScriptLines {
  /** Relative to the source's root with `/`. */
  readonly path: string;
  readonly bytes: number;
  /** Of the whole script, 1-based numbers of its file. */
  readonly firstLine: number;
  readonly lastLine: number;
  /** Number of the first of `lines`. */
  readonly from: number;
  readonly lines: readonly string[];
  /** Numbers of those that are longer than what is told of them. */
  readonly cut: readonly number[];
}

/** Where a statement failed, with the lines around it as they were run, or as the file is now. */
export interface FailedPlace {
  readonly version: string;
  readonly path: string;
  /** 1-based, in the file; the column in UTF-16 code units. */
  readonly line: number;
  readonly column: number | null;
  readonly message: string;
  /** Number of the first line of `text`. */
  readonly from: number;
  readonly text: string;
  /** `run`: kept when it was run. `file`: as it is now, and may have changed since. */
  readonly source: 'run' | 'file';
}

/** What to mark in a script that failed. */
export interface FailureMark {
  readonly line: number;
  readonly column: number | null;
  readonly message: string;
}
