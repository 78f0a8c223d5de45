// By what an interrupted statement is judged, where no transaction tells whether it happened: expressions over the
// catalogue, of its state before and of what the statement makes of it.
import type { StatementProbe } from '../../engine/ports.ts';
import { readable, type Words, wordsOf } from '../splitting/words.ts';
import { firstWordOf, judgementOf } from './judgements.ts';
import { mysqlLexicon } from './lexicon.ts';

/**
 * Null for statements that change no definition, and for definitions that the catalogue does not describe. The effect
 * is made when it is asked for: the state alone is needed before every statement.
 */
export function probe(statement: string): StatementProbe | null {
  const judge = judgementOf(firstWordOf(statement));
  if (judge === undefined) return null;
  const judgement = readable(() => judge(words(statement), statement));
  if (judgement === null) return null;
  const isCertain = !conditional.test(statement);
  return {
    state: judgement.state,
    get effect() {
      const effect = isCertain ? readable(() => judge(words(statement), statement)?.effect?.()) : null;
      return effect === null || effect === undefined ? null : `(${effect})`;
    },
    repeatable: judgement.repeatable === true && isCertain,
  };
}

/** Comments that not every server executes; those of versions before 5.7 are executed by all. */
const conditional = /\/\*(?:M!|!(?!\D|(?:[0-4]\d{4}|50[0-6]\d\d)(?!\d)))/;

const words = (statement: string): Words => wordsOf(mysqlLexicon, statement, nameIn);

const plainName = /^[\w$\u0080-\uffff]*[^\d\W][\w$\u0080-\uffff]*$|^[\w$]*[\u0080-\uffff]/;

function nameIn(source: string): string | null {
  if (source.startsWith('`')) return source.slice(1, -1).replaceAll('``', '`');
  return plainName.test(source) ? source : null;
}
