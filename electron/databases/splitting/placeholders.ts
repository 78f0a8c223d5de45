// Placeholders of a statement: `${…}` in its code and in its quoted texts and names, never in comments and dollar quotes.
import type { FoundPlaceholder } from '../../engine/ports.ts';
import type { Lexicon } from './lexicon.ts';
import { TokenReader } from './tokenReader.ts';

const opening = '${';
/** `${{…}}` stands for `${…}` itself. */
const placeholder = /\$\{(\{[^{}\n]*\}|[^{}\n]*)\}/g;

export function placeholdersIn(lexicon: Lexicon, statement: string): FoundPlaceholder[] {
  if (!statement.includes(opening)) return [];
  const found: FoundPlaceholder[] = [];
  const reader = new TokenReader(lexicon, statement);
  for (let token = reader.next(); token !== undefined; token = reader.next()) {
    if (token.text === '{' && statement[token.start - 1] === '$') {
      const one = matchAt(statement, token.start - 1, null);
      if (one !== null) found.push(one);
    } else if (token.text === '' && statement[token.start] !== '$') {
      found.push(...matchesWithin(statement, token.start, token.end));
    }
  }
  return found;
}

function matchAt(statement: string, at: number, quote: string | null): FoundPlaceholder | null {
  placeholder.lastIndex = at;
  const match = placeholder.exec(statement);
  if (match?.index !== at) return null;
  return { start: at, end: placeholder.lastIndex, content: match[1] ?? '', quote };
}

function matchesWithin(statement: string, start: number, end: number): FoundPlaceholder[] {
  const found: FoundPlaceholder[] = [];
  const quote = statement.charAt(start);
  for (let at = statement.indexOf(opening, start); at !== -1 && at < end; at = statement.indexOf(opening, at + 1)) {
    const one = matchAt(statement, at, quote);
    if (one !== null && one.end <= end) found.push(one);
  }
  return found;
}
