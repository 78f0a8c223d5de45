/** What a statement on a table, or a pragma, says. */
import { readable, Unreadable, type Words } from '../../splitting/words.ts';
import { wordsIn } from '../statementWords.ts';

/** A statement on a table. Names as written, without quotes. */
export type Definition =
  | { readonly kind: 'createTable' | 'dropTable'; readonly table: string }
  | { readonly kind: 'renameTable'; readonly table: string; readonly to: string }
  | { readonly kind: 'addColumn' | 'dropColumn' | 'renameColumn'; readonly table: string; readonly column: string }
  | { readonly kind: 'createIndex'; readonly table: string; readonly unique: boolean };

/** Its name and what it sets, in upper case. */
export interface Pragma {
  readonly name: string;
  /** Null: it asks. */
  readonly value: string | null;
}

/** Null for others, and for what cannot be read. */
export const definitionOf = (statement: string): Definition | null => readable(() => definitionIn(wordsIn(statement)));
export const pragmaOf = (statement: string): Pragma | null => readable(() => pragmaIn(wordsIn(statement)));

/** @throws {Unreadable} */
function definitionIn(words: Words): Definition | null {
  switch (words.oneOf('CREATE', 'DROP', 'ALTER')) {
    case 'CREATE':
      return created(words);
    case 'DROP':
      if (!words.accept('TABLE')) return null;
      words.accept('IF EXISTS');
      return { kind: 'dropTable', table: words.object().name };
    case 'ALTER':
      words.expect('TABLE');
      return altered(words, words.object().name);
    default:
      return null;
  }
}

function created(words: Words): Definition | null {
  if (words.oneOf('TABLE', 'VIRTUAL TABLE') !== '') {
    words.accept('IF NOT EXISTS');
    return { kind: 'createTable', table: words.object().name };
  }
  const unique = words.accept('UNIQUE');
  if (!words.accept('INDEX')) return null;
  words.accept('IF NOT EXISTS');
  words.object();
  words.expect('ON');
  return { kind: 'createIndex', table: words.name(), unique };
}

function altered(words: Words, table: string): Definition {
  if (words.accept('RENAME TO')) return { kind: 'renameTable', table, to: words.name() };
  const verb = words.oneOf('ADD', 'DROP', 'RENAME');
  if (verb === '') throw new Unreadable('ALTER TABLE');
  words.accept('COLUMN');
  const kind = verb === 'ADD' ? 'addColumn' : verb === 'DROP' ? 'dropColumn' : 'renameColumn';
  return { kind, table, column: words.name() };
}

/** @throws {Unreadable} */
function pragmaIn(words: Words): Pragma {
  words.expect('PRAGMA');
  let name = words.next().text;
  if (words.accept('.')) name = words.next().text;
  if (words.ended) return { name, value: null };
  const given = words.accept('=') ? words : words.group();
  return {
    name,
    value: given
      .next()
      .source.replace(/^['"]|['"]$/g, '')
      .toUpperCase(),
  };
}

export const isOn = (value: string | null): boolean => /^(?:1|ON|YES|TRUE)$/.test(value ?? '');
