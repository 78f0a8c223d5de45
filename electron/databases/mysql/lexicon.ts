// The lexical rules of MySQL and MariaDB (sql/sql_lex.cc), without ANSI_QUOTES and NO_BACKSLASH_ESCAPES.
import {
  blockCommentEnd,
  endAfter,
  escapedTextEnd,
  isSpace,
  type Lexicon,
  lineCommentEnd,
  rolesOf,
  unclosed,
} from '../splitting/lexicon.ts';

/** Servers have lower versions than this; what is marked with a higher one is a comment, whatever is in it. */
const VERSION_OF_NO_SERVER = 990_000;
/** What tells an executable comment from others: an M, `!` and at most six digits. */
const LONGEST_OPENING = '/*M!999999'.length;

export const mysqlLexicon: Lexicon = {
  roles: rolesOf({ comment: '-/#*', quote: '\'"`', command: '\\', word: '$@' }),
  comment(text, at, final) {
    switch (text[at]) {
      case '#':
        return lineCommentEnd(text, at, final, /\n/g);
      case '-':
        return dashesEnd(text, at, final);
      case '/':
        return blockEnd(text, at, final);
      default:
        return at;
    }
  },
  quoted(text, at) {
    return text[at] === '`' ? endAfter(text, '`', at + 1) : escapedTextEnd(text, at);
  },
  executable(text, at, final) {
    if (text.startsWith('*/', at)) return at + 2;
    return executableOpening(text, at)?.end ?? (!final && at + 1 === text.length ? unclosed : at);
  },
  describe(text, at) {
    const opening = text.charAt(at);
    if (opening === '/') return { what: 'comment', closing: '*/' };
    return { what: opening === '`' ? 'quoted identifier' : 'quoted string', closing: opening };
  },
};

/** Two dashes begin a comment only before white space, a control character or the end. */
function dashesEnd(text: string, at: number, final: boolean): number {
  const visible = text.length - at;
  if (visible > 1 && text[at + 1] !== '-') return at;
  if (visible < 3 && !final) return unclosed;
  const after = text.charCodeAt(at + 2);
  const begins = visible === 2 || (visible > 2 && (isSpace(after) || after < 32 || after === 127));
  return begins ? lineCommentEnd(text, at, final, /\n/g) : at;
}

function blockEnd(text: string, at: number, final: boolean): number {
  const visible = text.length - at;
  if (visible > 1 && text[at + 1] !== '*') return at;
  if (visible < LONGEST_OPENING && !final) return unclosed;
  if (visible === 1) return at;
  const executable = executableOpening(text, at);
  return executable === undefined || executable.version >= VERSION_OF_NO_SERVER ? blockCommentEnd(text, at) : at;
}

function executableOpening(text: string, at: number): { version: number; end: number } | undefined {
  const opening = /\/\*M?!(\d{0,6})/y;
  opening.lastIndex = at;
  const match = opening.exec(text);
  return match === null ? undefined : { version: Number(match[1]), end: opening.lastIndex };
}
