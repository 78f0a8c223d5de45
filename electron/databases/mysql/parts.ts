/** `DROP TABLE a, b` on MariaDB drops what it can and fails for the rest: each is dropped by a statement of its own. */
import { tokensOf } from '../splitting/tokenReader.ts';
import { mysqlLexicon } from './lexicon.ts';

const kinds = new Set(['TABLE', 'TABLES', 'VIEW']);
const tail = new Set(['RESTRICT', 'CASCADE', 'WAIT', 'NOWAIT']);

/** Null: it drops one object, or the server drops all or none (MySQL 8). */
export function partsOf(statement: string, product: string): string[] | null {
  if (product !== 'MariaDB' || !/^\W*DROP\b/i.test(statement)) return null;
  const words = tokensOf(mysqlLexicon, statement);
  const upper = words.map((word) => word.toUpperCase());
  if (upper[0] !== 'DROP' || !kinds.has(upper[1] ?? '')) return null;
  const named = upper[2] === 'IF' && upper[3] === 'EXISTS' ? 4 : 2;
  const end = upper.findIndex((word, index) => index >= named && tail.has(word));
  const names = words
    .slice(named, end === -1 ? undefined : end)
    .join('')
    .split(',');
  // A quoted name may hold a comma: then there are more pieces than commas among the tokens.
  const commas = words.slice(named).filter((word) => word === ',').length;
  if (commas === 0 || names.length !== commas + 1) return null;
  const rest = end === -1 ? [] : words.slice(end);
  return names.map((name) => [...words.slice(0, named), name, ...rest].join(' '));
}
