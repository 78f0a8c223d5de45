/** What rules know of a statement, and of what its script did before it. */
import type { Statement, StatementTraits } from '../../../../shared/model/statement.ts';
import type { CatalogueFacts, TableSize } from '../../../engine/hazards.ts';
import { gradeBySize, sizeWords } from '../../common/hazards/sizes.ts';
import { plainText } from '../../splitting/plainText.ts';
import { sqliteLexicon } from '../lexicon.ts';
import { type Definition, definitionOf, type Pragma, pragmaOf } from './definitions.ts';
import { ScriptState } from './scriptState.ts';

export interface Parsed {
  /** As `plainText` has it. */
  readonly plain: string;
  readonly definition: Definition | null;
  readonly pragma: Pragma | null;
  /** As it is before this statement. */
  readonly script: ScriptState;
}

export class StatementReader {
  readonly #facts: CatalogueFacts;
  #state: ScriptState;

  constructor(facts: CatalogueFacts) {
    this.#facts = facts;
    this.#state = new ScriptState(facts, true);
  }

  begin(transactional: boolean): void {
    this.#state = new ScriptState(this.#facts, transactional);
  }

  read({ text }: Statement, traits: StatementTraits): Parsed {
    const script = this.#state;
    // Rows of an INSERT can be many and tell nothing, unless a function is called or a table is copied.
    const isPlainInsert = traits.verb === 'INSERT' && !/SELECT|LOAD_EXTENSION/i.test(text);
    const parsed: Parsed = {
      plain: isPlainInsert ? traits.verb : plainText(sqliteLexicon, text, '"`['),
      definition: traits.kind === 'definition' ? definitionOf(text) : null,
      pragma: traits.verb.startsWith('PRAGMA ') ? pragmaOf(text) : null,
      script,
    };
    this.#state = script.after(text, traits, parsed);
    return parsed;
  }
}

/** A table's own size is not known: that of its file stands for it. */
export const inFile = (size: TableSize | null): string =>
  size === null ? 'a file of unknown size' : `a file of ${sizeWords(size)}`;
export const grade = gradeBySize;
