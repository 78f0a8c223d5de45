import { type KeyPurpose, keyPurposes, type TrustedKey } from '../../shared/model/trustedKey.ts';
import type { Store } from './store.ts';

/** One row per key; who it belongs to and what for is a person's word. */
export class TrustedKeys {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** By name. */
  list(): TrustedKey[] {
    return this.#store.texts('SELECT entry FROM trusted_keys ORDER BY name, public_key').map(keyFrom);
  }

  find(publicKey: string): TrustedKey | null {
    const entry = this.#store.text('SELECT entry FROM trusted_keys WHERE public_key = ?', publicKey);
    return entry === null ? null : keyFrom(entry);
  }

  /** Replaces what was said of the same key. @throws {ProblemError} `workspace.unwritable` */
  save(key: TrustedKey): void {
    this.#store.write(
      'INSERT INTO trusted_keys (public_key, name, entry) VALUES (?, ?, ?) ON CONFLICT (public_key) DO UPDATE SET name = excluded.name, entry = excluded.entry',
      key.publicKey,
      key.name,
      JSON.stringify(key),
    );
  }

  remove(publicKey: string): void {
    this.#store.write('DELETE FROM trusted_keys WHERE public_key = ?', publicKey);
  }
}

/** A purpose that this version does not know gives nothing. */
function keyFrom(entry: string): TrustedKey {
  const key = JSON.parse(entry) as TrustedKey;
  return { ...key, purposes: key.purposes.filter((purpose: KeyPurpose) => keyPurposes.includes(purpose)) };
}
