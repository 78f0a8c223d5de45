import type { Store } from './store.ts';

export interface TrustedProgram {
  /** SHA-256 of everything that the program consists of. */
  readonly digest: string;
  /** Where it was found; for people, as the digest alone decides. */
  readonly source: string;
  readonly path: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly by: string;
}

/** Programs whose exact content a person has trusted. */
export class Trusted {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  has(digest: string): boolean {
    return this.#store.text('SELECT digest FROM trusted_programs WHERE digest = ?', digest) !== null;
  }

  add({ digest, source, path, at, by }: TrustedProgram): void {
    this.#store.write(
      'INSERT INTO trusted_programs (digest, source, path, trusted_at, trusted_by) VALUES (?, ?, ?, ?, ?) ON CONFLICT (digest) DO NOTHING',
      digest,
      source,
      path,
      at,
      by,
    );
  }
}
