// What the database is asked right before a migration is applied, and what becomes of the migration by the answer.

/** Asked in order, and only until the answer is certain. */
export type Question =
  /** A query of one row with one value: as text it is the answer for yes, else no. */
  | { readonly ask: string; readonly answer: string }
  | { readonly all: readonly Question[] }
  | { readonly any: readonly Question[] }
  | { readonly none: readonly Question[] };

/**
 * `stop`: it fails. `skip`: it is neither run nor recorded, and stays pending. `record`: it is recorded without being
 * run. `warn`: it runs all the same.
 */
export type Otherwise = 'stop' | 'skip' | 'record' | 'warn';

export interface Condition {
  readonly question: Question;
  /** Of its script's file, 1-based. */
  readonly line: number;
  /** The answer is no. */
  readonly unmet: Otherwise;
  /** The server refuses a question. */
  readonly unanswered: Otherwise;
  /** Its author's words for when it is not met; null: none. */
  readonly message: string | null;
}
