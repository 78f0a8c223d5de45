import type { Rehearsal } from '../../shared/model/rehearsal.ts';
import type { Store } from './store.ts';

/** Rehearsals of one plan that are kept. */
const kept = 5;

/** What rehearsals saw, by the key of their plan. */
export class Rehearsals {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** @throws {ProblemError} `workspace.unwritable` */
  add(rehearsal: Rehearsal): void {
    const { id, key, at, environment } = rehearsal;
    this.#store.write(
      'INSERT INTO rehearsals (id, plan, at, environment, rehearsal) VALUES (?, ?, ?, ?, ?)',
      id,
      key,
      at,
      environment,
      JSON.stringify(rehearsal),
    );
    this.#store.write(
      'DELETE FROM rehearsals WHERE plan = ? AND id NOT IN (SELECT id FROM rehearsals WHERE plan = ? ORDER BY id DESC LIMIT ?)',
      key,
      key,
      kept,
    );
  }

  /** The last one of a plan. */
  last(key: string): Rehearsal | null {
    return this.#one('SELECT rehearsal FROM rehearsals WHERE plan = ? ORDER BY id DESC LIMIT 1', key);
  }

  get(id: string): Rehearsal | null {
    return this.#one('SELECT rehearsal FROM rehearsals WHERE id = ?', id);
  }

  /** The last one in an environment, by its name, that applied or rolled back a version. */
  lastWith(environment: string, version: string): Rehearsal | null {
    return this.#one(
      `SELECT rehearsal FROM rehearsals WHERE environment = ? AND EXISTS (
         SELECT 1 FROM json_each(rehearsal, '$.steps') WHERE json_extract(value, '$.version') = ?
       ) ORDER BY id DESC LIMIT 1`,
      environment,
      version,
    );
  }

  /** Newest first. */
  list(): Pick<Rehearsal, 'id' | 'at' | 'environment'>[] {
    return this.#store
      .texts(`SELECT json_object('id', id, 'at', at, 'environment', environment) FROM rehearsals ORDER BY id DESC`)
      .map((text) => JSON.parse(text) as Pick<Rehearsal, 'id' | 'at' | 'environment'>);
  }

  remove(id: string): void {
    this.#store.write('DELETE FROM rehearsals WHERE id = ?', id);
  }

  #one(sql: string, ...values: readonly string[]): Rehearsal | null {
    const text = this.#store.text(sql, ...values);
    return text === null ? null : (JSON.parse(text) as Rehearsal);
  }
}
