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
    const { id, key, at } = rehearsal;
    this.#store.write(
      'INSERT INTO rehearsals (id, plan, at, rehearsal) VALUES (?, ?, ?, ?)',
      id,
      key,
      at,
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
    const text = this.#store.text('SELECT rehearsal FROM rehearsals WHERE plan = ? ORDER BY id DESC LIMIT 1', key);
    return text === null ? null : (JSON.parse(text) as Rehearsal);
  }
}
