// What an interrupted run may have left on its server.
import type { Session } from './session.ts';

/** The session of an interrupted run, still there: it holds the lock and may be at work. */
export interface Orphan {
  /** As a person would name it to the server. */
  readonly id: string;
  readonly statement: string | null;
  readonly ageMs: number | null;
}

/** A failed build that must be dealt with before its statement can be sent again. */
export interface Leftovers {
  /** Each is sent alone. */
  readonly cleanup: readonly string[];
  /** After that the statement is to be sent again, or it has its effect. */
  readonly afterwards: 'again' | 'done';
}

export interface Aftermath {
  /** By the backend that its journal recorded; null: it is gone, or that number is another session's now. Never writes. */
  findSession(session: Session, backend: string): Promise<Orphan | null>;
  /** Ends it: the server undoes what it had not committed. @throws {ServerFault} kind `rights` */
  endSession(session: Session, backend: string): Promise<void>;
  /** Null: nothing is left of it. Never writes. */
  leftovers(session: Session, statement: string): Promise<Leftovers | null>;
  /** Does a rollback undo changes of rows in all of these tables (as written in a script)? Never writes. */
  isUndoable(session: Session, tables: readonly string[]): Promise<boolean>;
}
