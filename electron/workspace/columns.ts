/** What was last read of each environment for the matrix. Lists of migrations that environments share are kept once. */
import type { KnownColumn, KnownDrift, MigrationList } from '../../shared/model/matrix.ts';
import type { Store } from './store.ts';

export class Columns {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Returns what was there before; null: it was never read. @throws {ProblemError} `workspace.unwritable` */
  set(environmentId: string, list: MigrationList, column: KnownColumn): KnownColumn | null {
    const before = this.get(environmentId);
    this.#store.note('INSERT OR IGNORE INTO migration_lists (id, list) VALUES (?, ?)', list.id, JSON.stringify(list));
    this.#store.note(
      'INSERT INTO matrix_columns (environment_id, list, known) VALUES (?, ?, ?) ON CONFLICT (environment_id) DO UPDATE SET list = excluded.list, known = excluded.known',
      environmentId,
      list.id,
      JSON.stringify(column),
    );
    if (before !== null && before.list !== list.id) this.#removeUnusedLists();
    return before;
  }

  /** Null: never read. */
  get(environmentId: string): KnownColumn | null {
    const text = this.#store.text('SELECT known FROM matrix_columns WHERE environment_id = ?', environmentId);
    return text === null ? null : (JSON.parse(text) as KnownColumn);
  }

  list(id: string): MigrationList | null {
    const text = this.#store.text('SELECT list FROM migration_lists WHERE id = ?', id);
    return text === null ? null : (JSON.parse(text) as MigrationList);
  }

  /** @throws {ProblemError} `workspace.unwritable` */
  setDrift(environmentId: string, drift: KnownDrift): void {
    this.#store.note(
      'INSERT INTO matrix_drift (environment_id, drift) VALUES (?, ?) ON CONFLICT (environment_id) DO UPDATE SET drift = excluded.drift',
      environmentId,
      JSON.stringify(drift),
    );
  }

  drift(environmentId: string): KnownDrift | null {
    const text = this.#store.text('SELECT drift FROM matrix_drift WHERE environment_id = ?', environmentId);
    return text === null ? null : (JSON.parse(text) as KnownDrift);
  }

  remove(environmentId: string): void {
    this.#store.note('DELETE FROM matrix_columns WHERE environment_id = ?', environmentId);
    this.#store.note('DELETE FROM matrix_drift WHERE environment_id = ?', environmentId);
    this.#removeUnusedLists();
  }

  #removeUnusedLists(): void {
    this.#store.note('DELETE FROM migration_lists WHERE id NOT IN (SELECT list FROM matrix_columns)');
  }
}
