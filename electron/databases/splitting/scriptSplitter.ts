// The splitter common to all dialects. It keeps the text from the current statement's beginning on, and remembers how
// far it has looked.
import type { Acceptance, ScriptPiece } from '../../../shared/model/statement.ts';
import { acceptancesIn } from './acceptances.ts';
import { readCopyData, restOfLine } from './copyData.ts';
import type { CreateDialect, Dialect } from './dialect.ts';
import { isSpace, role, roleAt, unclosed } from './lexicon.ts';
import type { Place } from './lineCounter.ts';
import { ScriptText } from './scriptText.ts';
import type { CreateSplitter, SplitOptions, Splitter } from './splitter.ts';
import { StatementScanner } from './statementScanner.ts';

const BYTE_ORDER_MARK = '\ufeff';

export const splitterFor =
  (createDialect: CreateDialect): CreateSplitter =>
  (options = {}) =>
    new ScriptSplitter(createDialect, options);

type State = 'start' | 'between' | 'statement' | 'copyLine' | 'copyData';

class ScriptSplitter implements Splitter {
  readonly #script: ScriptText;
  readonly #dialect: Dialect;
  readonly #scanner: StatementScanner;
  #pieces: ScriptPiece[] = [];
  #state: State = 'start';
  #at = 0;
  #statements = 0;
  #statementStart = 0;
  #statementPlace: Place = { line: 1, column: 1 };
  /** In comments before the statement. */
  #accepted: Acceptance[] = [];
  #copyLineBreak: '\r' | '\n' = '\n';

  constructor(createDialect: CreateDialect, options: SplitOptions) {
    this.#script = new ScriptText(options);
    this.#dialect = createDialect(this.#script);
    this.#scanner = new StatementScanner(this.#script, this.#dialect);
  }

  push(chunk: string): ScriptPiece[] {
    if (this.#script.append(chunk)) while (this.#advance());
    return this.#takePieces();
  }

  finish(): ScriptPiece[] {
    this.#script.finish();
    while (this.#advance());
    this.#end();
    return this.#takePieces();
  }

  #takePieces(): ScriptPiece[] {
    this.#forgetScanned();
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces;
  }

  /** One step of reading; false where more text is needed. */
  #advance(): boolean {
    switch (this.#state) {
      case 'start':
        return this.#skipByteOrderMark();
      case 'between':
        return this.#findStatement();
      case 'statement':
        return this.#findStatementEnd();
      case 'copyLine':
        return this.#finishCopyLine();
      case 'copyData':
        return this.#readCopyData();
    }
  }

  #skipByteOrderMark(): boolean {
    const { text } = this.#script;
    if (text === '') return false;
    if (text.startsWith(BYTE_ORDER_MARK)) this.#script.text = text.slice(1);
    this.#state = 'between';
    return true;
  }

  #findStatement(): boolean {
    const { text } = this.#script;
    for (;;) {
      while (isSpace(text.charCodeAt(this.#at))) this.#at++;
      if (this.#at === text.length) return false;
      const next = this.#passNothing(this.#at);
      if (next === unclosed) return this.#needMore();
      if (next === this.#at) break;
      this.#at = next;
    }
    this.#state = 'statement';
    this.#statementStart = this.#at;
    this.#statementPlace = this.#script.locate(this.#at);
    this.#scanner.begin(this.#at);
    return true;
  }

  /** Offset after a comment, a lone terminator or a directive; `at` where a statement begins, or `unclosed`. */
  #passNothing(at: number): number {
    const { text, final } = this.#script;
    // An optimiser hint (pg_hint_plan's too) belongs to the statement after it.
    if (text.startsWith('/*+', at)) return at;
    const terminated = this.#scanner.terminatorEnd(at);
    if (terminated !== at) return terminated;
    const { lexicon } = this.#dialect;
    const commented = roleAt(lexicon.roles, text, at) === role.comment ? lexicon.comment(text, at, final) : at;
    if (commented > at) this.#accepted.push(...acceptancesIn(text.slice(at, commented)));
    if (commented !== at) return commented;
    const directed = this.#dialect.directive?.(text, at, final) ?? at;
    if (directed > at) this.#scanner.adoptDelimiter();
    return directed;
  }

  #findStatementEnd(): boolean {
    const { at, found } = this.#scanner.findEnd(this.#at);
    this.#at = at;
    if (found) return this.#endStatement(this.#scanner.terminatorEnd(at));
    return at < this.#script.text.length ? this.#needMore() : false;
  }

  /** The statement ends here, and its terminator before `next`. */
  #endStatement(next: number): true {
    const text = this.#scanner.textBefore(this.#at);
    const { copiesData } = this.#dialect.tracker;
    if (text !== '') {
      const accepts = this.#accepted.length === 0 ? {} : { accepts: this.#accepted };
      const statement = { index: this.#statements++, text, ...this.#statementPlace, copiesData, ...accepts };
      this.#pieces.push({ kind: 'statement', statement });
      this.#accepted = [];
    }
    this.#at = next;
    this.#state = copiesData ? 'copyLine' : 'between';
    return true;
  }

  #finishCopyLine(): boolean {
    const rest = restOfLine(this.#script.text, this.#at, this.#script.final);
    if (rest === unclosed) return false;
    if (!/^\s*(--.*)?$/.test(rest.content)) {
      this.#script.refuse(this.#at, {
        code: 'script.copyData',
        message: 'Something follows COPY … FROM stdin on its line.',
        hint: 'Begin the data on the next line, and put other statements after the data.',
      });
    }
    this.#copyLineBreak = rest.lineBreak === '\r' ? '\r' : '\n';
    this.#at = rest.next;
    this.#state = 'copyData';
    return true;
  }

  #readCopyData(): boolean {
    const piece = readCopyData(this.#script.text, this.#at, this.#script.final, this.#copyLineBreak);
    if (piece === undefined) return false;
    if (piece.text !== '') this.#pieces.push({ kind: 'copyData', text: piece.text });
    this.#at = piece.next;
    if (piece.ended) this.#state = 'between';
    return true;
  }

  /** What is here cannot be told without more text; if there is none, it is never closed. */
  #needMore(): false {
    if (!this.#script.final) return false;
    const { what, closing } = this.#dialect.lexicon.describe(this.#script.text, this.#at);
    return this.#script.unterminated(what, closing, this.#script.locate(this.#at));
  }

  /** The end of the script. */
  #end(): void {
    if (this.#state === 'statement') {
      this.#scanner.refuseOpenBlock();
      this.#refuseUndelimited();
      this.#endStatement(this.#at);
    }
    if (this.#state === 'copyLine' || this.#state === 'copyData')
      this.#script.unterminated('data of COPY … FROM stdin', '\\. alone on a line', this.#statementPlace);
  }

  #refuseUndelimited(): void {
    const { delimiter } = this.#dialect;
    if (delimiter === undefined || this.#scanner.textBefore(this.#at) === '') return;
    const what = `statement under the DELIMITER of line ${delimiter.setAt.line}`;
    this.#script.unterminated(what, delimiter.text, this.#statementPlace);
  }

  /** Lets go of what no later piece needs. */
  #forgetScanned(): void {
    const needed = this.#state === 'statement' ? this.#statementStart : this.#at;
    if (needed === 0) return;
    const length = this.#script.forget(needed);
    this.#at -= length;
    this.#statementStart -= length;
    this.#scanner.shift(length);
  }
}
