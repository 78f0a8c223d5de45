/** Tokens of the REST API: who they stand for, and the digest by which one is known. */
import type { ApiToken } from '../../shared/model/token.ts';
import type { Store } from './store.ts';

type Stored = Omit<ApiToken, 'lastUsedAt'>;
interface Row {
  readonly token: Stored;
  readonly digest: string;
  readonly usedAt: string | null;
}

const row = `json_object('token', json(token), 'digest', digest, 'usedAt', used_at)`;

export class Tokens {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** @param digest SHA-256 of the token, lower-case hex */
  add({ lastUsedAt: _, ...token }: ApiToken, digest: string): void {
    this.#store.write(
      'INSERT INTO api_tokens (id, digest, token) VALUES (?, ?, ?)',
      token.id,
      digest,
      JSON.stringify(token),
    );
  }

  /** Oldest first, with the digests. */
  list(): (ApiToken & { readonly digest: string })[] {
    return this.#store.texts(`SELECT ${row} FROM api_tokens ORDER BY id`).map((text) => {
      const { token, digest, usedAt } = JSON.parse(text) as Row;
      return { ...token, lastUsedAt: usedAt, digest };
    });
  }

  used(id: string, at: string): void {
    this.#store.write('UPDATE api_tokens SET used_at = ? WHERE id = ?', at, id);
  }

  remove(id: string): void {
    this.#store.write('DELETE FROM api_tokens WHERE id = ?', id);
    this.#store.write('DELETE FROM api_answers WHERE token = ?', id);
  }
}
