/** What an author asks of one statement, on a line of its own before it. */
export type StatementDirective =
  | { readonly kind: 'batch'; readonly line: number; readonly batch: Batch }
  | { readonly kind: 'expect'; readonly line: number; readonly rows: RowBounds };

/** A statement that is repeated until it affects no rows, each time in a transaction of its own. */
export interface Batch {
  /** Value of `${batchSize}` in the statement; null: it has none. */
  readonly size: number | null;
  /** Milliseconds between two batches. */
  readonly pauseMs: number;
  /** After so many it must have come to its end. */
  readonly max: number;
}

/** Rows that a statement must affect, or a query return; both ends included. */
export interface RowBounds {
  readonly least: number;
  /** Null: no bound. */
  readonly most: number | null;
}

/** How far a batched statement has come: what is committed of it. */
export interface BatchCount {
  readonly batches: number;
  readonly rows: number;
}
