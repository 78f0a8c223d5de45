import type { Script } from '../../shared/model/migration.ts';
import type { Statement } from '../../shared/model/statement.ts';
import type { ScriptPieces } from '../engine/scriptPieces.ts';

/**
 * The text of a script, or its beginning, with values in the place of placeholders; null where there are none.
 * @throws {ProblemError} as reading the pieces does
 */
export async function withValues(text: string, script: Script, pieces: ScriptPieces): Promise<string | null> {
  const lineStarts = lineStartsOf(text);
  let sent = '';
  let from = 0;
  for await (const found of pieces.read(script))
    for (const piece of found) {
      const written = piece.kind === 'statement' ? piece.statement.written : undefined;
      if (piece.kind !== 'statement' || written === undefined) continue;
      const start = offsetOf(piece.statement, script, lineStarts);
      if (start === null || start + written.text.length > text.length) continue;
      sent += text.slice(from, start) + piece.statement.text;
      from = start + written.text.length;
    }
  return from === 0 ? null : sent + text.slice(from);
}

/** Null: beyond the text. */
function offsetOf({ line, column }: Statement, script: Script, lineStarts: readonly number[]): number | null {
  const start = lineStarts[line - script.line];
  return start === undefined ? null : start + column - 1;
}

const lineStartsOf = (text: string): number[] => [
  0,
  ...text.matchAll(/\r\n|\n|\r/g).map((match) => match.index + match[0].length),
];
