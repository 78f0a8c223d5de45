/** What the REST API has answered to requests that carry a key, so that one sent twice is done once. */
import type { Store } from './store.ts';

export interface StoredAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

interface Begun {
  /** SHA-256 of the request that came with the key first. */
  readonly request: string;
  /** Null: it was not answered yet, or its process died. */
  readonly answer: StoredAnswer | null;
}

export class Answers {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Null: from now on the key is this request's. Else what it was used for before. */
  begin(token: string, key: string, request: string, at: string): Begun | null {
    const added = this.#store.write(
      'INSERT OR IGNORE INTO api_answers (token, key, request, at) VALUES (?, ?, ?, ?)',
      token,
      key,
      request,
      at,
    );
    if (added === 1) return null;
    const found = this.#store.text(
      `SELECT json_object('request', request, 'answer', json(answer)) FROM api_answers WHERE token = ? AND key = ?`,
      token,
      key,
    );
    return found === null ? { request, answer: null } : (JSON.parse(found) as Begun);
  }

  finish(token: string, key: string, answer: StoredAnswer): void {
    this.#store.write(
      'UPDATE api_answers SET answer = ? WHERE token = ? AND key = ?',
      JSON.stringify(answer),
      token,
      key,
    );
  }

  /** @param before ISO 8601 in UTC */
  removeBefore(before: string): void {
    this.#store.write('DELETE FROM api_answers WHERE at < ?', before);
  }
}
