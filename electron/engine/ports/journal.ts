// Our own records of a run: beside its effects in the database, and on this computer.
import type { BatchCount } from '../../../shared/model/directive.ts';
import type { StatementPlace } from '../../../shared/model/reconcile.ts';
import type { Session } from './session.ts';

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
  /** Before a step that is not one transaction and the statement that it begins with. */
  stepIntent(entry: JournalStep, first: Announcement): string[];
  /** Before a statement of such a step; also tells that all before it are done. */
  statementIntent(entry: JournalStep, announced: Announcement): string[];
  /** In the transaction of a batch of statement `statement`: with it, so much is committed. */
  batchDone(entry: JournalStep, statement: number, count: BatchCount): string[];
  /** In the step's own transaction, or after its last statement. */
  stepDone(entry: JournalStep): string[];
  /** What it says of an error stays, whatever is written later. */
  stepFailed(entry: JournalStep, message: string): string[];
  /** Should it be `done` that was announced last, and sent alone: the step goes on at `next`. */
  doneAlone(entry: JournalStep, done: StatementPlace, next: StatementPlace): string[];
  runFinished(runId: string, outcome: string): string[];
  /** What was found out of an interrupted step, whichever run is the newest. */
  stepReconciled(runId: string, step: number, found: ReconciledStep): string[];
  /** Steps recorded of a run; empty when there is no journal. */
  readSteps(session: Session, runId: string): Promise<JournalRow[]>;
  /** Null: there is no such run, or no journal. */
  readRun(session: Session, runId: string): Promise<JournaledRun | null>;
  /** Newest first, at most `limit`; null when there is no journal. */
  readRuns(session: Session, historyTable: string, limit: number): Promise<JournaledRun[] | null>;
  /**
   * What it tells last of each version in a history table, and what failed since; null when there is no journal. Steps
   * that failed as one transaction are left out: nothing is left of them.
   */
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
  /** Versions of its steps in order. */
  readonly versions: readonly string[];
  /** The interrupted run that it goes on with; null: none. */
  readonly resumes: string | null;
  /** Where the audit log of this computer's workspace was (`formatHead`); null: its row is of an earlier version. */
  readonly auditHead: string | null;
}

/** A run as the journal has it. */
export interface JournaledRun extends Omit<JournalRun, 'fingerprint'> {
  readonly epoch: number;
  /** Null while it runs, or when it was interrupted. */
  readonly outcome: string | null;
  /** ISO 8601 in UTC. */
  readonly startedAt: string;
  readonly finishedAt: string | null;
}

export interface JournalStep {
  readonly runId: string;
  readonly step: number;
  readonly version: string;
  readonly action: string;
  readonly sha256: string;
  readonly statements: number;
}

/** What is told of a statement before it is sent. */
export interface Announcement {
  /** From 0. */
  readonly statement: number;
  /** From 0, where it is sent in parts; those before are done. Null: it is sent whole. */
  readonly part: number | null;
  /**
   * `together`: its effect is committed with the row that tells of it, so that without a word it did not happen.
   * `alone`: it may have happened though nothing tells.
   */
  readonly sending: 'together' | 'alone';
  readonly text: string;
  /** 1-based, in the script's file. */
  readonly line: number;
  /** SQL expression for the state of what it changes. */
  readonly probe: string | null;
  /** That state after it, as a rehearsal saw it; absent or null: not known. */
  readonly expected?: string | null;
  /** What of it was committed before, where it is batched. */
  readonly batch: BatchCount | null;
}

/** Characters of a statement that the journal keeps. */
export const keptOfStatement = 1000;

/** `open`: something of it is in the database, and something is not. */
export interface ReconciledStep {
  readonly state: 'done' | 'notDone' | 'open';
  /** With `open`: everything before it is done, and nothing of it. */
  readonly at: { readonly statement: number; readonly part: number | null };
  /** How that was found out. */
  readonly note: string;
}

export interface JournalRow {
  readonly step: number;
  readonly version: string;
  readonly action: string;
  readonly sha256: string;
  readonly statements: number;
  readonly state: 'intent' | 'done' | 'failed';
  /** Statement last announced, from 0; those before it are done. */
  readonly statement: number | null;
  readonly part: number | null;
  /** Null in rows that an earlier version wrote. */
  readonly sending: Announcement['sending'] | null;
  /** Of that statement; only its beginning where it is longer than `keptOfStatement`. */
  readonly text: string | null;
  readonly line: number | null;
  readonly probeBefore: string | null;
  readonly probeExpected: string | null;
  /** Of that statement, where it is batched. */
  readonly batch: BatchCount | null;
  /** The first error and its statement. */
  readonly error: string | null;
  /** What reconciling found out. */
  readonly note: string | null;
}

/** The last thing the journal tells of a version. */
export interface JournalLatest {
  readonly runId: string;
  readonly version: string;
  readonly action: 'apply' | 'revert';
  /** `intent`: begun, and its end was not written. `failed`: after whatever else it tells of the version. */
  readonly state: 'intent' | 'done' | 'failed';
  /** Of the script. */
  readonly sha256: string;
  /** It failed after statements, or batches of one, were done. */
  readonly partly: boolean;
}

/** The client's own journal: survives a server that is lost or restored. */
export interface ClientJournal {
  /** Resolves when the record is on disk if `durable`, else when it is queued. */
  append(record: Readonly<Record<string, unknown>>, durable: boolean): Promise<void>;
}
