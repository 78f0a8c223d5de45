import type { ScriptContext } from '../splitting/dialect.ts';
import { literal, type OpenBlock, type Tracker } from '../splitting/tracker.ts';

type Interest = 'first' | 'create' | 'routine' | 'rule' | 'copy' | 'copySource' | 'none';

/**
 * Follows the statements that may contain `;`: functions and procedures with a `BEGIN ATOMIC … END` body, and rules
 * with several commands in parentheses. Recognises COPY from standard input.
 */
export class PostgresTracker implements Tracker {
  readonly #script: ScriptContext;
  #interest: Interest = 'first';
  #previous = literal;
  /** Parentheses open outside a body. */
  #parentheses = 0;
  /** BEGIN ATOMIC bodies that are open. */
  #bodies = 0;
  #opened: OpenBlock | undefined;
  copiesData = false;

  constructor(script: ScriptContext) {
    this.#script = script;
  }

  get plain(): boolean {
    return this.#interest === 'none';
  }

  get holds(): boolean {
    return this.#bodies > 0 || (this.#interest === 'rule' && this.#parentheses > 0);
  }

  get open(): OpenBlock | undefined {
    return this.holds ? this.#opened : undefined;
  }

  reset(): void {
    this.#interest = 'first';
    this.#previous = literal;
    this.#parentheses = 0;
    this.#bodies = 0;
    this.copiesData = false;
  }

  token(token: string, at: number): void {
    if (token === '(') this.#openParenthesis(at);
    else if (token === ')') this.#parentheses--;
    else this.#word(token, at);
    this.#previous = token;
  }

  #openParenthesis(at: number): void {
    if (this.#interest === 'first') this.#interest = 'none';
    if (this.#interest === 'rule' && this.#parentheses === 0)
      this.#opened = { what: 'parenthesis of CREATE RULE', closing: ')', place: this.#script.locate(at) };
    this.#parentheses++;
  }

  #word(token: string, at: number): void {
    switch (this.#interest) {
      case 'first':
        this.#interest = token === 'CREATE' ? 'create' : token === 'COPY' ? 'copy' : 'none';
        break;
      case 'create':
        this.#interest = createdBy(token);
        break;
      case 'routine':
        this.#followBody(token, at);
        break;
      case 'copy':
        // Only the first FROM or TO outside parentheses is COPY's own.
        if (this.#parentheses === 0 && token === 'FROM') this.#interest = 'copySource';
        if (this.#parentheses === 0 && token === 'TO') this.#interest = 'none';
        break;
      case 'copySource':
        // The grammar takes either word for the client (gram.y, copy_file_name).
        this.copiesData = token === 'STDIN' || token === 'STDOUT';
        this.#interest = 'none';
    }
  }

  /** Each statement of a body ends with `;`, so that its END, unlike that of a CASE, follows `;` or ATOMIC. */
  #followBody(token: string, at: number): void {
    const previous = this.#previous;
    if (token === 'BEGIN' && this.#bodies === 0 && this.#parentheses === 0)
      this.#opened = { what: 'BEGIN ATOMIC body', closing: 'END', place: this.#script.locate(at) };
    if (token === 'ATOMIC' && previous === 'BEGIN' && (this.#bodies > 0 || this.#parentheses === 0)) this.#bodies++;
    if (token === 'END' && this.#bodies > 0 && (previous === ';' || previous === 'ATOMIC')) this.#bodies--;
  }
}

function createdBy(token: string): Interest {
  if (token === 'OR' || token === 'REPLACE') return 'create';
  if (token === 'FUNCTION' || token === 'PROCEDURE') return 'routine';
  return token === 'RULE' ? 'rule' : 'none';
}
