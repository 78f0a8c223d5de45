import type { Store } from './store.ts';

export interface AuditEntry {
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  /** The environment's name, or the ad hoc target's. */
  readonly environment: string | null;
  readonly run: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

export type AuditLine = AuditEntry & { readonly id: number };

const line = `json_object('id', id, 'at', at, 'actor', actor, 'action', action, 'environment', environment, 'run', run, 'detail', json(detail))`;

/** Who did what. Only grows: the file itself refuses changes. */
export class Audit {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  append({ at, actor, action, environment, run, detail }: AuditEntry): void {
    this.#store.write(
      'INSERT INTO audit (at, actor, action, environment, run, detail) VALUES (?, ?, ?, ?, ?, ?)',
      at,
      actor,
      action,
      environment,
      run,
      JSON.stringify(detail),
    );
  }

  /** Newest first. `environment`: its name; all without it. */
  list({ environment = null, limit }: { readonly environment?: string | null; readonly limit: number }): AuditLine[] {
    const found =
      environment === null
        ? this.#store.texts(`SELECT ${line} FROM audit ORDER BY id DESC LIMIT ?`, limit)
        : this.#store.texts(
            `SELECT ${line} FROM audit WHERE environment = ? ORDER BY id DESC LIMIT ?`,
            environment,
            limit,
          );
    return found.map((text) => JSON.parse(text) as AuditLine);
  }
}
