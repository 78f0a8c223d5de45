/** What a script set and changed up to a statement, for rules about statements that meet. */
import type { StatementTraits } from '../../../../shared/model/statement.ts';
import type { CatalogueFacts } from '../../../engine/hazards.ts';

interface State {
  readonly foreignKeyChecks: boolean;
  /** Values that do not fit are errors. */
  readonly strict: boolean;
  /** Lines of the first statement that changed rows, that changed definitions, and that began a transaction. */
  readonly rows: number | null;
  readonly definitions: number | null;
  readonly transaction: number | null;
}

export class ScriptState implements State {
  readonly foreignKeyChecks: boolean;
  readonly strict: boolean;
  readonly rows: number | null = null;
  readonly definitions: number | null = null;
  readonly transaction: number | null = null;
  readonly #facts: CatalogueFacts;

  constructor(facts: CatalogueFacts, state: Partial<State> = {}) {
    this.#facts = facts;
    this.foreignKeyChecks = state.foreignKeyChecks ?? facts.settings?.get('foreign_key_checks') !== '0';
    this.strict = state.strict ?? isStrictMode(facts.settings?.get('sql_mode') ?? 'STRICT_TRANS_TABLES');
    this.rows = state.rows ?? null;
    this.definitions = state.definitions ?? null;
    this.transaction = state.transaction ?? null;
  }

  after(text: string, traits: StatementTraits, line: number): ScriptState {
    switch (traits.kind) {
      case 'session':
        return this.#with(setBy(text, new ScriptState(this.#facts)));
      case 'definition':
        return traits.implicitCommit ? this.#with({ definitions: this.definitions ?? line, transaction: null }) : this;
      case 'data':
        return traits.implicitCommit ? this.#with({ transaction: null }) : this.#with({ rows: this.rows ?? line });
      case 'transactionControl':
        return this.#with({ transaction: /^(?:BEGIN|START)/.test(traits.verb) ? line : null });
      default:
        return this;
    }
  }

  #with(changed: Partial<State>): ScriptState {
    const { foreignKeyChecks, strict, rows, definitions, transaction } = this;
    return new ScriptState(this.#facts, { foreignKeyChecks, strict, rows, definitions, transaction, ...changed });
  }
}

export const isStrictMode = (mode: string): boolean => /STRICT_(?:TRANS|ALL)_TABLES|TRADITIONAL/i.test(mode);

/** Values from variables are what dumps kept at their beginning: as it was. */
function setBy(text: string, initial: ScriptState): Partial<State> {
  const checks = /\bforeign_key_checks\s*:?=\s*(\w+|@)/i.exec(text)?.[1];
  const mode = sqlModeSetBy(text);
  return {
    ...(checks === undefined ? {} : { foreignKeyChecks: checks === '@' ? initial.foreignKeyChecks : !isOff(checks) }),
    ...(mode === null ? {} : { strict: mode.startsWith('@') ? initial.strict : isStrictMode(mode) }),
  };
}

const isOff = (value: string): boolean => /^(?:0|off|false)$/i.test(value);

/** The mode that a SET gives the session; null where it sets none. */
export const sqlModeSetBy = (text: string): string | null =>
  /\bsql_mode\s*:?=\s*(?:'([^']*)'|"([^"]*)"|(@?@?\w*))/i
    .exec(text)
    ?.slice(1)
    .find((one) => one !== undefined) ?? null;
