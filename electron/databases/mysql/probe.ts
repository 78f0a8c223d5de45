// By what an interrupted statement is judged, where no transaction tells whether it happened: expressions over the
// catalogue, of its state before and of what the statement makes of it.
import type { StatementProbe } from '../../engine/ports.ts';
import { Unreadable, wordsOf } from './ddlWords.ts';
import { firstWordOf, judgementOf } from './judgements.ts';

/**
 * Null for statements that change no definition, and for definitions that the catalogue does not describe. The effect
 * is made when it is asked for: the state alone is needed before every statement.
 */
export function probe(statement: string): StatementProbe | null {
  const judge = judgementOf(firstWordOf(statement));
  if (judge === undefined) return null;
  const judgement = readable(() => judge(wordsOf(statement), statement));
  if (judgement === null) return null;
  const isCertain = !conditional.test(statement);
  return {
    state: judgement.state,
    get effect() {
      const effect = isCertain ? readable(() => judge(wordsOf(statement), statement)?.effect?.()) : null;
      return effect === null || effect === undefined ? null : `(${effect})`;
    },
    repeatable: judgement.repeatable === true && isCertain,
  };
}

/** Comments that not every server executes. */
const conditional = /\/\*(?:M!|!(?:0?5(?:0[7-9]|[1-9])\d{2,3}|[1-9]\d{5}|[6-9]\d{4}|57\d{3}))/;

function readable<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}
