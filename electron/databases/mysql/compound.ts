// Follows the blocks of a stored program, as the grammar of MySQL and MariaDB nests them (sql/sql_yacc.yy).
import type { ScriptContext } from '../splitting/dialect.ts';
import { literal, type OpenBlock } from '../splitting/tracker.ts';

interface Block {
  /** The word that opened it; `expression` for a CASE that is part of an expression. */
  readonly word: string;
  /** Parentheses open where it began. */
  readonly depth: number;
  readonly open: OpenBlock | undefined;
  /** An UNTIL was met in this REPEAT. */
  until: boolean;
}

/** Words that open a block where a statement may begin. */
export const blockWords: ReadonlySet<string> = new Set(['BEGIN', 'CASE', 'FOR', 'IF', 'LOOP', 'REPEAT', 'WHILE']);

/** Words after which an expression is still awaited, so that a following END is a name. */
const awaitsOperand = new Set([
  ...['AND', 'AS', 'BETWEEN', 'BINARY', 'BY', 'CASE', 'DISTINCT', 'DIV', 'ELSE', 'FROM', 'HAVING', 'IN', 'INTERVAL'],
  ...['LIKE', 'MOD', 'NOT', 'ON', 'OR', 'REGEXP', 'RLIKE', 'SELECT', 'THEN', 'WHEN', 'WHERE', 'XOR'],
]);

/**
 * Fed with the tokens of a routine's body. Most of these keywords are also names or functions (`IF(…)`, a column `end`);
 * they are keywords only where a statement may begin.
 */
export class CompoundStatement {
  readonly #script: ScriptContext;
  #blocks: Block[] = [];
  #depth = 0;
  #previous = literal;
  /** A statement may begin with the next token. */
  #atStart = false;
  /** The previous token stood where a statement may begin: before a colon it is a label. */
  #label = false;
  /** The previous token was an END that closed a block. */
  #closed = false;
  /** In the list of conditions of a DECLARE … HANDLER FOR. */
  #condition: 'none' | 'expected' | 'complete' = 'none';

  constructor(script: ScriptContext) {
    this.#script = script;
  }

  /** A block is open: a `;` here ends a statement in it only. */
  get isOpen(): boolean {
    const outermost = this.#blocks[0];
    return outermost !== undefined && outermost.word !== 'expression';
  }

  /** The innermost open block. */
  get open(): OpenBlock | undefined {
    return this.#blocks.findLast((block) => block.open !== undefined)?.open;
  }

  /** A body begins with the next token; `atStart` unless that is known not to open a block. */
  reset(atStart: boolean): void {
    this.#blocks = [];
    this.#depth = 0;
    this.#previous = literal;
    this.#atStart = atStart;
    this.#label = false;
    this.#closed = false;
    this.#condition = 'none';
  }

  token(token: string, at: number): void {
    const atStart = this.#endConditions(token) || this.#atStart;
    const label = this.#label;
    const closed = this.#closed;
    this.#atStart = false;
    this.#closed = false;
    this.#label = atStart;
    if (token === '(') this.#depth++;
    else if (token === ')') this.#depth--;
    else if (token === ';') this.#endStatement();
    else if (token === ':') this.#atStart = label;
    else if (token === 'END') this.#end(atStart);
    else if (blockWords.has(token)) this.#blockWord(token, at, atStart, closed);
    else this.#word(token, atStart);
    this.#previous = token;
  }

  get #top(): Block | undefined {
    return this.#blocks.at(-1);
  }

  #endStatement(): void {
    while (this.#top?.word === 'expression') this.#blocks.pop();
    this.#depth = this.#top?.depth ?? 0;
    this.#atStart = true;
  }

  #blockWord(word: string, at: number, atStart: boolean, closed: boolean): void {
    // END IF, END CASE …
    if (closed) return;
    if (word === 'FOR' && this.#previous === 'HANDLER') this.#condition = 'expected';
    if (atStart) {
      const open = { what: word, closing: `END${word === 'BEGIN' ? '' : ` ${word}`}`, place: this.#script.locate(at) };
      this.#blocks.push({ word, depth: this.#depth, open, until: false });
      this.#atStart = word === 'BEGIN' || word === 'LOOP' || word === 'REPEAT';
    } else if (word === 'CASE' && this.#previous !== '.') {
      this.#blocks.push({ word: 'expression', depth: this.#depth, open: undefined, until: false });
    }
  }

  #word(word: string, atStart: boolean): void {
    const top = this.#top;
    if (word === 'THEN' || word === 'ELSE') this.#atStart = top?.word === 'IF' || top?.word === 'CASE';
    else if (word === 'DO') this.#atStart = top?.word === 'WHILE' || top?.word === 'FOR';
    // MariaDB's BEGIN NOT ATOMIC.
    else if (word === 'ATOMIC') this.#atStart = this.#previous === 'NOT';
    else if (word === 'UNTIL' && atStart && top?.word === 'REPEAT') top.until = true;
  }

  #end(atStart: boolean): void {
    const top = this.#top;
    if (top === undefined || top.depth !== this.#depth) return;
    const ends = top.word === 'expression' || top.until ? this.#operandBefore() : atStart;
    if (!ends) return;
    this.#blocks.pop();
    this.#closed = top.word !== 'expression';
  }

  /** Whether what precedes completes an expression. */
  #operandBefore(): boolean {
    const previous = this.#previous;
    return previous === literal || previous === ')' || (/\w$/.test(previous) && !awaitsOperand.has(previous));
  }

  /** Whether `token` is the first after the conditions of a handler: where its statement begins. */
  #endConditions(token: string): boolean {
    if (this.#condition === 'none') return false;
    if (this.#condition === 'expected') {
      if (token !== 'SQLSTATE' && token !== 'VALUE' && token !== 'NOT') this.#condition = 'complete';
      return false;
    }
    this.#condition = token === ',' ? 'expected' : 'none';
    return token !== ',';
  }
}
