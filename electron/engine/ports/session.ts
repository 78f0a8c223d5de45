// One connection to one database.
import type { LockHolder, LockInfo } from '../../../shared/model/lock.ts';
import type { ResultSet } from '../../../shared/model/run.ts';
import type { Statement } from '../../../shared/model/statement.ts';
import type { Capabilities, TableName } from './dialect.ts';
import type { ServerFault } from './fault.ts';

/** Which server and database a session really reached. */
export interface ServerIdentity {
  /** `PostgreSQL`, `MariaDB`, `MySQL`, `SQLite`, or one that is compatible with them: `CockroachDB`, `TiDB` … */
  readonly product: string;
  /** What joins several servers of that product into one database, each of which takes writes; absent: it is one server. */
  readonly cluster?: string;
  readonly version: string;
  /** Stable for one server and database whatever name it was reached by; equal identities mean the same database. */
  readonly id: string;
  readonly database: string;
  /** Of tables named without one, when the session was opened; null: there is none. */
  readonly schema: string | null;
  readonly user: string;
  /** The backend that serves this session, with its start time where the server tells. */
  readonly backend: string;
  /** The server refuses writes (standby, `read_only`, read-only file). */
  readonly readOnly: boolean;
}

/** One piece of a message, sent in order. */
export type Unit =
  | { readonly kind: 'control'; readonly sql: string }
  | { readonly kind: 'statement'; readonly sql: string; readonly statement: Statement };

export interface UnitResult {
  readonly affectedRows: number | null;
  readonly resultSet: ResultSet | null;
}

export interface MessageObserver {
  /** Called once for each unit that completed, in order, on the main loop; must be cheap. */
  completed(unit: number, result: UnitResult): void;
  notice(severity: string, message: string): void;
}

/** Rows of a query. Integers beyond 2^53 and dates arrive as text. */
export type Row = Readonly<Record<string, string | number | boolean | null>>;

export interface Rows extends Array<Row> {
  /** The server's own numbers of the columns' types (PostgreSQL's OIDs, MySQL's protocol), where it tells them. */
  readonly columnTypes?: Readonly<Record<string, number>>;
}

/** The types are no property that a comparison or a copy of the rows would meet. */
export const typedRows = (rows: readonly Row[], columnTypes: Readonly<Record<string, number>>): Rows =>
  Object.defineProperty([...rows], 'columnTypes', { value: columnTypes });

export interface Session {
  readonly identity: ServerIdentity;
  readonly capabilities: Capabilities;
  /**
   * Sends the units in as few messages as the engine allows, in order, and stops at the first error.
   * @throws {MessageFault} naming the unit that failed.
   */
  send(units: readonly Unit[], observer: MessageObserver): Promise<void>;
  /** Feeds a `COPY … FROM stdin`. Only where `copyFromStdin`. @throws {ServerFault} */
  copyIn(sql: string, data: AsyncIterable<string>): Promise<UnitResult>;
  /**
   * One statement with parameters (`?` placeholders are written `$1`, `$2` … on every engine). Those asked at the same time
   * are answered in order, in one round trip where the engine can. @throws {ServerFault}
   */
  query(sql: string, parameters?: readonly (string | number | null)[]): Promise<Rows>;
  /** Column names of a table in order; null when there is no such table. */
  columns(table: TableName): Promise<string[] | null>;
  /**
   * Makes the tables of another file known by a name for as long as the session lives, where databases are files. False:
   * there is no such file, and this session only reads. @throws {ServerFault}
   */
  attach?(file: string, name: string): Promise<boolean>;
  /** Asks the server to stop the running statement, from a connection of its own. Resolves when asked. */
  cancel(): Promise<void>;
  /** Tries once, never blocks. Null: taken by this session now; else who has it. */
  tryLock(name: string, holder: LockHolder): Promise<LockInfo | null>;
  /** Who has it, without taking it. */
  lockInfo(name: string): Promise<LockInfo>;
  unlock(name: string): Promise<void>;
  /**
   * Fails when a lock taken here is not this session's any more. Asks the server if `always`, else only when something
   * was sent that could have freed one. @throws {ServerFault} kind `lockLost`
   */
  confirmLocks(always: boolean): Promise<void>;
  /** By its text alone: after it `confirmLocks` has reason to ask. */
  mayFreeLocks(sql: string): boolean;
  /**
   * Sent as the last before a COMMIT: fails when a lock taken here is another's, and keeps it ours until the commit.
   * Empty where a lock of the server's own needs no such thing.
   */
  fence(): readonly string[];
  /**
   * Ends whoever holds it, whether at work or not: the server rolls back what that session had not committed.
   * `refused`: a holder that lives on this computer, where the engine has no server to end it.
   * @throws {ServerFault} kind `rights`
   */
  endHolder(name: string): Promise<'ended' | 'free' | 'refused'>;
  close(): Promise<void>;
  /** Gives the connection up: what runs fails with `reason`, of kind `connectionLost`, and so does all that follows. */
  abandon(reason: ServerFault): void;
}
