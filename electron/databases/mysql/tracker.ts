import type { ScriptContext } from '../splitting/dialect.ts';
import type { OpenBlock, Tracker } from '../splitting/tracker.ts';
import { blockWords, CompoundStatement } from './compound.ts';

type State = 'first' | 'begin' | 'perhapsLabel' | 'create' | 'header' | 'characteristics' | 'body' | 'none';

/** What may stand between CREATE and what is created, DEFINER = … apart. */
const modifiers = new Set(['OR', 'REPLACE', 'AGGREGATE']);
const routines = new Set(['PROCEDURE', 'FUNCTION', 'TRIGGER', 'EVENT']);

/** Words with which a body of one statement begins. SET also occurs in types. */
const verbs = new Set([
  ...[
    'ALTER',
    'ANALYZE',
    'CALL',
    'CHECK',
    'CREATE',
    'DELETE',
    'DO',
    'DROP',
    'EXECUTE',
    'EXPLAIN',
    'FLUSH',
    'GET',
    'GRANT',
  ],
  ...['INSERT', 'INSTALL', 'KILL', 'LOAD', 'LOCK', 'OPTIMIZE', 'PREPARE', 'RENAME', 'REPAIR', 'REPLACE', 'RESIGNAL'],
  ...['RETURN', 'REVOKE', 'SELECT', 'SET', 'SHOW', 'SIGNAL', 'TRUNCATE', 'UPDATE', 'VALUES', 'WITH'],
]);

/** Follows stored programs, and MariaDB's compound statements outside of them: what may contain `;`. */
export class MysqlTracker implements Tracker {
  readonly #compound: CompoundStatement;
  #state: State = 'first';
  /** What is being created. */
  #routine = '';
  #definer = false;
  #parentheses = 0;
  #previous = '';
  /** The script chose a delimiter: a stored program ends there and nowhere else. */
  delimited = false;
  readonly copiesData = false;

  constructor(script: ScriptContext) {
    this.#compound = new CompoundStatement(script);
  }

  get plain(): boolean {
    return this.#state === 'none';
  }

  get holds(): boolean {
    if (this.delimited) return this.#state === 'header' || this.#state === 'characteristics' || this.#state === 'body';
    return this.#compound.isOpen;
  }

  get open(): OpenBlock | undefined {
    return this.delimited || !this.#compound.isOpen ? undefined : this.#compound.open;
  }

  reset(): void {
    this.#state = 'first';
    this.#definer = false;
    this.#parentheses = 0;
    this.#previous = '';
    this.#compound.reset(false);
  }

  token(token: string, at: number): void {
    if (this.#state === 'body') this.#compound.token(token, at);
    else this.#headToken(token, at);
  }

  #headToken(token: string, at: number): void {
    if (token === '(') this.#parentheses++;
    if (token === ')') this.#parentheses--;
    this.#state = this.#next(token, at);
    this.#previous = token;
  }

  #next(token: string, at: number): State {
    switch (this.#state) {
      case 'first':
        return this.#first(token, at);
      case 'begin':
        // BEGIN NOT ATOMIC opens a block, BEGIN [WORK] a transaction.
        return token === 'NOT'
          ? 'begin'
          : token === 'ATOMIC' && this.#previous === 'NOT'
            ? this.#body('BEGIN', at)
            : 'none';
      case 'perhapsLabel':
        return token === ':' ? this.#body(undefined, at) : 'none';
      case 'create':
        return this.#create(token);
      case 'header':
        return this.#header(token);
      case 'characteristics':
        return this.#characteristics(token, at);
      default:
        return 'none';
    }
  }

  #first(token: string, at: number): State {
    if (token === 'CREATE' || token === 'ALTER') {
      this.#routine = token;
      return 'create';
    }
    if (token === 'BEGIN') return 'begin';
    if (blockWords.has(token)) return this.#body(token, at);
    return token === '(' ? 'none' : 'perhapsLabel';
  }

  #create(token: string): State {
    if (routines.has(token)) {
      // Of what ALTER changes only events have a body.
      const hasBody = this.#routine === 'CREATE' || token === 'EVENT';
      this.#routine = token;
      return hasBody ? 'header' : 'none';
    }
    if (token === 'DEFINER') this.#definer = true;
    if (token === 'VIEW' || token === 'SQL') return 'none';
    return this.#definer || modifiers.has(token) ? 'create' : 'none';
  }

  /** Until the parameters, the trigger's FOR EACH ROW or the event's DO. */
  #header(token: string): State {
    switch (this.#routine) {
      case 'TRIGGER':
        return token === 'ROW' && this.#previous === 'EACH' ? 'characteristics' : 'header';
      case 'EVENT':
        return token === 'DO' && this.#parentheses === 0 ? this.#body() : 'header';
      default:
        return token === ')' && this.#parentheses === 0 ? 'characteristics' : 'header';
    }
  }

  /** Until the body. */
  #characteristics(token: string, at: number): State {
    if (this.#parentheses > 0) return 'characteristics';
    if (blockWords.has(token)) return this.#body(token, at);
    const inType = token === 'SET' && /^(CHARACTER|CHAR|RETURNS)$/.test(this.#previous);
    if (!verbs.has(token) || inType) return 'characteristics';
    this.#compound.reset(false);
    return 'body';
  }

  /** A body begins here, or with `word` at `at`. */
  #body(word?: string, at = 0): State {
    this.#compound.reset(true);
    if (word !== undefined) this.#compound.token(word, at);
    return 'body';
  }
}
