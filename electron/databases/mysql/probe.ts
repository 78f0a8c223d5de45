// By what an interrupted statement is judged, where no transaction tells whether it happened: expressions over the
// catalogue, of its state before and of what the statement makes of it.
import type { StatementProbe } from '../../engine/ports.ts';
import { readable } from '../splitting/words.ts';
import { firstWordOf, judgementOf } from './judgements.ts';
import { hasConditionalComment, wordsIn } from './statementWords.ts';

/**
 * Null for statements that change no definition, and for definitions that the catalogue does not describe. The effect
 * is made when it is asked for: the state alone is needed before every statement.
 */
export function probe(statement: string): StatementProbe | null {
  const judge = judgementOf(firstWordOf(statement));
  if (judge === undefined) return null;
  const judgement = readable(() => judge(wordsIn(statement), statement));
  if (judgement === null) return null;
  const isCertain = !hasConditionalComment(statement);
  return {
    state: judgement.state,
    get effect() {
      const effect = isCertain ? readable(() => judge(wordsIn(statement), statement)?.effect?.()) : null;
      return effect === null || effect === undefined ? null : `(${effect})`;
    },
    repeatable: judgement.repeatable === true && isCertain,
  };
}
