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

/** What an engine can do. The core asks these, never names. */
export interface Capabilities {
  /** DDL, history row and journal row can share one transaction. */
  readonly transactionalDdl: boolean;
  /** A lock that belongs to a session and ends with it. */
  readonly sessionLock: boolean;
  readonly renameDatabase: boolean;
  /** Several statements travel in one message. */
  readonly multiStatementMessages: boolean;
  /** Bytes of SQL in one message at most. */
  readonly maxMessageBytes: number;
  readonly copyFromStdin: boolean;
}
