/** Stands in for the package `sqlite3`: its shape as libraries use it, over the lent session. */
import { EventEmitter } from 'node:events';
import { answered, type Callback, isCallback } from './callback.ts';
import type { Values } from './inline.ts';
import { firstWord, type Link } from './link.ts';

/** What a callback finds as `this`. */
interface Done {
  readonly lastID: number;
  readonly changes: number;
}

export function sqliteDriver(link: Link): object {
  class Database extends EventEmitter {
    constructor(_file: string, ...given: readonly unknown[]) {
      super();
      answered(Promise.resolve(), given.find(isCallback));
    }
    run(sql: string, ...given: readonly unknown[]): this {
      return this.#tell(this.#change(sql, valuesOf(given)), given, () => []);
    }
    all(sql: string, ...given: readonly unknown[]): this {
      const asked = link.query(this, sql, valuesOf(given)).then((answer) => ({ lastID: 0, changes: 0, ...answer }));
      return this.#tell(asked, given, ({ rows }) => [[...rows]]);
    }
    get(sql: string, ...given: readonly unknown[]): this {
      const asked = link.query(this, sql, valuesOf(given)).then((answer) => ({ lastID: 0, changes: 0, ...answer }));
      return this.#tell(asked, given, ({ rows }) => [rows[0]]);
    }
    exec(sql: string, callback?: Callback): this {
      return this.run(sql, callback);
    }
    serialize(work?: () => unknown): void {
      work?.();
    }
    parallelize(work?: () => unknown): void {
      work?.();
    }
    close(callback?: Callback): void {
      answered(Promise.resolve(), callback);
    }
    async #change(sql: string, values: Values | undefined): Promise<Done> {
      const { affectedRows } = await link.query(this, sql, values);
      if (!/^(INSERT|REPLACE)$/.test(firstWord(sql))) return { lastID: 0, changes: affectedRows ?? 0 };
      const { rows } = await link.query(this, 'SELECT last_insert_rowid() AS id');
      return { lastID: Number(rows[0]?.['id'] ?? 0), changes: affectedRows ?? 0 };
    }
    #tell<T extends Done>(
      promise: Promise<T>,
      given: readonly unknown[],
      results: (done: T) => readonly unknown[],
    ): this {
      const callback = given.find(isCallback);
      promise.then(
        (done) => callback?.call(done, null, ...results(done)),
        (error: unknown) => callback?.call({ lastID: 0, changes: 0 }, error),
      );
      return this;
    }
  }
  const flags = { OPEN_READONLY: 1, OPEN_READWRITE: 2, OPEN_CREATE: 4 };
  return { ...flags, Database, verbose: () => ({ ...flags, Database }) };
}

/** A list or an object of values, or values one after the other. */
function valuesOf(given: readonly unknown[]): Values | undefined {
  const [first, ...rest] = given.filter((value) => !isCallback(value));
  if (Array.isArray(first)) return first;
  if (typeof first === 'object' && first !== null && !Buffer.isBuffer(first) && !(first instanceof Date))
    return Object.fromEntries(Object.entries(first));
  return first === undefined ? undefined : [first, ...rest];
}
