// The words of a statement, as SQLite reads them.
import { type Words, wordsOf } from '../splitting/words.ts';
import { sqliteLexicon } from './lexicon.ts';

export const wordsIn = (statement: string): Words => wordsOf(sqliteLexicon, statement, nameIn);

function nameIn(source: string): string | null {
  const quote = source.charAt(0);
  if (quote === '[') return source.slice(1, -1);
  if (quote === '"' || quote === '`') return source.slice(1, -1).replaceAll(quote + quote, quote);
  return /^[\p{L}_][\p{L}\p{N}_$]*$/u.test(source) ? source : null;
}
