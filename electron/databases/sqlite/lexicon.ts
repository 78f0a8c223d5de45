// SQLite's lexical rules (src/tokenize.c).
import { blockCommentEnd, endAfter, type Lexicon, lineCommentEnd, rolesOf, unclosed } from '../splitting/lexicon.ts';

export const sqliteLexicon: Lexicon = {
  roles: rolesOf({ comment: '-/', quote: '\'"`[', word: '$' }),
  comment(text, at, final) {
    if (at + 1 === text.length) return final ? at : unclosed;
    if (text.startsWith('--', at)) return lineCommentEnd(text, at, final, /\n/g);
    return text.startsWith('/*', at) ? blockCommentEnd(text, at) : at;
  },
  quoted(text, at) {
    return endAfter(text, closingOf(text.charAt(at)), at + 1);
  },
  describe(text, at) {
    const opening = text.charAt(at);
    if (opening === '/') return { what: 'comment', closing: '*/' };
    return { what: opening === "'" ? 'quoted string' : 'quoted identifier', closing: closingOf(opening) };
  },
};

const closingOf = (opening: string): string => (opening === '[' ? ']' : opening);
