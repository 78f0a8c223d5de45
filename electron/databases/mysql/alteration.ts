/** What an ALTER TABLE or CREATE INDEX asks for, and where in its text. */
import { type ObjectName, readable, type Words } from '../splitting/words.ts';
import { type Clause, columnsIn, indexType, type Span, spanned, takeClauses } from './alterationClauses.ts';
import { mysqlDialect } from './dialect.ts';
import { skipQualifiers } from './judgement.ts';
import { wordsIn } from './statementWords.ts';

export interface Alteration {
  readonly table: ObjectName;
  readonly tableSpan: Span;
  /** The offset after the table's name and how long to wait for it. */
  readonly nameEnd: number;
  /** The offset after its last word: comments may follow. */
  readonly end: number;
  readonly clauses: readonly Clause[];
  /** As the statement demands; null: it leaves the choice to the server. */
  readonly algorithm: Demand | null;
  readonly lock: Demand | null;
  /** MariaDB's: rows that break a new key are dropped. */
  readonly ignores: boolean;
  readonly form: 'ALTER TABLE' | 'CREATE INDEX';
}

export interface Demand {
  /** In upper case. */
  readonly value: string;
  readonly span: Span;
}

/**
 * MariaDB's DROP INDEX and OPTIMIZE TABLE take no demands: they become the same as an ALTER TABLE, which does. Other
 * statements stay as they are; null where there is nothing to alter.
 */
export function readDemandable(statement: string): { text: string; alteration: Alteration } | null {
  const text = readable(() => asAlterTable(statement)) ?? statement;
  const alteration = readAlteration(text);
  return alteration === null ? null : { text, alteration };
}

function asAlterTable(statement: string): string | null {
  const words = wordsIn(statement);
  const { quoteIdentifier, quoteTable } = mysqlDialect;
  if (words.accept('OPTIMIZE')) {
    words.oneOf('LOCAL', 'NO_WRITE_TO_BINLOG');
    if (words.oneOf('TABLE', 'TABLES') === '') return null;
    const table = words.object();
    return words.ended ? `ALTER TABLE ${quoteTable(table)} FORCE` : null;
  }
  if (!words.accept('DROP INDEX')) return null;
  const ifExists = words.accept('IF EXISTS') ? 'IF EXISTS ' : '';
  const name = words.name();
  words.expect('ON');
  return `ALTER TABLE ${quoteTable(words.object())} DROP INDEX ${ifExists}${quoteIdentifier(name)}`;
}

/** Null for other statements, and for what cannot be read. */
function readAlteration(statement: string): Alteration | null {
  return readable(() => {
    const words = wordsIn(statement);
    switch (words.oneOf('ALTER', 'CREATE')) {
      case 'ALTER':
        return alterTable(words);
      case 'CREATE':
        return createIndex(words);
      default:
        return null;
    }
  });
}

function alterTable(words: Words): Alteration | null {
  words.accept('ONLINE');
  const ignores = words.accept('IGNORE');
  skipQualifiers(words);
  if (!words.accept('TABLE')) return null;
  words.accept('IF EXISTS');
  const named = nameOf(words);
  const clauses: Clause[] = [];
  const demands = new Demands();
  while (!words.ended) {
    if (words.accept(',') || demands.take(words)) continue;
    clauses.push(...takeClauses(words));
  }
  return { ...named, ...demands.taken, clauses, end: words.offset, ignores, form: 'ALTER TABLE' };
}

function createIndex(words: Words): Alteration | null {
  words.accept('OR REPLACE');
  const type = words.oneOf('UNIQUE', 'FULLTEXT', 'SPATIAL').toLowerCase();
  if (!words.accept('INDEX')) return null;
  words.accept('IF NOT EXISTS');
  words.name();
  if (words.accept('USING')) words.next();
  words.expect('ON');
  const named = nameOf(words);
  const columns = columnsIn(words.group());
  return {
    ...named,
    ...rest(words),
    clauses: [{ kind: 'addIndex', type: indexType(type), columns }],
    form: 'CREATE INDEX',
  };
}

function nameOf(words: Words): Pick<Alteration, 'table' | 'tableSpan' | 'nameEnd'> {
  const [table, tableSpan] = spanned(words, () => words.object());
  if (!words.accept('NOWAIT') && words.accept('WAIT')) words.number();
  return { table, tableSpan, nameEnd: words.offset };
}

function rest(words: Words): Pick<Alteration, 'algorithm' | 'lock' | 'end' | 'ignores'> {
  const demands = new Demands();
  while (!words.ended) if (!demands.take(words)) words.next();
  return { ...demands.taken, end: words.offset, ignores: false };
}

/** The ALGORITHM and LOCK that a statement demands. */
class Demands {
  taken: Pick<Alteration, 'algorithm' | 'lock'> = { algorithm: null, lock: null };

  take(words: Words): boolean {
    const from = words.offset;
    const name = words.oneOf('ALGORITHM', 'LOCK');
    if (name === '') return false;
    words.accept('=');
    const value = words.next().text;
    const demand = value === 'DEFAULT' ? null : { value, span: { from, to: words.offset } };
    this.taken = name === 'LOCK' ? { ...this.taken, lock: demand } : { ...this.taken, algorithm: demand };
    return true;
  }
}

export interface TextChange {
  readonly span: Span;
  readonly text: string;
}

/** The statement with these demands instead of its own. `lock` null: none, and `DEFAULT` where it has its own. */
export function demanding(alteration: Alteration, algorithm: string, lock: string | null): TextChange[] {
  const own = [
    replaced(alteration.algorithm, `ALGORITHM=${algorithm}`),
    replaced(alteration.lock, `LOCK=${lock ?? 'DEFAULT'}`),
  ];
  const missing = [
    ...(alteration.algorithm === null ? [`ALGORITHM=${algorithm}`] : []),
    ...(alteration.lock === null && lock !== null ? [`LOCK=${lock}`] : []),
  ];
  return [...own.flat(), ...(missing.length === 0 ? [] : [added(alteration, missing)])];
}

const replaced = (demand: Demand | null, text: string): TextChange[] =>
  demand === null ? [] : [{ span: demand.span, text: ` ${text}` }];

function added({ form, clauses, nameEnd, end }: Alteration, missing: readonly string[]): TextChange {
  const atEnd = { from: end, to: end };
  if (form !== 'ALTER TABLE') return { span: atEnd, text: ` ${missing.join(' ')}` };
  const last = clauses.find(({ kind }) => kind === 'partition' || kind === 'orderBy');
  if (last === undefined) return { span: atEnd, text: `${clauses.length === 0 ? ' ' : ', '}${missing.join(', ')}` };
  // Nothing can follow these two; what partitions a table itself follows without a comma.
  const isAlone = clauses.length === 1 && last.kind === 'partition' && /^(?:PARTITION BY|REMOVE)/.test(last.verb);
  return { span: { from: nameEnd, to: nameEnd }, text: ` ${missing.join(', ')}${isAlone ? '' : ','}` };
}

export const withChanges = (statement: string, changes: readonly TextChange[]): string =>
  changes
    .toSorted((one, other) => other.span.from - one.span.from)
    .reduce((text, { span, text: put }) => text.slice(0, span.from) + put + text.slice(span.to), statement);
