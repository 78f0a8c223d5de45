// What engines differ in when SQL is written for them, and what they can do.

export interface TableName {
  /** PostgreSQL schema, MySQL database; null: the connection's default. */
  readonly schema: string | null;
  readonly name: string;
}

/** How an engine writes names and values into SQL text. */
export interface Dialect {
  quoteIdentifier(name: string): string;
  quoteTable(table: TableName): string;
  /** A literal safe under every setting a session may have; null becomes NULL. */
  quoteLiteral(value: string | number | boolean | null): string;
  /** Current time of the server as the session's own type (`now()`), never a client-made string. */
  readonly now: string;
  /** SQL run when a step begins so that `elapsedMs` works; empty when not needed. */
  readonly startTimer: string;
  /** Expression: whole milliseconds since `startTimer`. */
  readonly elapsedMs: string;
}

/**
 * What a product can do. The core asks these, never names. A driver's are those of the products that it is written for;
 * a session's are those of what it really reached, which may be less.
 */
export interface Capabilities {
  /** DDL, history row and journal row can share one transaction. */
  readonly transactionalDdl: boolean;
  /**
   * What keeps a second runner out. `session`: a lock of the server that ends with its session. `lease`: a row of ours
   * that its holder renews, and that another takes over when it is not. `none`: nothing can; no run may begin.
   */
  readonly runnerLock: 'session' | 'lease' | 'none';
  readonly renameDatabase: boolean;
  /** Several statements travel in one message. */
  readonly multiStatementMessages: boolean;
  /** Bytes of SQL in one message at most. */
  readonly maxMessageBytes: number;
  readonly copyFromStdin: boolean;
  /** The dump program of its family reads the whole database, and what it writes can be restored. */
  readonly dumps: boolean;
}
