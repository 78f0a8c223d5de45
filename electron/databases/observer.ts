import type { RehearsedStatement } from '../../shared/model/rehearsal.ts';

/** What a database tells of one statement. */
export type SeenEffects = Pick<RehearsedStatement, 'locks' | 'lockedRows' | 'rewritten' | 'scanned' | 'algorithm'>;

/** What the server said while a statement ran. */
export interface HeardNotice {
  readonly severity: string;
  readonly message: string;
}

/**
 * Looks at statements in the session that runs them, on a database of our own making: it asks between them, and may change
 * what is not part of the schema, such as how much the server tells.
 */
export interface StatementObserver {
  /** Before a statement is sent. @throws {ServerFault} */
  before(statement: string): Promise<void>;
  /** After it succeeded. @throws {ServerFault} */
  after(statement: string, notices: readonly HeardNotice[]): Promise<SeenEffects>;
  /** After it failed: nothing can be asked in a transaction that has. */
  failed(): void;
  /** A notice is an answer to what `before` asked for, and none for the script's author. */
  isOwn(notice: HeardNotice): boolean;
}

export const nothingSeen: SeenEffects = {
  locks: null,
  lockedRows: null,
  rewritten: null,
  scanned: null,
  algorithm: null,
};
