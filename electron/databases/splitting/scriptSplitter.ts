// The scanner common to all dialects. It keeps the text from the current statement's beginning on and remembers how far
// it has looked; what a chunk leaves undecided is looked at again once the text has doubled, so that the whole work
// stays linear however small the chunks are.
import type { ScriptPiece } from '../../../shared/model/statement.ts';
import type { Problem } from '../../../shared/problem.ts';
import { readCopyData, restOfLine } from './copyData.ts';
import type { CreateDialect, Dialect, ScriptContext } from './dialect.ts';
import { isSpace, type Lexicon, plainRolesOf, role, roleAt, unclosed } from './lexicon.ts';
import { LineCounter, type Place } from './lineCounter.ts';
import { scriptProblem, unterminated } from './problems.ts';
import type { CreateSplitter, SplitOptions, Splitter } from './splitter.ts';
import { literal, type Tracker } from './tracker.ts';

/** Longer words are no keyword of any dialect. */
const LONGEST_KEYWORD = 16;
const BYTE_ORDER_MARK = '\ufeff';
const CARRIAGE_RETURN = 0x0d;

/** Beside `unclosed`: the statement has ended. */
const ended = -2;

export const splitterFor =
  (createDialect: CreateDialect): CreateSplitter =>
  (options = {}) =>
    new ScriptSplitter(createDialect, options);

type State = 'start' | 'between' | 'statement' | 'copyLine' | 'copyData';

class ScriptSplitter implements Splitter, ScriptContext {
  readonly #dialect: Dialect;
  readonly #lexicon: Lexicon;
  readonly #tracker: Tracker;
  readonly #path: string | undefined;
  readonly #lines: LineCounter;
  #pieces: ScriptPiece[] = [];
  /** Chunks not yet looked at, and their length. */
  #waiting: string[] = [];
  #waitingLength = 0;
  #text = '';
  #at = 0;
  #final = false;
  #state: State = 'start';
  #roles: Uint8Array;
  #plainRoles: Uint8Array;
  #delimiter: string | undefined;

  #statements = 0;
  #statementStart = 0;
  #statementPlace: Place = { line: 1, column: 1 };
  /** End of the last quoted text or comment: nothing before it belongs to what touches it. */
  #constructEnd = 0;
  /** The last run of comments with nothing but white space between. */
  #commentsStart = 0;
  #commentsEnd = 0;
  /** Where the executable comment that we are in was opened. */
  #executable: Place | undefined;
  #copyLineBreak: '\r' | '\n' = '\n';

  constructor(createDialect: CreateDialect, { path, firstLine = 1, firstColumn = 1 }: SplitOptions) {
    this.#path = path;
    this.#lines = new LineCounter(firstLine, firstColumn);
    this.#dialect = createDialect(this);
    this.#lexicon = this.#dialect.lexicon;
    this.#tracker = this.#dialect.tracker;
    this.#roles = this.#lexicon.roles;
    this.#plainRoles = plainRolesOf(this.#roles);
  }

  push(chunk: string): ScriptPiece[] {
    this.#waiting.push(chunk);
    this.#waitingLength += chunk.length;
    return this.#waitingLength < this.#text.length ? [] : this.#scan();
  }

  finish(): ScriptPiece[] {
    this.#final = true;
    return this.#scan();
  }

  locate(at: number): Place {
    return this.#lines.placeOf(this.#text, at);
  }

  refuse(at: number, problem: Pick<Problem, 'code' | 'message' | 'hint'>): never {
    throw scriptProblem(problem, this.locate(at), this.#path);
  }

  #scan(): ScriptPiece[] {
    this.#text = this.#waitingLength === 0 ? this.#text : this.#text + this.#waiting.join('');
    this.#waiting = [];
    this.#waitingLength = 0;
    this.#lines.grow();
    while (this.#advance());
    if (this.#final) this.#end();
    this.#dropScanned();
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
    if (this.#text === '') return false;
    if (this.#text.startsWith(BYTE_ORDER_MARK)) this.#text = this.#text.slice(1);
    this.#state = 'between';
    return true;
  }

  // Between statements

  #findStatement(): boolean {
    const text = this.#text;
    for (;;) {
      while (isSpace(text.charCodeAt(this.#at))) this.#at++;
      if (this.#at === text.length) return false;
      const next = this.#passNothing(this.#at);
      if (next === unclosed) return this.#waitAt(this.#at);
      if (next === this.#at) return this.#beginStatement();
      this.#at = next;
    }
  }

  /** Offset after a comment, a lone terminator or a directive; `at` where a statement begins. */
  #passNothing(at: number): number {
    // An optimiser hint (pg_hint_plan's too) belongs to the statement after it.
    if (this.#text.startsWith('/*+', at)) return at;
    const delimited = this.#delimiterEnd(at);
    if (delimited !== at) return delimited;
    const found = roleAt(this.#lexicon.roles, this.#text, at);
    if (found === role.terminator) return at + 1;
    const next = found === role.comment ? this.#lexicon.comment(this.#text, at, this.#final) : at;
    if (next !== at) return next;
    const after = this.#dialect.directive?.(this.#text, at, this.#final) ?? at;
    if (after > at) this.#adoptDelimiter();
    return after;
  }

  #beginStatement(): true {
    this.#state = 'statement';
    this.#statementStart = this.#at;
    this.#statementPlace = this.locate(this.#at);
    this.#commentsStart = this.#at;
    this.#commentsEnd = this.#at;
    this.#constructEnd = this.#at;
    this.#tracker.reset();
    return true;
  }

  // In a statement

  #findStatementEnd(): boolean {
    const text = this.#text;
    const end = text.length;
    const tracker = this.#tracker;
    let roles = tracker.plain ? this.#plainRoles : this.#roles;
    let at = this.#at;
    while (at < end) {
      const code = text.charCodeAt(at);
      const found = roles[code < 128 ? code : 128] ?? role.ordinary;
      if (found === role.ordinary) {
        at++;
        continue;
      }
      const next = this.#pass(found, at);
      if (next === ended) return true;
      if (next === unclosed) return this.#waitAt(at);
      at = next;
      if (tracker.plain) roles = this.#plainRoles;
    }
    this.#at = at;
    return false;
  }

  /** Offset after what begins at `at` with a character of this role; `unclosed` or `ended`. */
  #pass(found: number, at: number): number {
    switch (found) {
      case role.quote:
        return this.#passQuoted(at);
      case role.word:
        return this.#passWord(at);
      case role.comment:
        return this.#passComment(at);
      case role.command:
        return this.#dialect.command?.(this.#text, at, this.#final) ?? at + 1;
      case role.terminator:
        return this.#tracker.holds || this.#executable ? this.#passSymbol(at) : this.#endStatement(at, at + 1);
      case role.delimiter:
        return this.#passDelimiter(at);
      default:
        return this.#passSymbol(at);
    }
  }

  #passQuoted(at: number): number {
    const next = this.#lexicon.quoted(this.#text, at, this.#final, this.#constructEnd);
    if (next === at) return this.#passSymbol(at);
    if (next === unclosed) return unclosed;
    this.#constructEnd = next;
    this.#tracker.token(literal, at);
    return next;
  }

  #passWord(at: number): number {
    const text = this.#text;
    let ascii = true;
    let next = at;
    for (; next < text.length && this.#isWordPart(next); next++) ascii &&= text.charCodeAt(next) < 128;
    if (!this.#final && (next === text.length || this.#delimiterEnd(next) === unclosed)) return unclosed;
    const keyword = ascii && next - at <= LONGEST_KEYWORD;
    this.#tracker.token(keyword ? text.slice(at, next).toUpperCase() : literal, at);
    return next;
  }

  /** A delimiter ends a word, even in its middle, as in the mysql client. */
  #isWordPart(at: number): boolean {
    return roleAt(this.#lexicon.roles, this.#text, at) === role.word && this.#delimiterEnd(at) === at;
  }

  #passComment(at: number): number {
    const next = this.#lexicon.comment(this.#text, at, this.#final);
    if (next === at) return this.#passExecutable(at);
    if (next === unclosed) return unclosed;
    if (this.#spaceStart(at, this.#commentsEnd) !== this.#commentsEnd) this.#commentsStart = at;
    this.#commentsEnd = next;
    this.#constructEnd = next;
    return next;
  }

  #passExecutable(at: number): number {
    const next = this.#lexicon.executable?.(this.#text, at, this.#final) ?? at;
    if (next === at) return this.#passSymbol(at);
    if (next !== unclosed) this.#executable = this.#text.startsWith('/', at) ? this.locate(at) : undefined;
    return next;
  }

  #passSymbol(at: number): number {
    this.#tracker.token(this.#text.charAt(at), at);
    return at + 1;
  }

  #passDelimiter(at: number): number {
    const next = this.#delimiterEnd(at);
    if (next === unclosed) return unclosed;
    // Not the delimiter after all, but what the character is otherwise; inside an executable comment always.
    if (next === at || this.#executable !== undefined) return this.#pass(roleAt(this.#lexicon.roles, this.#text, at), at);
    return this.#endStatement(at, next);
  }

  #delimiterEnd(at: number): number {
    const delimiter = this.#delimiter;
    if (delimiter === undefined) return at;
    if (this.#text.startsWith(delimiter, at)) return at + delimiter.length;
    const undecided = !this.#final && this.#text.length - at < delimiter.length && delimiter.startsWith(this.#text.slice(at));
    return undecided ? unclosed : at;
  }

  #endStatement(at: number, next: number): typeof ended {
    let end = this.#spaceStart(at, this.#commentsEnd);
    if (end === this.#commentsEnd) end = this.#spaceStart(this.#commentsStart, this.#statementStart);
    const { copiesData } = this.#tracker;
    if (end > this.#statementStart) {
      const text = this.#text.slice(this.#statementStart, end);
      this.#pieces.push({ kind: 'statement', statement: { index: this.#statements++, text, ...this.#statementPlace, copiesData } });
    }
    this.#at = next;
    this.#state = copiesData ? 'copyLine' : 'between';
    return ended;
  }

  /** Where the white space before `at` begins, `limit` at the earliest. */
  #spaceStart(at: number, limit: number): number {
    let start = at;
    while (start > limit && isSpace(this.#text.charCodeAt(start - 1))) start--;
    return start;
  }

  // The data of a COPY

  #finishCopyLine(): boolean {
    const rest = restOfLine(this.#text, this.#at, this.#final);
    if (rest === unclosed) return false;
    if (!/^\s*(--.*)?$/.test(rest.content)) {
      this.refuse(this.#at, {
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
    const piece = readCopyData(this.#text, this.#at, this.#final, this.#copyLineBreak);
    if (piece === undefined) return false;
    if (piece.text !== '') this.#pieces.push({ kind: 'copyData', text: piece.text });
    this.#at = piece.next;
    if (piece.ended) this.#state = 'between';
    return true;
  }

  // The end of the text read so far

  /** Remembers to go on at `at`; there will be no more text if this is the end of the script. */
  #waitAt(at: number): false {
    this.#at = at;
    if (this.#final) {
      const { what, closing } = this.#lexicon.describe(this.#text, at);
      throw unterminated(what, closing, this.locate(at), this.#path);
    }
    return false;
  }

  /** The end of the script. */
  #end(): void {
    if (this.#state === 'statement') this.#endLastStatement();
    if (this.#state === 'copyLine' || this.#state === 'copyData')
      throw unterminated('data of COPY … FROM stdin', '\\. alone on a line', this.#statementPlace, this.#path);
  }

  #endLastStatement(): void {
    const open = this.#tracker.open;
    if (this.#executable !== undefined) throw unterminated('executable comment', '*/', this.#executable, this.#path);
    if (open !== undefined) throw unterminated(open.what, open.closing, open.place, this.#path);
    const { length } = this.#pieces;
    this.#endStatement(this.#text.length, this.#text.length);
    const { delimiter } = this.#dialect;
    if (delimiter !== undefined && this.#pieces.length > length) {
      const what = `statement under the DELIMITER of line ${delimiter.setAt.line}`;
      throw unterminated(what, delimiter.text, this.#statementPlace, this.#path);
    }
  }

  /** Lets go of what no later piece needs. */
  #dropScanned(): void {
    let length = this.#state === 'statement' ? this.#statementStart : this.#at;
    // A carriage return at the end may be half a line break: it is counted with what follows.
    if (length === this.#text.length && this.#text.charCodeAt(length - 1) === CARRIAGE_RETURN) length--;
    if (length <= 0) return;
    this.#lines.drop(this.#text, length);
    this.#text = this.#text.slice(length);
    this.#at -= length;
    this.#statementStart -= length;
    this.#constructEnd -= length;
    this.#commentsStart -= length;
    this.#commentsEnd -= length;
  }

  #adoptDelimiter(): void {
    this.#delimiter = this.#dialect.delimiter?.text;
    const { roles } = this.#lexicon;
    this.#roles = roles;
    if (this.#delimiter !== undefined) {
      this.#roles = roles.slice();
      const first = this.#delimiter.charCodeAt(0);
      this.#roles[first < 128 ? first : 128] = role.delimiter;
    }
    this.#plainRoles = plainRolesOf(this.#roles);
  }
}
