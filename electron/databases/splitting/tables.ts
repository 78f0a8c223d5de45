// Which tables a statement names: a lexer's best effort, for people to read. It would rather miss one than invent one.
import type { Lexicon } from './lexicon.ts';
import { type Token, TokenReader } from './tokenReader.ts';

export interface TableRules {
  readonly lexicon: Lexicon;
  /** What may begin a quoted identifier. */
  readonly identifierQuotes: string;
  /** SELECT … INTO makes a table. */
  readonly selectInto: boolean;
}

/** Tables that the statement names, as written, without the names of its own WITH. */
export function tablesNamedIn(statement: string, rules: TableRules): string[] {
  const name = plainInsert.exec(statement)?.[1];
  if (name !== undefined && !beforeName.has(name.toUpperCase()) && !notNames.has(name.toUpperCase())) return [name];
  return new TableFinder(statement, rules).find();
}

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** Statements whose FROM, JOIN and UPDATE name tables. */
const reading = words(
  'SELECT INSERT REPLACE UPDATE DELETE MERGE WITH EXPLAIN CREATE COPY DECLARE DESCRIBE VALUES TABLE (',
);
/** Objects whose bodies are none of the statement's own doing. */
const bodies = words('FUNCTION PROCEDURE EVENT PACKAGE EXTENSION SUBSCRIPTION PUBLICATION SERVER DATABASE SCHEMA');
/** Objects that are ON a table. */
const onTable = words('INDEX TRIGGER POLICY');
/** Functions whose arguments are separated by FROM. */
const withFrom = words('EXTRACT SUBSTRING SUBSTR TRIM OVERLAY POSITION');
const insertModifiers = words('INSERT REPLACE MERGE IGNORE ABORT FAIL ROLLBACK DELAYED LOW_PRIORITY HIGH_PRIORITY');
const beforeName = words('ONLY IF NOT EXISTS IGNORE LOW_PRIORITY QUICK TABLE TABLES');
/** Statements that take several tables after TABLE. */
const takesList = words('DROP TRUNCATE LOCK RENAME ANALYZE CHECK OPTIMIZE REPAIR FLUSH');
const notNames = words('SELECT VALUES SET WHERE LATERAL UNNEST STDIN STDOUT PROGRAM DUAL INSTANCE NOWAIT WAIT AS ON');
const endOfList = words(
  'WHERE SET GROUP ORDER HAVING LIMIT UNION EXCEPT INTERSECT RETURNING WINDOW OFFSET FETCH FOR VALUES SELECT ; CASCADE RESTRICT',
);

/** What scripts of data are made of, thousands in a row: the same answer without reading token by token. */
const plainInsert = /^\s*(?:INSERT|REPLACE)\s+INTO\s+([a-z_]\w*(?:\.[a-z_]\w*)*)\s*(?:\([\w\s,]*\)\s*)?VALUES\b/i;

/** The state at one level of parentheses. */
interface Level {
  /** The word before its opening parenthesis. */
  readonly opener: string;
  /** A comma goes on with another table. */
  list: boolean;
}

class TableFinder {
  readonly #reader: TokenReader;
  readonly #rules: TableRules;
  readonly #names = new Set<string>();
  readonly #common = new Set<string>();
  #levels: Level[] = [{ opener: '', list: false }];
  #previous = '';
  #verb = '';
  /** What the statement creates, alters or drops. */
  #object = '';
  /** A name that a WITH may be defining. */
  #candidate: string | undefined;

  constructor(statement: string, rules: TableRules) {
    this.#reader = new TokenReader(rules.lexicon, statement);
    this.#rules = rules;
  }

  find(): string[] {
    for (let token = this.#reader.next(); token !== undefined; token = this.#reader.next()) {
      if (this.#verb === '') this.#verb = token.text;
      if (this.#isDone(token.text)) break;
      this.#followParentheses(token.text);
      this.#followWith(token);
      if (this.#introduces(token.text)) this.#takeName(token.text);
      else this.#previous = token.text;
    }
    return [...this.#names].filter((name) => !this.#common.has(name.toLowerCase()));
  }

  get #level(): Level {
    return this.#levels.at(-1) ?? { opener: '', list: false };
  }

  #isDone(word: string): boolean {
    if (this.#object === '' && /^(CREATE|ALTER|DROP)$/.test(this.#verb) && /^[A-Z]+$/.test(word))
      this.#noteObject(word);
    if (bodies.has(this.#object)) return true;
    if (onTable.has(this.#object) && this.#names.size > 0) return true;
    // The rows of an INSERT can be many and name nothing.
    return word === 'VALUES' && (this.#verb === 'INSERT' || this.#verb === 'REPLACE') && this.#levels.length === 1;
  }

  #noteObject(word: string): void {
    if (bodies.has(word) || onTable.has(word) || word === 'TABLE' || word === 'VIEW') this.#object = word;
  }

  #followParentheses(text: string): void {
    if (text === '(') this.#levels.push({ opener: this.#previous, list: false });
    if (text === ')' && this.#levels.length > 1) this.#levels.pop();
    if (endOfList.has(text)) this.#level.list = false;
  }

  /** WITH name [(columns)] AS [[NOT] MATERIALIZED] ( … ), name … */
  #followWith(token: Token): void {
    if (this.#previous === 'AS' && /^(\(|NOT|MATERIALIZED)$/.test(token.text) && this.#candidate !== undefined)
      this.#common.add(this.#candidate);
    const defines = this.#previous === 'WITH' || this.#previous === 'RECURSIVE' || this.#previous === ',';
    if (defines && !this.#level.list && this.#isIdentifier(token)) this.#candidate = this.#source(token).toLowerCase();
  }

  #introduces(word: string): boolean {
    const level = this.#level;
    const previous = this.#previous;
    switch (word) {
      case 'FROM':
        level.list =
          reading.has(this.#verb) && previous !== 'DISTINCT' && !withFrom.has(level.opener) && !this.#isCopySource();
        return level.list;
      case 'JOIN':
      case 'STRAIGHT_JOIN':
        return reading.has(this.#verb) || this.#verb === 'UPDATE';
      case 'INTO':
        return (
          insertModifiers.has(previous) ||
          (this.#rules.selectInto && this.#verb === 'SELECT' && this.#levels.length === 1)
        );
      case 'UPDATE':
        level.list = previous === '' || previous === ')' || previous === '(' || this.#verb === 'EXPLAIN';
        return level.list && reading.has(this.#verb);
      case 'USING':
        return this.#verb === 'DELETE' || this.#verb === 'MERGE';
      case 'TABLE':
      case 'TABLES':
        level.list = takesList.has(this.#verb);
        return this.#verb !== 'GRANT' && this.#verb !== 'REVOKE' && this.#verb !== 'SHOW';
      case 'TRUNCATE':
      case 'COPY':
      case 'LOCK':
        level.list = word !== 'COPY';
        return previous === '';
      case 'ON':
        return onTable.has(this.#object) && this.#levels.length === 1;
      case 'REFERENCES':
        return this.#verb === 'CREATE' || this.#verb === 'ALTER';
      case 'PARTITION':
        return this.#verb === 'ALTER' && (previous === 'ATTACH' || previous === 'DETACH');
      case 'OF':
        return previous === 'PARTITION' && this.#verb === 'CREATE';
      default:
        return word === ',' && level.list;
    }
  }

  #isCopySource(): boolean {
    return this.#verb === 'COPY' && this.#levels.length === 1;
  }

  /** Takes the name that follows `intro`, if a name follows. */
  #takeName(intro: string): void {
    this.#previous = intro;
    while (beforeName.has(this.#reader.peek() ?? '') || (intro === 'UPDATE' && this.#reader.peek() === 'OR'))
      this.#skipModifier();
    const name = this.#readName();
    if (name === undefined) return;
    const reads = intro === 'FROM' || intro === 'JOIN' || intro === 'USING' || intro === ',';
    if (!(reads && this.#reader.peek() === '(')) this.#names.add(name);
  }

  #skipModifier(): void {
    // SQLite's UPDATE OR action.
    if (this.#reader.next()?.text === 'OR') this.#reader.next();
  }

  /** A name and what qualifies it; undefined, and nothing taken, if something else follows. */
  #readName(): string | undefined {
    const next = this.#reader.peek();
    if (next === undefined || notNames.has(next) || (next !== '' && !/^[\w\x80-\uffff]/.test(next)) || /^\d/.test(next))
      return undefined;
    const first = this.#reader.next();
    if (first === undefined || !this.#isIdentifier(first)) return undefined;
    let name = this.#source(first);
    while (this.#reader.accept('.')) {
      const part = this.#reader.next();
      if (part === undefined) break;
      name += `.${this.#source(part)}`;
    }
    this.#previous = 'name';
    return name;
  }

  #isIdentifier(token: Token): boolean {
    if (token.text !== '') return /^[\p{L}_@]/u.test(token.text) && !notNames.has(token.text);
    return this.#rules.identifierQuotes.includes(this.#source(token).charAt(0));
  }

  #source(token: Token): string {
    return this.#reader.source(token);
  }
}
