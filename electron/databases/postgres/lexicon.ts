// PostgreSQL's lexical rules (src/backend/parser/scan.l), with standard_conforming_strings on.
import {
  endAfter,
  escapedTextEnd,
  type Lexicon,
  lineCommentEnd,
  role,
  roleAt,
  rolesOf,
  unclosed,
} from '../splitting/lexicon.ts';

const roles = rolesOf({ comment: '-/', quote: '\'"$', command: '\\' });

export const postgresLexicon: Lexicon = {
  roles,
  comment(text, at, final) {
    if (at + 1 === text.length) return final ? at : unclosed;
    if (text.startsWith('--', at)) return lineCommentEnd(text, at, final, /[\n\r]/g);
    return text.startsWith('/*', at) ? nestedCommentEnd(text, at) : at;
  },
  quoted(text, at, final, from) {
    const quote = text.charAt(at);
    if (quote === '$') return dollarQuoteEnd(text, at, final, from);
    if (quote === "'" && hasEscapePrefix(text, at, from)) return escapeStringEnd(text, at, final);
    return endAfter(text, quote, at + 1);
  },
  describe(text, at) {
    const tag = dollarTag(text, at);
    if (tag !== undefined) return { what: `dollar quote ${tag}`, closing: tag };
    if (text.startsWith('/', at)) return { what: 'comment', closing: '*/' };
    const quote = text.charAt(at);
    return { what: quote === '"' ? 'quoted identifier' : 'quoted string', closing: quote };
  },
};

/** Comments nest, unlike in the other dialects. */
function nestedCommentEnd(text: string, at: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = at + 2;
  for (let depth = 1; depth > 0; ) {
    const mark = marks.exec(text);
    if (mark === null) return unclosed;
    depth += mark[0] === '/*' ? 1 : -1;
  }
  return marks.lastIndex;
}

const isIdentifierPart = (text: string, at: number): boolean =>
  text.charAt(at) === '$' || roleAt(roles, text, at) === role.word;

/** An E of its own stands directly before the quote. */
function hasEscapePrefix(text: string, at: number, from: number): boolean {
  const prefix = at - 1;
  if (prefix < from || (text[prefix] !== 'E' && text[prefix] !== 'e')) return false;
  return prefix === from || !isIdentifierPart(text, prefix - 1);
}

/** What may stand between the parts of one string: lines that are blank but for a comment. */
const continuation = /(?:[ \t\f\v]*(?:--[^\n\r]*)?[\n\r])+[ \t\f\v]*'/y;
const perhapsContinuation = /(?:[ \t\f\v]*(?:--[^\n\r]*)?[\n\r])*[ \t\f\v]*(?:-|--[^\n\r]*)?$/y;

/** The parts of a string that goes on after a line break are escaped like its first one. */
function escapeStringEnd(text: string, at: number, final: boolean): number {
  for (let opening = at; ; ) {
    const end = escapedTextEnd(text, opening);
    if (end === unclosed) return unclosed;
    continuation.lastIndex = end;
    perhapsContinuation.lastIndex = end;
    if (text.startsWith("'", end)) opening = end;
    else if (continuation.test(text)) opening = continuation.lastIndex - 1;
    else return !final && perhapsContinuation.test(text) ? unclosed : end;
  }
}

const tagPattern = /\$(?:[A-Za-z_\x80-\uffff][A-Za-z0-9_\x80-\uffff]*)?\$/y;
const perhapsTag = /\$[A-Za-z0-9_\x80-\uffff]*$/y;
const identifierRest = /[A-Za-z0-9_$\x80-\uffff]*/y;

function dollarTag(text: string, at: number): string | undefined {
  tagPattern.lastIndex = at;
  return tagPattern.exec(text)?.[0];
}

/** End of a dollar quote, of a parameter like `$1`, or of the identifier that the `$` is part of. */
function dollarQuoteEnd(text: string, at: number, final: boolean, from: number): number {
  if (isInIdentifier(text, at, from)) return matchEnd(identifierRest, text, at, final);
  const tag = dollarTag(text, at);
  if (tag !== undefined) return endAfter(text, tag, at + tag.length);
  perhapsTag.lastIndex = at;
  if (!final && perhapsTag.test(text)) return unclosed;
  return matchEnd(/\$[0-9]*/y, text, at, final);
}

function matchEnd(pattern: RegExp, text: string, at: number, final: boolean): number {
  pattern.lastIndex = at;
  pattern.test(text);
  return pattern.lastIndex === text.length && !final ? unclosed : pattern.lastIndex;
}

function isInIdentifier(text: string, at: number, from: number): boolean {
  let start = at;
  while (start > from && isIdentifierPart(text, start - 1)) start--;
  return start < at && !/[0-9$]/.test(text.charAt(start));
}
