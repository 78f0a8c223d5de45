/** The clauses of an ALTER TABLE. */
import { type ObjectName, readable, type Words } from '../splitting/words.ts';
import { type ColumnDefinition, readDefinition } from './columnDefinition.ts';

export type Clause =
  | { readonly kind: 'addColumn'; readonly column: ColumnDefinition; readonly position: Position }
  | {
      readonly kind: 'changeColumn';
      readonly before: string;
      readonly column: ColumnDefinition;
      readonly position: Position;
    }
  | {
      readonly kind: 'dropColumn' | 'setDefault' | 'dropForeignKey' | 'dropIndex' | 'dropConstraint';
      readonly name: string;
      readonly span: Span;
    }
  | { readonly kind: 'renameColumn' | 'renameIndex'; readonly before: string; readonly after: string }
  | {
      readonly kind: 'addIndex';
      readonly type: 'btree' | 'unique' | 'fulltext' | 'spatial';
      readonly columns: readonly string[];
    }
  | { readonly kind: 'addForeignKey'; readonly columns: readonly string[] }
  | {
      readonly kind:
        | 'addPrimaryKey'
        | 'dropPrimaryKey'
        | 'addCheck'
        | 'force'
        | 'orderBy'
        | 'metadata'
        | 'systemVersioning';
    }
  | { readonly kind: 'convert'; readonly charset: string; readonly collation: string | null }
  | { readonly kind: 'renameTable'; readonly to: ObjectName; readonly span: Span }
  | { readonly kind: 'option'; readonly name: string; readonly value: string }
  | { readonly kind: 'partition'; readonly verb: string }
  | { readonly kind: 'unknown' };

type Position = 'first' | 'after' | null;

/** From the end of the word before to the end of its last word: offsets in the statement. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export function spanned<T>(words: Words, read: () => T): readonly [T, Span] {
  const from = words.offset;
  const value = read();
  return [value, { from, to: words.offset }];
}

/** Takes one clause up to its comma. */
export function takeClauses(words: Words): Clause[] {
  const clauses = words.ahead((copy) => readable(() => clausesOf(copy))) ?? [{ kind: 'unknown' }];
  let isFirst = true;
  for (let depth = 0; !words.ended; isFirst = false) {
    const text = words.peek();
    // Partitioning follows the last clause without a comma, and may hold commas itself.
    if (depth === 0 && (text === ',' || (!isFirst && isPartitioning(words)))) break;
    if (text === '(') depth++;
    if (text === ')') depth--;
    words.next();
  }
  if (clauses.some(({ kind }) => kind === 'partition')) words.rest();
  return clauses;
}

const isPartitioning = (words: Words): boolean =>
  words.ahead((copy) => copy.oneOf('PARTITION BY', 'REMOVE PARTITIONING') !== '');

/** @throws {Unreadable} */
function clausesOf(words: Words): Clause[] {
  const partition = words.ahead(partitionVerb);
  if (partition !== '') return [{ kind: 'partition', verb: partition }];
  switch (words.peek()) {
    case 'ADD':
      words.next();
      return added(words);
    case 'DROP':
      words.next();
      return [dropped(words)];
    case 'MODIFY':
    case 'CHANGE':
      return [changed(words)];
    case 'ALTER':
      words.next();
      return [altered(words)];
    case 'RENAME':
      words.next();
      return [renamed(words)];
    default:
      return [option(words)];
  }
}

/** `DROP PARTITION`, `PARTITION BY` …; '' where the clause is not about partitions. */
function partitionVerb(words: Words): string {
  const alone = words.oneOf('PARTITION BY', 'REMOVE PARTITIONING');
  if (alone !== '') return alone;
  const verb = words.next().text;
  return words.oneOf('PARTITION', 'ALL') === '' ? '' : `${verb} PARTITION`;
}

function added(words: Words): Clause[] {
  const key = words.ahead((copy) => addedKey(copy));
  if (key !== null) return [key];
  words.accept('COLUMN');
  words.accept('IF NOT EXISTS');
  if (words.peek() !== '(') return [addColumn(words)];
  const inside = words.group();
  return inside.list(() => addedPart(inside));
}

function addedPart(words: Words): Clause {
  const part = words.ahead((copy) => addedKey(copy)) ?? words.ahead(addColumn);
  while (!words.ended && words.peek() !== ',') words.peek() === '(' ? words.group() : words.next();
  return part;
}

function addColumn(words: Words): Clause {
  const column = readDefinition(words);
  return { kind: 'addColumn', column, position: position(words) };
}

function position(words: Words): Position {
  if (words.accept('FIRST')) return 'first';
  if (!words.accept('AFTER')) return null;
  words.name();
  return 'after';
}

function addedKey(words: Words): Clause | null {
  if (words.accept('SYSTEM VERSIONING') || words.accept('PERIOD FOR')) return { kind: 'systemVersioning' };
  if (words.accept('CONSTRAINT') && !/^(?:PRIMARY|UNIQUE|FOREIGN|CHECK)$/.test(words.peek())) {
    words.accept('IF NOT EXISTS');
    words.name();
  }
  if (words.accept('PRIMARY KEY')) return { kind: 'addPrimaryKey' };
  if (words.accept('CHECK')) return { kind: 'addCheck' };
  if (words.accept('FOREIGN KEY')) return { kind: 'addForeignKey', columns: keyColumns(words) };
  const type = words.oneOf('UNIQUE', 'FULLTEXT', 'SPATIAL').toLowerCase();
  if (words.oneOf('INDEX', 'KEY') === '' && type === '') return null;
  return { kind: 'addIndex', type: indexType(type), columns: keyColumns(words) };
}

export const indexType = (word: string): 'btree' | 'unique' | 'fulltext' | 'spatial' =>
  word === 'unique' || word === 'fulltext' || word === 'spatial' ? word : 'btree';

/** Of `[IF NOT EXISTS] [name] [USING …] (a, b)`. */
function keyColumns(words: Words): string[] {
  while (words.peek() !== '(') words.next();
  return columnsIn(words.group());
}

export const columnsIn = (words: Words): string[] =>
  words.list(() => {
    const name = words.atName ? words.name() : '';
    while (!words.ended && words.peek() !== ',') words.peek() === '(' ? words.group() : words.next();
    return name;
  });

function changed(words: Words): Clause {
  const isChange = words.next().text === 'CHANGE';
  words.accept('COLUMN');
  words.accept('IF EXISTS');
  const before = isChange ? words.name() : words.ahead((copy) => copy.name());
  const column = readDefinition(words);
  return { kind: 'changeColumn', before, column, position: position(words) };
}

const droppedKinds: Readonly<Record<string, 'dropForeignKey' | 'dropIndex' | 'dropConstraint'>> = {
  'FOREIGN KEY': 'dropForeignKey',
  INDEX: 'dropIndex',
  KEY: 'dropIndex',
  CONSTRAINT: 'dropConstraint',
  CHECK: 'dropConstraint',
};

function dropped(words: Words): Clause {
  if (words.accept('PRIMARY KEY')) return { kind: 'dropPrimaryKey' };
  if (words.accept('SYSTEM VERSIONING')) return { kind: 'systemVersioning' };
  const kind = droppedKinds[words.oneOf(...Object.keys(droppedKinds))] ?? 'dropColumn';
  words.accept('COLUMN');
  words.accept('IF EXISTS');
  const [name, span] = spanned(words, () => words.name());
  return { kind, name, span };
}

function altered(words: Words): Clause {
  // IGNORED, INVISIBLE, and whether a check is enforced.
  if (words.oneOf('INDEX', 'KEY', 'CHECK', 'CONSTRAINT') !== '') return { kind: 'metadata' };
  words.accept('COLUMN');
  words.accept('IF EXISTS');
  const [name, span] = spanned(words, () => words.name());
  return { kind: 'setDefault', name, span };
}

function renamed(words: Words): Clause {
  const part = words.oneOf('COLUMN', 'INDEX', 'KEY');
  if (part === '') {
    words.oneOf('TO', 'AS', '=');
    const [to, span] = spanned(words, () => words.object());
    return { kind: 'renameTable', to, span };
  }
  words.accept('IF EXISTS');
  const before = words.name();
  words.expect('TO');
  return { kind: part === 'COLUMN' ? 'renameColumn' : 'renameIndex', before, after: words.name() };
}

function option(words: Words): Clause {
  if (words.accept('FORCE')) return { kind: 'force' };
  if (words.accept('ORDER BY')) return { kind: 'orderBy' };
  if (words.oneOf('ENABLE KEYS', 'DISABLE KEYS') !== '') return { kind: 'metadata' };
  if (words.accept('CONVERT TO')) {
    words.oneOf('CHARACTER SET', 'CHARSET');
    const charset = words.next().source.toLowerCase();
    return { kind: 'convert', charset, collation: words.accept('COLLATE') ? words.next().source.toLowerCase() : null };
  }
  words.accept('DEFAULT');
  const name = words.oneOf('CHARACTER SET', 'CHARSET') === '' ? words.next().text : 'CHARSET';
  words.accept('=');
  return { kind: 'option', name, value: words.next().source.replace(/^['`"]|['`"]$/g, '') };
}
