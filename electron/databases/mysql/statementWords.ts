// The words of a statement, as MySQL and MariaDB read them.
import { type Words, wordsOf } from '../splitting/words.ts';
import { mysqlLexicon } from './lexicon.ts';

/** Comments that not every server executes; those of versions before 5.7 are executed by all. */
const conditional = /\/\*(?:M!|!(?!\D|(?:[0-4]\d{4}|50[0-6]\d\d)(?!\d)))/;

export const hasConditionalComment = (statement: string): boolean => conditional.test(statement);

export const wordsIn = (statement: string): Words => wordsOf(mysqlLexicon, statement, nameIn);

const plainName = /^[\w$\u0080-\uffff]*[^\d\W][\w$\u0080-\uffff]*$|^[\w$]*[\u0080-\uffff]/;

function nameIn(source: string): string | null {
  if (source.startsWith('`')) return source.slice(1, -1).replaceAll('``', '`');
  return plainName.test(source) ? source : null;
}
