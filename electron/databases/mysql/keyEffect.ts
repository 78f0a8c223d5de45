// What the catalogue must say of keys and constraints when their definition has taken effect.
import { type ObjectName, Unreadable, type Words } from '../splitting/words.ts';
import { alike, found, here, missing, quoteLiteral, schemaOf } from './effectSql.ts';

/** A condition on a table, whose name the statement itself may change further on. */
export type Condition = (table: ObjectName) => string;

/** What a statement on a table makes true. Of what it drops and adds again only the new one is expected. */
export class TableEffect {
  readonly #expected = new Map<string, Condition>();
  readonly #dropped = new Map<string, Condition>();
  #unnamed = 0;

  /** `part`: of the table, the same for what one clause drops and another one adds. */
  expect(part: string, condition: Condition): void {
    if (this.#expected.has(part)) throw new Unreadable(part);
    this.#expected.set(part, condition);
  }

  expectUnnamed(condition: Condition): void {
    this.expect(`unnamed ${this.#unnamed++}`, condition);
  }

  expectDropped(part: string, condition: Condition): void {
    this.#dropped.set(part, condition);
  }

  get isEmpty(): boolean {
    return this.#expected.size === 0 && this.#dropped.size === 0;
  }

  conditions(table: ObjectName): string[] {
    const dropped = [...this.#dropped].filter(([part]) => !this.#expected.has(part));
    return [...this.#expected.values(), ...dropped.map(([, condition]) => condition)].map((of) => of(table));
  }
}

/** An index on exactly these columns; `name` null: whatever its name. `columns` as `a(10) DESC`. */
export function keyColumns(columns: readonly string[], unique: boolean, name?: string, type?: string): Condition {
  const part = "CONCAT(COLUMN_NAME, COALESCE(CONCAT('(', SUB_PART, ')'), ''), IF(COLLATION = 'D', ' DESC', ''))";
  const conditions = [`NON_UNIQUE = ${unique ? 0 : 1}`];
  if (name !== undefined) conditions.push(`INDEX_NAME = ${quoteLiteral(name)}`);
  if (type !== undefined) conditions.push(`INDEX_TYPE = ${quoteLiteral(type)}`);
  // FULLTEXT indexes have the lengths of no columns, or of all.
  const listed = type === 'FULLTEXT' ? 'COLUMN_NAME' : part;
  return (table) =>
    `${quoteLiteral(columns.join(','))} IN (SELECT GROUP_CONCAT(${listed} ORDER BY SEQ_IN_INDEX) FROM information_schema.STATISTICS WHERE ${[here(table), ...conditions].join(' AND ')} GROUP BY INDEX_NAME)`;
}

export const noIndex =
  (name: string): Condition =>
  (table) =>
    missing('STATISTICS', here(table), `INDEX_NAME = ${quoteLiteral(name)}`);

export const noConstraint =
  (name: string, type?: string): Condition =>
  (table) =>
    missing(
      'TABLE_CONSTRAINTS',
      here(table),
      `CONSTRAINT_NAME = ${quoteLiteral(name)}`,
      ...(type === undefined ? [] : [`CONSTRAINT_TYPE = '${type}'`]),
    );

/** Reads a key or constraint as CREATE TABLE and ALTER TABLE … ADD have it; false when none follows. @throws {Unreadable} */
export function readKey(words: Words, effect: TableEffect): boolean {
  const isConstraint = words.accept('CONSTRAINT');
  const symbol = isConstraint && !/^(?:PRIMARY|UNIQUE|FOREIGN|CHECK)$/.test(words.peek()) ? ifNotExists(words) : null;
  if (words.accept('PRIMARY KEY')) effect.expect('index primary', index(words, true, 'PRIMARY'));
  else if (words.accept('FOREIGN KEY')) foreignKey(words, symbol, effect);
  else if (words.accept('CHECK')) check(words, symbol, effect);
  else if (words.oneOf('UNIQUE INDEX', 'UNIQUE KEY', 'UNIQUE') !== '') named(words, effect, true, symbol);
  else if (!isConstraint && words.oneOf('INDEX', 'KEY') !== '') named(words, effect, false, null);
  else if (!isConstraint && /^(?:FULLTEXT|SPATIAL)$/.test(words.peek())) {
    const type = words.next().text;
    words.oneOf('INDEX', 'KEY');
    named(words, effect, false, null, type);
  } else if (isConstraint) throw new Unreadable('constraint');
  else return false;
  return true;
}

function ifNotExists(words: Words): string {
  words.accept('IF NOT EXISTS');
  return words.name();
}

function named(words: Words, effect: TableEffect, unique: boolean, symbol: string | null, type?: string): void {
  words.accept('IF NOT EXISTS');
  const isNamed = words.atName && words.peek() !== 'USING';
  const name = isNamed ? words.name() : symbol;
  const condition = index(words, unique, name ?? undefined, type === 'SPATIAL' ? 'SPATIAL' : type);
  if (name === null) effect.expectUnnamed(condition);
  else effect.expect(`index ${name.toLowerCase()}`, condition);
}

/** From what follows its name on. @throws {Unreadable} */
export function index(words: Words, unique: boolean, name: string | undefined, type?: string): Condition {
  if (words.accept('USING')) words.next();
  const columns = keyParts(words.group(), type);
  while (!words.ended && words.peek() !== ',') {
    if (words.accept('USING')) words.next();
    else if (words.accept('COMMENT')) words.text();
    // What chooses how it is built leaves no trace.
    else if (words.oneOf('ALGORITHM', 'LOCK') !== '') {
      words.accept('=');
      words.next();
    } else throw new Unreadable(words.peek());
  }
  return keyColumns(columns, unique, name, type);
}

function keyParts(words: Words, type: string | undefined): string[] {
  const columns = words.list(() => {
    const name = words.name();
    if (name.includes(',')) throw new Unreadable('name');
    const length = words.peek() === '(' ? `(${words.group().number()})` : '';
    const order = words.oneOf('ASC', 'DESC') === 'DESC' ? ' DESC' : '';
    // The server chooses a length for what it indexes by itself.
    return type === 'SPATIAL' ? `${name}(32)` : name + length + order;
  });
  words.finish();
  return columns;
}

function foreignKey(words: Words, symbol: string | null, effect: TableEffect): void {
  words.accept('IF NOT EXISTS');
  const given = words.atName ? words.name() : null;
  const columns = names(words.group());
  const { condition, name } = references(words, columns, symbol ?? given);
  if (name === null) effect.expectUnnamed(condition);
  else effect.expect(`constraint ${name.toLowerCase()}`, condition);
}

function names(words: Words): string[] {
  const listed = words.list(() => words.name());
  words.finish();
  return listed;
}

/** `REFERENCES …`. @throws {Unreadable} */
export function references(
  words: Words,
  columns: readonly string[],
  name: string | null,
): { condition: Condition; name: string | null } {
  words.expect('REFERENCES');
  const target = words.object();
  const referenced = names(words.group());
  const rules = { DELETE: rule('RESTRICT'), UPDATE: rule('RESTRICT') };
  while (words.accept('ON')) {
    const event = words.oneOf('DELETE', 'UPDATE');
    if (event === '') throw new Unreadable('rule');
    rules[event === 'DELETE' ? 'DELETE' : 'UPDATE'] = rule(
      words.oneOf('CASCADE', 'SET NULL', 'SET DEFAULT', 'RESTRICT', 'NO ACTION'),
    );
  }
  const pairs = columns.map((column, index) => `${column}>${referenced[index] ?? ''}`).join(',');
  const condition: Condition = (table) => {
    const inSchema = target.schema === null ? schemaOf(table) : quoteLiteral(target.schema);
    const constraints = [
      `CONSTRAINT_SCHEMA = ${schemaOf(table)}`,
      `TABLE_NAME = ${quoteLiteral(table.name)}`,
      `DELETE_RULE IN (${rules.DELETE})`,
      `UPDATE_RULE IN (${rules.UPDATE})`,
      ...(name === null ? [] : [`CONSTRAINT_NAME = ${quoteLiteral(name)}`]),
    ];
    const where = [
      here(table),
      `REFERENCED_TABLE_SCHEMA = ${inSchema}`,
      `REFERENCED_TABLE_NAME = ${quoteLiteral(target.name)}`,
      `CONSTRAINT_NAME IN (SELECT CONSTRAINT_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE ${constraints.join(' AND ')})`,
    ];
    return `${quoteLiteral(pairs)} IN (SELECT GROUP_CONCAT(CONCAT(COLUMN_NAME, '>', REFERENCED_COLUMN_NAME) ORDER BY ORDINAL_POSITION) FROM information_schema.KEY_COLUMN_USAGE WHERE ${where.join(' AND ')} GROUP BY CONSTRAINT_NAME)`;
  };
  return { condition, name };
}

/** Two servers have two names for the same. */
const rule = (action: string): string =>
  action === 'RESTRICT' || action === 'NO ACTION' ? "'RESTRICT', 'NO ACTION'" : `'${action}'`;

function check(words: Words, name: string | null, effect: TableEffect): void {
  const expression = words.group().rest();
  const condition: Condition = (table) => {
    const constraints = [
      here(table),
      "CONSTRAINT_TYPE = 'CHECK'",
      ...(name === null ? [] : [`CONSTRAINT_NAME = ${quoteLiteral(name)}`]),
    ];
    const ofTable = `CONSTRAINT_NAME IN (SELECT CONSTRAINT_NAME FROM information_schema.TABLE_CONSTRAINTS WHERE ${constraints.join(' AND ')})`;
    // MySQL's names of checks are a schema's, MariaDB's are a table's.
    return found(
      'CHECK_CONSTRAINTS',
      `CONSTRAINT_SCHEMA = ${schemaOf(table)}`,
      `/*M!100000 TABLE_NAME = ${quoteLiteral(table.name)} AND */ ${ofTable}`,
      alike('CHECK_CLAUSE', expression),
    );
  };
  if (name === null) effect.expectUnnamed(condition);
  else effect.expect(`constraint ${name.toLowerCase()}`, condition);
}
