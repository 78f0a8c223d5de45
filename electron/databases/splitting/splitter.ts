import type { ScriptPiece } from '../../../shared/model/statement.ts';

/**
 * Cuts a script into statements while it is being read. Chunks may end anywhere, even inside a token or a surrogate
 * pair; the pieces do not depend on where. Memory is bounded by the largest statement.
 */
export interface Splitter {
  /** @throws {ProblemError} `script.clientCommand`, `script.unterminated` */
  push(chunk: string): ScriptPiece[];
  /** The end of the script. @throws {ProblemError} `script.clientCommand`, `script.unterminated` */
  finish(): ScriptPiece[];
}

export interface SplitOptions {
  /** The file, as problems shall name it. */
  readonly path?: string;
  /** Line of the text's first character in the file; 1 by default. */
  readonly firstLine?: number;
  /** Column of the text's first character in that line, in UTF-16 code units; 1 by default. */
  readonly firstColumn?: number;
}

export type CreateSplitter = (options?: SplitOptions) => Splitter;

/** Splits a text that is in memory already. */
export function splitText(create: CreateSplitter, text: string, options?: SplitOptions): ScriptPiece[] {
  const splitter = create(options);
  return [...splitter.push(text), ...splitter.finish()];
}
