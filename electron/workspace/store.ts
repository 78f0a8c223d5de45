/** What every noun of the workspace reads and writes through. */
import type Database from 'better-sqlite3';
import { damagedInUse, isDamage, isFileError, unwritable } from './database.ts';

export type Value = string | number | null;

export class Store {
  readonly directory: string;
  readonly #database: Database.Database;
  readonly #statements = new Map<string, Database.Statement<Value[]>>();

  constructor(database: Database.Database, directory: string) {
    this.#database = database;
    this.directory = directory;
  }

  /** The one column of each row, which the schema declares as text. */
  texts(sql: string, ...values: Value[]): string[] {
    return this.#reading(() =>
      this.#prepare(sql)
        .pluck()
        .all(...values)
        .map(String),
    );
  }

  /** The same, row by row. */
  *each(sql: string, ...values: Value[]): Generator<string> {
    try {
      for (const value of this.#prepare(sql)
        .pluck()
        .iterate(...values))
        yield String(value);
    } catch (error) {
      throw this.#told(error);
    }
  }

  text(sql: string, ...values: Value[]): string | null {
    return this.texts(sql, ...values)[0] ?? null;
  }

  /** Number of rows changed. @throws {ProblemError} `workspace.unwritable`, `workspace.damaged` */
  write(sql: string, ...values: Value[]): number {
    try {
      return this.#prepare(sql).run(...values).changes;
    } catch (error) {
      throw isFileError(error) ? unwritable(this.directory, error) : this.#told(error);
    }
  }

  /**
   * Writes what can be found out anew: whole as everything else, but not waited for until it is on the disk, so that a
   * machine that loses its power may lose it.
   */
  note(sql: string, ...values: Value[]): number {
    this.#database.pragma('synchronous = NORMAL');
    try {
      return this.write(sql, ...values);
    } finally {
      this.#database.pragma('synchronous = FULL');
    }
  }

  /** @throws {ProblemError} `workspace.damaged` */
  #reading<R>(read: () => R): R {
    try {
      return read();
    } catch (error) {
      throw this.#told(error);
    }
  }

  #told(error: unknown): unknown {
    return isDamage(error) ? damagedInUse(this.directory, error) : error;
  }

  close(): void {
    this.#database.close();
  }

  #prepare(sql: string): Database.Statement<Value[]> {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare<Value[]>(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
