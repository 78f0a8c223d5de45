/** What the definition of a column says that decides what adding or changing it costs. */
import { readable, type Words } from '../splitting/words.ts';
import { columnType } from './columnEffect.ts';

export interface ColumnDefinition {
  readonly name: string;
  /** The spellings that servers have for its type; empty where it cannot be read. */
  readonly types: readonly string[];
  readonly charset: string | null;
  readonly collation: string | null;
  readonly notNull: boolean;
  readonly generated: 'virtual' | 'stored' | null;
  readonly default: 'none' | 'constant' | 'expression';
  readonly autoIncrement: boolean;
  readonly key: 'primary' | 'unique' | null;
  readonly references: boolean;
}

type Writable = { -readonly [Key in keyof ColumnDefinition]: ColumnDefinition[Key] };

/** From its name on, up to its comma or place. @throws {Unreadable} */
export function readDefinition(words: Words): ColumnDefinition {
  const name = words.name();
  const types = words.ahead((copy) => readable(() => columnType(copy)));
  const found: Writable = {
    name,
    types: types ?? [],
    charset: null,
    collation: null,
    notNull: false,
    generated: null,
    default: 'none',
    autoIncrement: false,
    key: null,
    references: false,
  };
  words.next();
  while (!words.ended && words.peek() !== ',' && !/^(?:FIRST|AFTER|PARTITION)$/.test(words.peek()))
    attribute(words, found);
  return found;
}

function attribute(words: Words, found: Writable): void {
  if (words.accept('NOT NULL')) found.notNull = true;
  else if (words.accept('DEFAULT')) found.default = defaultKind(words);
  else if (words.accept('COMMENT') || words.accept('ON UPDATE')) words.next();
  else if (words.accept('AUTO_INCREMENT')) found.autoIncrement = true;
  else if (words.oneOf('CHARACTER SET', 'CHARSET') !== '') found.charset = words.next().source.toLowerCase();
  else if (words.accept('COLLATE')) found.collation = words.next().source.toLowerCase();
  else if (words.accept('AS')) {
    words.group();
    found.generated = words.oneOf('STORED', 'PERSISTENT') === '' ? 'virtual' : 'stored';
  } else if (words.accept('UNIQUE')) {
    words.accept('KEY');
    found.key = 'unique';
  } else if (words.oneOf('PRIMARY KEY', 'KEY') !== '') found.key = 'primary';
  else if (words.accept('REFERENCES')) found.references = true;
  // Another way of storing the same type.
  else if (words.accept('COMPRESSED')) found.types = [];
  else if (words.peek() === '(') words.group();
  else words.next();
}

/** What differs from row to row cannot be added without writing every row. */
function defaultKind(words: Words): 'constant' | 'expression' {
  const given = words.peek() === '(' ? words.group().rest() : [words.next()];
  return given.some(({ text }) => /^(?:UUID|UUID_SHORT|SYS_GUID|NEXTVAL|NEXT)$/.test(text)) ? 'expression' : 'constant';
}
