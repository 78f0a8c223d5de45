/**
 * Rows that a step loses though nothing deletes them. DROP TABLE deletes the rows of its table first, with all that
 * refer to them where foreign keys are enforced (sqlite.org/foreignkeys.html section 5): so a table that is rebuilt takes its
 * children's rows with it, silently. And what is copied into the new table may be less than what the old one held.
 */
import type Database from 'better-sqlite3';
import { ServerFault } from '../../engine/ports.ts';
import { tablesOf } from './classify.ts';
import { withoutLeadingComments } from './comments.ts';
import { sqliteDialect } from './dialect.ts';

/** Tables told with a failure. */
const toldTables = 5;

const dropsTable = /^DROP\s+TABLE\b/i;
const replacesTable = /^(?:DROP\s+TABLE\b|ALTER\s+TABLE\b.*\bRENAME\s+TO\b)/is;
const deletes = /^(?:DELETE|REPLACE|INSERT\s+OR\s+REPLACE|UPDATE\s+OR\s+REPLACE)\b|^WITH\b.*\b(?:DELETE|REPLACE)\b/is;

interface Count {
  readonly name: string;
  /** Changes when a table of the same name is another one. */
  readonly root: number;
  readonly rows: number;
  /** Values that refer to other tables. */
  readonly references: number;
}
type Counts = ReadonlyMap<string, Count>;

export class RowCounts {
  readonly #database: Database.Database;
  /** Before the first statement that replaces a table. */
  #before: Counts | null = null;
  /** Tables whose rows the script itself deletes. */
  #deleted = new Set<string>();
  #accepted = false;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  /** Somebody knows of it: nothing is refused until the step ends. */
  accept(): void {
    this.#accepted = true;
  }

  /** Runs a statement of a script. @throws {ServerFault} kind `rowsLost`, with the statement undone */
  guard<R>(sql: string, run: () => R): R {
    const text = withoutLeadingComments(sql);
    if (deletes.test(text)) for (const name of tablesOf(sql)) this.#deleted.add(keyOf(name));
    if (this.#accepted || !replacesTable.test(text)) return run();
    const before = this.#counts();
    this.#before ??= before;
    const cascades = dropsTable.test(text) && this.#database.pragma('foreign_keys', { simple: true }) === 1n;
    return cascades ? this.#withoutLoss(before, run) : run();
  }

  /** At the end of a step. @throws {ServerFault} kind `rowsLost` */
  check(): void {
    const before = this.#before;
    if (before !== null && !this.#accepted) {
      const now = this.#counts();
      const lost = [...before].flatMap(([key, { name, rows, root }]) => {
        const left = now.get(key);
        const explained = this.#deleted.has(key) || (left?.root !== root && this.#deletedElsewhere(now));
        return left === undefined || left.rows >= rows || explained
          ? []
          : [`${name} had ${rows} rows and has ${left.rows}`];
      });
      if (lost.length > 0) throw lostRows(`No statement deletes these rows: ${listed(lost)}.`);
    }
    this.end();
  }

  /** The step ended, or its transaction was rolled back. */
  end(): void {
    this.#before = null;
    this.#deleted = new Set();
    this.#accepted = false;
  }

  /** Rows were deleted of a table that has another name now. */
  #deletedElsewhere(now: Counts): boolean {
    return [...this.#deleted].some((name) => !now.has(name));
  }

  #withoutLoss<R>(before: Counts, run: () => R): R {
    this.#database.exec('SAVEPOINT lockkeeper_drop');
    let result: R;
    try {
      result = run();
      this.#requireAll(before);
    } catch (error) {
      // A failure may have ended the whole transaction, and the savepoint with it.
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK TO lockkeeper_drop; RELEASE lockkeeper_drop');
      throw error;
    }
    this.#database.exec('RELEASE lockkeeper_drop');
    return result;
  }

  #requireAll(before: Counts): void {
    const now = this.#counts();
    const lost = [...now].flatMap(([key, { name, rows, references }]) => {
      const had = before.get(key);
      if (had === undefined) return [];
      if (rows < had.rows) return [`${had.rows - rows} rows of ${name} would be deleted`];
      return references < had.references
        ? [`${had.references - references} references in ${name} would be cleared`]
        : [];
    });
    if (lost.length > 0)
      throw lostRows(`PRAGMA foreign_keys is ON, so that dropping the table changes others: ${listed(lost)}.`);
  }

  #counts(): Counts {
    const tables = this.#database
      .prepare<[], { name: string; rootpage: bigint }>(
        `SELECT name, rootpage FROM main.sqlite_schema
          WHERE type = 'table' AND rootpage > 0 AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'lockkeeper\\_%' ESCAPE '\\'`,
      )
      .all();
    return new Map(
      tables.map(({ name, rootpage }) => [keyOf(name), { name, root: Number(rootpage), ...this.#count(name) }]),
    );
  }

  #count(name: string): Pick<Count, 'rows' | 'references'> {
    const columns = this.#database
      .prepare<[string], string>('SELECT DISTINCT "from" FROM pragma_foreign_key_list(?)')
      .pluck()
      .all(name)
      .map((column) => `count(${sqliteDialect.quoteIdentifier(column)})`);
    const sql = `SELECT count(*) AS rows, ${columns.join(' + ') || '0'} AS refs FROM ${sqliteDialect.quoteTable({ schema: 'main', name })}`;
    const found = this.#database.prepare<[], { rows: bigint; refs: bigint }>(sql).get();
    return { rows: Number(found?.rows ?? 0), references: Number(found?.refs ?? 0) };
  }
}

/** Names of SQLite differ by more than the case of their ASCII letters; quotes and the schema are no part of them. */
const keyOf = (name: string): string =>
  name
    .replace(/^["`[]?main["`\]]?\s*\.\s*/i, '')
    .replace(/^["`[](.*)["`\]]$/s, '$1')
    .toLowerCase();

const listed = (lost: readonly string[]): string =>
  `${lost.slice(0, toldTables).join(', ')}${lost.length > toldTables ? ` and more in ${lost.length - toldTables} other tables` : ''}`;

const lostRows = (message: string): ServerFault => new ServerFault('rowsLost', message);
