/**
 * A thread that watches the parent costs as much as all else of a process's start. So it is begun before the first thing
 * that may take long: until then statements are known to be quick, and nothing waits for another connection's lock.
 */
import type Database from 'better-sqlite3';
import { isSqliteFailure } from './faults.ts';

/** Of a file in which nothing takes long that does not read rows again and again. */
const pagesOfSmallFile = 4096;

export class Patience {
  readonly #timeoutMs: number;
  readonly #watchParent: () => void;
  #database: Database.Database;
  #pages: Database.Statement<[], number>;
  #watched = false;
  #waits = true;

  /**
   * @param timeoutMs milliseconds that the connection, as it was opened, waits for another's lock
   * @param watchParent begins to end this process with its parent's, even while a statement runs
   */
  constructor(database: Database.Database, timeoutMs: number, watchParent: () => void) {
    this.#timeoutMs = timeoutMs;
    this.#watchParent = watchParent;
    this.#database = database;
    this.#pages = pagesOf(database);
  }

  /** The file was opened again, in the middle of a message. */
  use(database: Database.Database): void {
    this.#database = database;
    this.#pages = pagesOf(database);
    this.#waits = true;
    this.#wait(this.#watched);
  }

  /** At the beginning of a message. */
  begin(): void {
    this.#wait(this.#watched);
    if (!this.#watched && this.retry(() => this.#pages.get() ?? 0) > pagesOfSmallFile) this.watch();
  }

  /** Before what may take long. */
  watch(): void {
    if (!this.#watched) this.#watchParent();
    this.#watched = true;
    this.#wait(true);
  }

  /** Before what is asked outside of a message. */
  wait(): void {
    this.#wait(true);
  }

  get watches(): boolean {
    return this.#watched;
  }

  /**
   * Runs what is only run outside of a transaction, or waits in it for nobody. What found the file locked has done nothing,
   * and a COMMIT can be tried again (sqlite.org/lang_transaction.html).
   */
  retry<R>(run: () => R): R {
    try {
      return run();
    } catch (error) {
      if (this.#waits || !isSqliteFailure(error) || !error.code.startsWith('SQLITE_BUSY')) throw error;
      this.watch();
      return run();
    }
  }

  #wait(long: boolean): void {
    if (this.#waits !== long) this.#database.pragma(`busy_timeout = ${String(long ? this.#timeoutMs : 0)}`);
    this.#waits = long;
  }
}

/** What the open transaction adds included. */
const pagesOf = (database: Database.Database): Database.Statement<[], number> =>
  database.prepare<[], number>('PRAGMA page_count').pluck().safeIntegers(false);
