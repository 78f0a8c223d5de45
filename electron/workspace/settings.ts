import type { Store } from './store.ts';

/** Values of any kind by key. */
export class Settings {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** As it was set by whoever owns the key; null when it was not. */
  get<T>(key: string): T | null {
    const found = this.#store.text('SELECT value FROM settings WHERE key = ?', key);
    return found === null ? null : (JSON.parse(found) as T);
  }

  set(key: string, value: unknown): void {
    this.#store.write(
      'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
      key,
      JSON.stringify(value),
    );
  }

  remove(key: string): void {
    this.#store.write('DELETE FROM settings WHERE key = ?', key);
  }
}
