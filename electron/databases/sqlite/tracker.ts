import type { ScriptContext } from '../splitting/dialect.ts';
import { literal, type OpenBlock, type Tracker } from '../splitting/tracker.ts';

/** The words that may precede TRIGGER, as in SQLite's own src/complete.c. */
const beforeTrigger = new Set(['EXPLAIN', 'QUERY', 'PLAN', 'CREATE', 'TEMP', 'TEMPORARY']);

/** Follows CREATE TRIGGER … BEGIN … END, the one statement that may contain `;`. */
export class SqliteTracker implements Tracker {
  readonly #script: ScriptContext;
  #state: 'first' | 'trigger' | 'body' | 'plain' = 'first';
  #previous = literal;
  #body: OpenBlock | undefined;
  readonly copiesData = false;

  constructor(script: ScriptContext) {
    this.#script = script;
  }

  get plain(): boolean {
    return this.#state === 'plain';
  }

  get holds(): boolean {
    return this.#state === 'body';
  }

  get open(): OpenBlock | undefined {
    return this.holds ? this.#body : undefined;
  }

  reset(): void {
    this.#state = 'first';
    this.#previous = literal;
  }

  token(token: string, at: number): void {
    if (this.#state === 'first' && !beforeTrigger.has(token)) this.#state = token === 'TRIGGER' ? 'trigger' : 'plain';
    if (this.#state === 'trigger' && token === 'BEGIN') {
      this.#state = 'body';
      this.#body = { what: 'BEGIN of CREATE TRIGGER', closing: 'END', place: this.#script.locate(at) };
    }
    // Each statement of a body ends with `;`, so that its END, unlike that of a CASE, follows `;`.
    if (this.#state === 'body' && token === 'END' && this.#previous === ';') this.#state = 'plain';
    this.#previous = token;
  }
}
