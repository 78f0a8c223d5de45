import type { Dialect } from './dialect.ts';
import { isSpace, type Lexicon, plainRolesOf, role, roleAt, unclosed } from './lexicon.ts';
import type { Place } from './lineCounter.ts';
import type { ScriptText } from './scriptText.ts';
import { literal, type Tracker } from './tracker.ts';

/** Longer words are no keyword of any dialect. */
const LONGEST_KEYWORD = 16;

/** Beside `unclosed`: the statement ends here. */
const ended = -2;

/** Finds the end of one statement after another: of what a script is made of, only tokens and terminators. */
export class StatementScanner {
  readonly #script: ScriptText;
  readonly #dialect: Dialect;
  readonly #lexicon: Lexicon;
  readonly #tracker: Tracker;
  #roles: Uint8Array;
  #plainRoles: Uint8Array;
  #delimiter: string | undefined;
  #start = 0;
  /** End of the last quoted text or comment: nothing before it belongs to what touches it. */
  #constructEnd = 0;
  /** The last run of comments with nothing but white space between. */
  #commentsStart = 0;
  #commentsEnd = 0;
  /** Where the executable comment that we are in was opened. */
  #executable: Place | undefined;

  constructor(script: ScriptText, dialect: Dialect) {
    this.#script = script;
    this.#dialect = dialect;
    this.#lexicon = dialect.lexicon;
    this.#tracker = dialect.tracker;
    this.#roles = this.#lexicon.roles;
    this.#plainRoles = plainRolesOf(this.#roles);
  }

  /** A statement begins at `at`. */
  begin(at: number): void {
    this.#start = at;
    this.#commentsStart = at;
    this.#commentsEnd = at;
    this.#constructEnd = at;
    this.#executable = undefined;
    this.#tracker.reset();
  }

  /**
   * Looks for the terminator from `from` on. Where it is not found, what is at the returned offset needs more text, if
   * that is not the text's end.
   */
  findEnd(from: number): { readonly at: number; readonly found: boolean } {
    const { text } = this.#script;
    const end = text.length;
    const tracker = this.#tracker;
    let roles = tracker.plain ? this.#plainRoles : this.#roles;
    let at = from;
    while (at < end) {
      const code = text.charCodeAt(at);
      const found = roles[code < 128 ? code : 128] ?? role.ordinary;
      if (found === role.ordinary) {
        at++;
        continue;
      }
      const next = this.#pass(found, at);
      if (next < 0) return { at, found: next === ended };
      at = next;
      if (tracker.plain) roles = this.#plainRoles;
    }
    return { at, found: false };
  }

  /** The statement that ends before `end`, without white space and comments there; empty if it is nothing else. */
  textBefore(end: number): string {
    let last = this.#spaceStart(end, this.#commentsEnd);
    if (last === this.#commentsEnd) last = this.#spaceStart(this.#commentsStart, this.#start);
    return this.#script.text.slice(this.#start, last);
  }

  /** Offset after the `;` or delimiter at `at`, `at` itself where there is none, or `unclosed`. */
  terminatorEnd(at: number): number {
    const delimited = this.#delimiterEnd(at);
    return delimited === at && this.#script.text.startsWith(';', at) ? at + 1 : delimited;
  }

  /** Throws if the script must not end in the middle of this statement. */
  refuseOpenBlock(): void {
    const open = this.#tracker.open;
    if (this.#executable !== undefined) this.#script.unterminated('executable comment', '*/', this.#executable);
    if (open !== undefined) this.#script.unterminated(open.what, open.closing, open.place);
  }

  /** The first `length` characters of the text are gone. */
  shift(length: number): void {
    this.#start -= length;
    this.#constructEnd -= length;
    this.#commentsStart -= length;
    this.#commentsEnd -= length;
  }

  /** The dialect may have read another delimiter. */
  adoptDelimiter(): void {
    this.#delimiter = this.#dialect.delimiter?.text;
    this.#roles = this.#lexicon.roles.slice();
    if (this.#delimiter !== undefined) {
      const first = this.#delimiter.charCodeAt(0);
      this.#roles[first < 128 ? first : 128] = role.delimiter;
    }
    this.#plainRoles = plainRolesOf(this.#roles);
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
        return this.#dialect.command?.(this.#script.text, at, this.#script.final) ?? at + 1;
      case role.terminator:
        return this.#tracker.holds || this.#executable !== undefined ? this.#passSymbol(at) : ended;
      case role.delimiter:
        return this.#passDelimiter(at);
      default:
        return this.#passSymbol(at);
    }
  }

  #passQuoted(at: number): number {
    const next = this.#lexicon.quoted(this.#script.text, at, this.#script.final, this.#constructEnd);
    if (next === unclosed) return unclosed;
    this.#constructEnd = next;
    this.#tracker.token(literal, at);
    return next;
  }

  #passWord(at: number): number {
    const { text, final } = this.#script;
    let ascii = text.charCodeAt(at) < 128;
    let next = at + 1;
    for (; next < text.length && this.#isWordPart(next); next++) ascii &&= text.charCodeAt(next) < 128;
    if (!final && (next === text.length || this.#delimiterEnd(next) === unclosed)) return unclosed;
    const keyword = ascii && next - at <= LONGEST_KEYWORD;
    this.#tracker.token(keyword ? text.slice(at, next).toUpperCase() : literal, at);
    return next;
  }

  /** A delimiter ends a word, even in its middle, as in the mysql client. */
  #isWordPart(at: number): boolean {
    if (roleAt(this.#lexicon.roles, this.#script.text, at) !== role.word) return false;
    return this.#delimiter === undefined || this.#delimiterEnd(at) === at;
  }

  #passComment(at: number): number {
    const next = this.#lexicon.comment(this.#script.text, at, this.#script.final);
    if (next === at) return this.#passExecutable(at);
    if (next === unclosed) return unclosed;
    if (this.#spaceStart(at, this.#commentsEnd) !== this.#commentsEnd) this.#commentsStart = at;
    this.#commentsEnd = next;
    this.#constructEnd = next;
    return next;
  }

  #passExecutable(at: number): number {
    const { text, final } = this.#script;
    const next = this.#lexicon.executable?.(text, at, final) ?? at;
    if (next === at) return this.#passSymbol(at);
    if (next !== unclosed) this.#executable = text.startsWith('/', at) ? this.#script.locate(at) : undefined;
    return next;
  }

  #passSymbol(at: number): number {
    this.#tracker.token(this.#script.text.charAt(at), at);
    return at + 1;
  }

  #passDelimiter(at: number): number {
    const next = this.#delimiterEnd(at);
    if (next === unclosed) return unclosed;
    if (next > at && this.#executable === undefined) return ended;
    // Not the delimiter after all, but what the character is otherwise.
    return this.#pass(roleAt(this.#lexicon.roles, this.#script.text, at), at);
  }

  #delimiterEnd(at: number): number {
    const delimiter = this.#delimiter;
    if (delimiter === undefined) return at;
    const { text, final } = this.#script;
    if (text.startsWith(delimiter, at)) return at + delimiter.length;
    const cutOff = !final && text.length - at < delimiter.length && delimiter.startsWith(text.slice(at));
    return cutOff ? unclosed : at;
  }

  /** Where the white space before `at` begins, `limit` at the earliest. */
  #spaceStart(at: number, limit: number): number {
    let start = at;
    while (start > limit && isSpace(this.#script.text.charCodeAt(start - 1))) start--;
    return start;
  }
}
