import type { Lexicon } from './lexicon.ts';
import { wordsOf } from './words.ts';

/**
 * A statement as patterns can be looked for in it: its words in upper case with a space between any two, `''` for texts and
 * `` `x` `` for names in quotes, of which `nameQuotes` has the opening ones.
 */
export const plainText = (lexicon: Lexicon, statement: string, nameQuotes: string): string =>
  wordsOf(lexicon, statement, () => null)
    .rest()
    .map(({ text, source }) => text || (nameQuotes.includes(source.charAt(0)) ? '`x`' : "''"))
    .join(' ');
