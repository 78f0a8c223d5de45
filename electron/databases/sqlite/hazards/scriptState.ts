/** What a script set and changed up to a statement, for rules about statements that meet. */
import type { StatementTraits } from '../../../../shared/model/statement.ts';
import type { CatalogueFacts } from '../../../engine/hazards.ts';
import { tablesOf } from '../classify.ts';
import { type Definition, isOn, type Pragma } from './definitions.ts';

/** What of a statement changes it. */
interface Said {
  readonly plain: string;
  readonly definition: Definition | null;
  readonly pragma: Pragma | null;
}

interface State {
  readonly foreignKeys: boolean;
  /** A transaction is open: Lockkeeper's, or the script's own. */
  readonly inTransaction: boolean;
  /** Only what is sent before the transaction came so far. */
  readonly atHead: boolean;
  /** Tables whose rows were copied to another one, and new names of old tables by their old ones; in lower case. */
  readonly copied: ReadonlySet<string>;
  readonly renamed: ReadonlyMap<string, string>;
}

export class ScriptState implements State {
  readonly foreignKeys: boolean;
  readonly inTransaction: boolean;
  readonly atHead: boolean;
  readonly copied: ReadonlySet<string>;
  readonly renamed: ReadonlyMap<string, string>;
  readonly #facts: CatalogueFacts;
  readonly #transactional: boolean;

  constructor(facts: CatalogueFacts, transactional: boolean, state: Partial<State> = {}) {
    this.#facts = facts;
    this.#transactional = transactional;
    this.foreignKeys = state.foreignKeys ?? facts.settings?.get('foreign_keys') === '1';
    this.inTransaction = state.inTransaction ?? false;
    this.atHead = state.atHead ?? true;
    this.copied = state.copied ?? new Set();
    this.renamed = state.renamed ?? new Map();
  }

  after(text: string, traits: StatementTraits, { definition, pragma, plain }: Said): ScriptState {
    const isBefore = traits.beforeTransaction === true && this.atHead;
    const next = this.#with({ atHead: isBefore, inTransaction: this.#opened(traits, isBefore) });
    // It is not even an error in a transaction: it does nothing.
    if (pragma?.name === 'FOREIGN_KEYS' && pragma.value !== null && !(this.inTransaction && !isBefore))
      return next.#with({ foreignKeys: isOn(pragma.value) });
    if (definition?.kind === 'renameTable')
      return next.#with({ renamed: new Map([...this.renamed, [definition.table.toLowerCase(), definition.to]]) });
    const copies = /^INSERT\b.*? SELECT\b(?!.* (?:WHERE|LIMIT)\b)/.test(plain);
    if (!copies) return next;
    const sources = tablesOf(text).slice(1);
    return next.#with({ copied: new Set([...this.copied, ...sources.map((name) => unquoted(name).toLowerCase())]) });
  }

  #opened({ kind, verb }: StatementTraits, isBefore: boolean): boolean {
    if (kind !== 'transactionControl') return this.inTransaction || (this.#transactional && !isBefore);
    if (/^(?:COMMIT|END|ROLLBACK)$/.test(verb)) return false;
    return true;
  }

  #with(changed: Partial<State>): ScriptState {
    const { foreignKeys, inTransaction, atHead, copied, renamed } = this;
    return new ScriptState(this.#facts, this.#transactional, {
      ...{ foreignKeys, inTransaction, atHead, copied, renamed },
      ...changed,
    });
  }
}

export const unquoted = (name: string): string => (name.split('.').at(-1) ?? name).replace(/^["`[]|["`\]]$/g, '');
