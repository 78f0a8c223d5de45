import { type CreateSplitter, type SplitOptions, splitText } from '../../../electron/databases/splitting/splitter.ts';
import type { ScriptPiece, Statement } from '../../../shared/model/statement.ts';
import { type Problem, ProblemError } from '../../../shared/problem.ts';

export const statements = (pieces: readonly ScriptPiece[]): Statement[] =>
  pieces.flatMap((piece) => (piece.kind === 'statement' ? [piece.statement] : []));

/** The texts of a script's statements. */
export const statementsIn = (create: CreateSplitter, text: string): string[] =>
  statements(splitText(create, text)).map((statement) => statement.text);

/** `line:column` of each statement. */
export const placesIn = (create: CreateSplitter, text: string, options?: SplitOptions): string[] =>
  statements(splitText(create, text, options)).map(({ line, column }) => `${line}:${column}`);

/** The problem for which the script is refused. */
export function refusal(create: CreateSplitter, text: string, options?: SplitOptions): Problem {
  try {
    splitText(create, text, options);
  } catch (thrown) {
    if (thrown instanceof ProblemError) return thrown.problem;
    throw thrown;
  }
  throw new Error(`not refused: ${text}`);
}
