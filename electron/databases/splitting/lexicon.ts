// The lexical rules of a dialect: which characters begin a comment, a quoted text, a word.

/** What a character outside quotes and comments may begin. */
export const role = {
  /** White space, and whatever else tells nothing. */
  ordinary: 0,
  word: 1,
  symbol: 2,
  comment: 3,
  quote: 4,
  terminator: 5,
  /** A command to the engine's own client, such as psql's `\c`. */
  command: 6,
  /** First character of a delimiter that the script chose. */
  delimiter: 7,
} as const;

/** Returned instead of an end where the text stops before the end, or before it can be told what begins here. */
export const unclosed = -1;

/**
 * The functions look at `text` from `at` on, where a character of their role stands, and return the offset after what
 * begins there, `at` itself if nothing does, or `unclosed`. `final` says that no more text will follow.
 */
export interface Lexicon {
  /** Role of each ASCII character, and at 128 that of all others. */
  readonly roles: Uint8Array;
  comment(text: string, at: number, final: boolean): number;
  /** `from` is where the word or number that touches `at` may begin at the earliest. */
  quoted(text: string, at: number, final: boolean, from: number): number;
  /** What opens or closes a comment whose content the server executes (MySQL's `/*!`). */
  executable?(text: string, at: number, final: boolean): number;
  /** For people: what an unclosed construct at `at` is, and what would close it. */
  describe(text: string, at: number): { readonly what: string; readonly closing: string };
}

export interface SpecialCharacters {
  readonly comment: string;
  readonly quote: string;
  readonly command?: string;
  /** Punctuation that words of this dialect may contain. */
  readonly word?: string;
}

export function rolesOf(special: SpecialCharacters): Uint8Array {
  const roles = new Uint8Array(129).fill(role.symbol, 0x21, 0x7f);
  const assign = (characters: string, value: number) => {
    for (const character of characters) roles[character.charCodeAt(0)] = value;
  };
  assign('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_', role.word);
  assign(special.word ?? '', role.word);
  assign(special.comment, role.comment);
  assign(special.quote, role.quote);
  assign(special.command ?? '', role.command);
  assign(';', role.terminator);
  roles[128] = role.word;
  return roles;
}

/** The same roles where neither words nor symbols matter. */
export function plainRolesOf(roles: Uint8Array): Uint8Array {
  return roles.map((value) => (value === role.word || value === role.symbol ? role.ordinary : value));
}

/** Role of the character at `at`. */
export function roleAt(roles: Uint8Array, text: string, at: number): number {
  const code = text.charCodeAt(at);
  return roles[code < 128 ? code : 128] ?? role.ordinary;
}

/** Tab, line feed, vertical tab, form feed, carriage return and space: white space to all three servers. */
export const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);

/** End of a comment that ends where `lineBreak` (a global expression) next matches. */
export function lineCommentEnd(text: string, at: number, final: boolean, lineBreak: RegExp): number {
  lineBreak.lastIndex = at;
  if (lineBreak.test(text)) return lineBreak.lastIndex;
  return final ? text.length : unclosed;
}

/** End of a comment that ends at the first `*` + `/`. */
export function blockCommentEnd(text: string, at: number): number {
  return endAfter(text, '*/', at + 2);
}

/** Offset after the next `closing`. */
export function endAfter(text: string, closing: string, from: number): number {
  const found = text.indexOf(closing, from);
  return found === -1 ? unclosed : found + closing.length;
}

const BACKSLASH = 0x5c;

/** End of a text in which a backslash takes the next character's meaning; `at` is its opening quote. */
export function escapedTextEnd(text: string, at: number): number {
  const quote = text.charCodeAt(at);
  const end = text.length;
  for (let next = at + 1; next < end; next++) {
    const code = text.charCodeAt(next);
    if (code === quote) return next + 1;
    if (code === BACKSLASH) next++;
  }
  return unclosed;
}
