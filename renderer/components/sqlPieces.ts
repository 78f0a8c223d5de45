/** Lines of SQL as pieces with their colours. What began before the first of them, as a long comment, is not known. */
import { highlightCode, tagHighlighter, tags } from '@lezer/highlight';
import type { EngineId } from '../../shared/model/environment.ts';
import { dialects } from './editor.ts';

export interface Piece {
  /** Offset in its line. */
  readonly start: number;
  readonly text: string;
  /** A class of sqlView.css; empty: plain. */
  readonly kind: string;
}

const kinds = tagHighlighter([
  { tag: tags.keyword, class: 'sql-keyword' },
  { tag: [tags.string, tags.special(tags.string)], class: 'sql-string' },
  { tag: [tags.number, tags.bool, tags.null], class: 'sql-number' },
  { tag: [tags.lineComment, tags.blockComment], class: 'sql-comment' },
  { tag: [tags.typeName, tags.standard(tags.name)], class: 'sql-type' },
]);

export function highlightLines(lines: readonly string[], engine: EngineId | null): readonly (readonly Piece[])[] {
  if (engine === null) return lines.map((text) => [{ start: 0, text, kind: '' }]);
  const code = lines.join('\n');
  const found: Piece[][] = [];
  let line: Piece[] = [];
  let start = 0;
  highlightCode(
    code,
    dialects[engine].language.parser.parse(code),
    kinds,
    (text, kind) => {
      line.push({ start, text, kind });
      start += text.length;
    },
    () => {
      found.push(line);
      line = [];
      start = 0;
    },
  );
  found.push(line);
  return found;
}
