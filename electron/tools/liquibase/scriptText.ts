/** Pieces of SQL as one script whose lines are those of the changelog, so that a failure is told where it is written. */

import { isMysql, type SqlTarget } from './changes/names.ts';
import type { SqlPiece, WrittenSql } from './model.ts';

export interface Composed {
  readonly text: string;
  /** Line of its first character. */
  readonly line: number;
}

/** Ends statements where the author's own sign does, or none: it occurs in no script. */
const ownDelimiter = '~~~liquibase~~~';

export function compose(pieces: readonly SqlPiece[], firstLine: number, target: SqlTarget): Composed {
  let text = '';
  let line = firstLine;
  const append = (more: string) => {
    text += more;
    line += more.split('\n').length - 1;
  };
  for (const piece of pieces) {
    const blocks = blocksOf(piece, target);
    // A line above is for the directive that a block may need.
    const wanted = piece.line - (blocks.directed ? 1 : 0);
    if (line < wanted) append('\n'.repeat(wanted - line));
    if (blocks.directed && text !== '' && !text.endsWith('\n')) append('\n');
    append(blocks.text);
  }
  return { text, line: firstLine };
}

function blocksOf(
  { sql, written }: SqlPiece,
  target: SqlTarget,
): { readonly text: string; readonly directed: boolean } {
  if (written === undefined) return { text: `${ended(sql)} `, directed: false };
  const parts = partsOf(sql.replaceAll('\r', ''), written);
  if (!isMysql(target) || (written.split && written.delimiter === null))
    return { text: `${parts.map(ended).join('')}\n`, directed: false };
  const statements = parts.map((part) => `${part.replace(/\s*;?\s*$/, '')}\n${ownDelimiter}`).join('');
  return { text: `DELIMITER ${ownDelimiter}\n${statements}\nDELIMITER ;\n`, directed: true };
}

/** Its own end may stand in a comment. */
const ended = (sql: string): string => (/--|#|;\s*$/.test(sql) ? `${sql}\n;` : `${sql};`);

/** Without a sign of its author's, `GO` and `/` on lines of their own are ends too (util/StringUtil.java). */
function partsOf(sql: string, { split, delimiter }: WrittenSql): string[] {
  if (!split) return [sql];
  if (delimiter === null) return sql.split(/^[ \t]*(?:go|\/)[ \t]*$/im);
  return sql
    .split(delimiterPattern(delimiter))
    .filter((part, index, all) => index < all.length - 1 || part.trim() !== '');
}

/** A pattern where it can be read as one, as Liquibase takes it; one character is that character. */
function delimiterPattern(delimiter: string): RegExp {
  const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  if (delimiter.length === 1) return new RegExp(literal(delimiter), 'g');
  try {
    return new RegExp(delimiter.replace(/^\$\$$|^\|\|$/, literal), 'gim');
  } catch {
    return new RegExp(literal(delimiter), 'gi');
  }
}
