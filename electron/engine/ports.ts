/** What the core needs from outside. Everything that touches a server, a file or a clock stands behind one of these. */
import type { BatchCount } from '../../shared/model/directive.ts';
import type { HistoryEntry } from '../../shared/model/history.ts';
import type { LockHolder, LockInfo } from '../../shared/model/lock.ts';
import type { ProgramScript, Script } from '../../shared/model/migration.ts';
import type { Step } from '../../shared/model/plan.ts';
import type { ResultSet } from '../../shared/model/run.ts';
import type { ScriptPiece, Statement, StatementTraits } from '../../shared/model/statement.ts';

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

/** Which server and database a session really reached. */
export interface ServerIdentity {
  /** `PostgreSQL`, `MariaDB`, `MySQL`, `SQLite`. */
  readonly product: string;
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

export interface Session {
  readonly identity: ServerIdentity;
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
  query(sql: string, parameters?: readonly (string | number | null)[]): Promise<Row[]>;
  /** Column names of a table in order; null when there is no such table. */
  columns(table: TableName): Promise<string[] | null>;
  /** Asks the server to stop the running statement, from a connection of its own. Resolves when asked. */
  cancel(): Promise<void>;
  /** Tries once, never blocks. Null: taken by this session now; else who has it. */
  tryLock(name: string, holder: LockHolder): Promise<LockInfo | null>;
  /** Who has it, without taking it. */
  lockInfo(name: string): Promise<LockInfo>;
  unlock(name: string): Promise<void>;
  /**
   * Ends whoever holds it, whether at work or not: the server rolls back what that session had not committed.
   * `refused`: a holder that lives on this computer, where the engine has no server to end it.
   * @throws {ServerFault} kind `rights`
   */
  endHolder(name: string): Promise<'ended' | 'free' | 'refused'>;
  close(): Promise<void>;
}

interface FaultFacts {
  readonly code?: string | null;
  readonly position?: number | null;
  readonly detail?: string | null;
  readonly remedy?: string | null;
  readonly cause?: unknown;
}

/** What a server or the connection to it said. Services turn it into a Problem with place and state. */
export class ServerFault extends Error {
  readonly kind: FaultKind;
  /** SQLSTATE, errno or SQLite code, as text. */
  readonly code: string | null;
  /** 0-based offset in the SQL text sent (UTF-16 units) where the server pointed; null when it did not. */
  readonly position: number | null;
  /** DETAIL, HINT and context of the server, joined; untrusted. */
  readonly detail: string | null;
  /** What gives a missing right; completes "Ask an administrator to …". */
  readonly remedy: string | null;

  constructor(kind: FaultKind, message: string, about: FaultFacts = {}) {
    super(message, { cause: about.cause });
    this.name = 'ServerFault';
    this.kind = kind;
    this.code = about.code ?? null;
    this.position = about.position ?? null;
    this.detail = about.detail ?? null;
    this.remedy = about.remedy ?? null;
  }
}

export type FaultKind =
  | 'statement'
  | 'noSuchTable'
  | 'rights'
  | 'readOnly'
  | 'lockTimeout'
  | 'timeout'
  | 'cancelled'
  | 'diskFull'
  /** Rows refer to others that do not exist. */
  | 'brokenReferences'
  /** The connection is gone: whether the last message took effect is unknown. */
  | 'connectionLost'
  /** Connecting itself failed. */
  | 'unreachable'
  | 'authentication'
  | 'tls'
  | 'noDatabase'
  | 'tooManyConnections'
  | 'unsupportedServer'
  /** A proxy stands in front that does not keep one server session per connection. */
  | 'pooler';

/** A fault while sending units; every unit before `unit` completed, and `completed` was called for it. */
export class MessageFault extends Error {
  readonly unit: number;
  readonly fault: ServerFault;

  constructor(unit: number, fault: ServerFault) {
    super(fault.message, { cause: fault });
    this.name = 'MessageFault';
    this.unit = unit;
    this.fault = fault;
  }
}

/** Facts a tool may write into its row. SQL expressions come from the dialect. */
export interface HistoryWrite {
  readonly step: Step;
  readonly dialect: Dialect;
  readonly actor: string;
  readonly runId: string;
}

/** What a repair writes. `step` tells of the migration; no script of it is run. */
export interface RepairWrite extends HistoryWrite {
  /** Why, in a person's words. */
  readonly reason: string;
}

/** Corrections that a tool's table can hold: SQL for each. One that is absent cannot be written into it. */
export interface HistoryRepairs {
  /** Puts the file's checksum (`step.checksum`) in place of the recorded one. */
  updateChecksum?(write: RepairWrite): string[];
  markApplied?(write: RepairWrite): string[];
  markReverted?(write: RepairWrite): string[];
  /** Takes away an entry that failed or was interrupted: the migration is pending again. */
  removeFailed?(write: RepairWrite): string[];
  /** Without it a baseline is written as `markApplied`. */
  baseline?(write: RepairWrite): string[];
  /** Sets the one version that the table holds. */
  force?(write: RepairWrite): string[];
}

/** A tool's history table in one database: reads entries, and yields the SQL that keeps it. */
export interface HistoryTable {
  readonly table: TableName;
  /** Null when the table does not exist. Never writes. */
  read(session: Session): Promise<HistoryEntry[] | null>;
  /** Statements that create it exactly as its tool would. */
  create(): string[];
  /** Before a step whose effect cannot share a transaction with its row (HMIS's EXECUTING, golang-migrate's dirty). */
  started?(write: HistoryWrite): string[];
  applied(write: HistoryWrite): string[];
  reverted(write: HistoryWrite): string[];
  /** After a failed step, in a message of its own. */
  failed?(write: HistoryWrite, message: string): string[];
  readonly repairs?: HistoryRepairs;
  /** The tool's own lock, where it has one; taken on the executing session beside ours. Null result: taken. */
  tryToolLock?(session: Session): Promise<LockInfo | null>;
  releaseToolLock?(session: Session): Promise<void>;
}

/** Journal rows beside the effects they tell of; SQL only, so that they travel in the same message. */
export interface JournalTables {
  /** Statements that create whatever is missing; empty when all is there. A question. @throws {ServerFault} kind `rights` */
  missing(session: Session): Promise<readonly string[]>;
  /**
   * Creates what is `missing` (asked for when not given) and sends `opening` after it, in as few messages as it takes.
   * @throws {ServerFault} kind `rights` when not allowed; of `opening` nothing has happened then.
   */
  prepare(session: Session, opening?: readonly string[], missing?: readonly string[]): Promise<void>;
  runStarted(run: JournalRun): string[];
  /** Before a step that is not one transaction and its first statement. `probe`: of that, SQL expression or null. */
  stepIntent(entry: JournalStep, probe: string | null): string[];
  /** Before statement `statement` of such a step; also tells that all before it are done. `probe`: SQL expression or null. */
  statementIntent(entry: JournalStep, statement: number, probe: string | null): string[];
  /** In the transaction of a batch of statement `statement`: with it, so much is committed. */
  batchDone(entry: JournalStep, statement: number, count: BatchCount): string[];
  /** In the step's own transaction, or after its last statement. */
  stepDone(entry: JournalStep): string[];
  stepFailed(entry: JournalStep, message: string): string[];
  runFinished(runId: string, outcome: string): string[];
  /** Steps recorded of a run; empty when there is no journal. */
  readSteps(session: Session, runId: string): Promise<JournalRow[]>;
  /** What it tells last of each version in a history table, failed steps left out; null when there is no journal. */
  readLatest(session: Session, historyTable: string): Promise<JournalLatest[] | null>;
}

export interface JournalRun {
  readonly id: string;
  readonly action: string;
  readonly actor: string;
  readonly host: string;
  readonly process: string;
  readonly fingerprint: string;
  readonly tool: string;
  readonly historyTable: string;
  readonly backend: string;
}

export interface JournalStep {
  readonly runId: string;
  readonly step: number;
  readonly version: string;
  readonly action: string;
  readonly sha256: string;
  readonly statements: number;
}

export interface JournalRow {
  readonly step: number;
  readonly version: string;
  readonly state: 'intent' | 'done' | 'failed';
  /** Statement last announced, from 0. */
  readonly statement: number | null;
  /** Of that statement, where it is batched. */
  readonly batch: BatchCount | null;
}

/** The last thing the journal tells of a version. */
export interface JournalLatest {
  readonly runId: string;
  readonly version: string;
  readonly action: 'apply' | 'revert';
  /** `intent`: begun, and its end was not written. */
  readonly state: 'intent' | 'done';
  /** Of the script. */
  readonly sha256: string;
}

/** The client's own journal: survives a server that is lost or restored. */
export interface ClientJournal {
  /** Resolves when the record is on disk if `durable`, else when it is queued. */
  append(record: Readonly<Record<string, unknown>>, durable: boolean): Promise<void>;
}

/** Reads scripts. */
export interface ScriptReader {
  /**
   * The script's text in chunks of at most 1 MiB of UTF-8, its SHA-256 compared at the end.
   * @throws {ProblemError} `plan.stale` when the text is not the planned one, `script.notUtf8` with its place.
   */
  read(script: Script): AsyncIterable<string>;
}

/** Runs programs, each in a process of its own that has no connection and no credentials. Trust is the caller's affair. */
export interface ProgramRunner {
  /**
   * Calls one without a database, for the SQL that it yields.
   * @throws {ProblemError} `script.program` when it fails, `plan.stale` when it is not the planned one
   */
  preview(script: ProgramScript): Promise<ProgramPreview>;
  /**
   * Calls one with the session lent to it; resolves when nothing of it is left. `sql`: what it leaves to be run after it.
   * @throws {ProblemError} as `preview`; `run.cancelled`
   */
  run(script: ProgramScript, lent: LentSession, signal: AbortSignal): Promise<{ readonly sql: string | null }>;
}

export type ProgramPreview =
  | { readonly kind: 'sql'; readonly sql: string; readonly transaction: boolean }
  /** What it does is known only when it runs. */
  | { readonly kind: 'runs' }
  | { readonly kind: 'irreversible'; readonly reason: string };

/** The session as a program sees it. What these throw reaches the program as an error. */
export interface LentSession {
  /** `line`: of the program, where it asked. */
  query(
    sql: string,
    parameters: readonly (string | number | null)[],
    line: number,
  ): Promise<{ readonly rows: readonly Row[]; readonly affectedRows: number | null }>;
  /** Its own words: untrusted. */
  say(severity: 'log' | 'output', message: string): void;
  progress(done: number, total: number): void;
}

/** How an engine reads and judges SQL text. */
export interface SqlText {
  createSplitter(options: { path?: string; firstLine?: number; firstColumn?: number }): {
    push(chunk: string): ScriptPiece[];
    finish(): ScriptPiece[];
  };
  classify(statement: string): StatementTraits;
  tablesOf(statement: string): string[];
  /** Placeholders in its code and in its quoted texts and names, in order. */
  placeholdersIn(statement: string): FoundPlaceholder[];
  /** Its words, values and signs as written, without comments and white space. */
  tokensOf(statement: string): string[];
  /** What the engine's own parser says of it, without a server; absent where there is no such parser. */
  checkSyntax?(statement: string): Promise<SyntaxFault | null>;
}

export interface FoundPlaceholder {
  /** 0-based offsets in the statement (UTF-16 units) of all of it, end exclusive. */
  readonly start: number;
  readonly end: number;
  /** Between `${` and `}`. */
  readonly content: string;
  /** What opened the text or name that it stands in; null outside of quotes. */
  readonly quote: string | null;
}

export interface SyntaxFault {
  readonly message: string;
  /** 0-based offset in the statement (UTF-16 units). */
  readonly position: number;
}

/** Control statements around steps. */
export interface StepControl {
  /** Puts the session back to the state it had when opened, so that no script's settings leak into the next one. */
  readonly resetSession: readonly string[];
  readonly begin: readonly string[];
  readonly commit: string;
  readonly rollback: string;
  /** At the end of what is one transaction, before its last rows: fails when it may not be committed. */
  readonly beforeCommit: readonly string[];
  /**
   * Before rows of ours: unqualified names and the account mean again what they meant when the session was opened,
   * whatever a script has set.
   */
  readonly home: readonly string[];
  /** Ends what `tableLocks` tells of; empty where there is no such thing. */
  readonly freeTables: string;
  /**
   * SQL by which the server itself ends every later statement of the session that takes longer than `ms`, and SQL that
   * ends that; null where this server cannot. `product`: of the session's identity.
   */
  limitStatements(ms: number, product: string): { readonly set: string; readonly lift: string } | null;
  /** SQL expression whose value tells the state of what a statement changes; null when there is none for its kind. */
  probe(statement: string): string | null;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Monotonic milliseconds. */
  elapsed(): number;
}
