// Our own records of a run: beside its effects in the database, and on this computer.
import type { BatchCount } from '../../../shared/model/directive.ts';
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
