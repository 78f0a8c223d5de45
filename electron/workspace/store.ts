/** What every noun of the workspace reads and writes through. */
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { damagedInUse, isDamage, isFileError, unwritable } from './database.ts';
import { emptyWhenMissing } from './lineFile.ts';
import { syncFile } from './sharedSync.ts';

export type Value = string | number | null;

export class Store {
  readonly directory: string;
  readonly #database: Database.Database;
  readonly #statements = new Map<string, Database.Statement<Value[]>>();
  /** As the file was opened. */
  #waits = true;

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

  /**
   * Whole and on the disk when it returns, with all that was noted before it. Number of rows changed.
   * @throws {ProblemError} `workspace.unwritable`, `workspace.damaged`
   */
  write(sql: string, ...values: Value[]): number {
    return this.#change(true, sql, values);
  }

  /**
   * As whole as everything else, and there for others at once, but not waited for until it is on the disk: a machine that
   * loses its power may lose it before `sync` or `write`. A process that is killed loses nothing.
   */
  note(sql: string, ...values: Value[]): number {
    return this.#change(false, sql, values);
  }

  /**
   * Resolves when all that was noted before is on the disk. SQLite would wait for it with this whole process standing
   * still, and for each change by itself. A file system that cannot have its log of changes has each synced already.
   * @throws {ProblemError} `workspace.unwritable`
   */
  async sync(): Promise<void> {
    try {
      await syncFile(join(this.directory, 'workspace.db-wal'), 'r+');
    } catch (error) {
      if (isFileError(error)) throw unwritable(this.directory, error);
      emptyWhenMissing(error);
    }
  }

  #change(waits: boolean, sql: string, values: readonly Value[]): number {
    try {
      if (waits !== this.#waits) this.#database.pragma(`synchronous = ${waits ? 'FULL' : 'NORMAL'}`);
      this.#waits = waits;
      return this.#prepare(sql).run(...values).changes;
    } catch (error) {
      throw isFileError(error) ? unwritable(this.directory, error) : this.#told(error);
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
