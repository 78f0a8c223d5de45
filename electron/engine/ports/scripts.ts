// Reading scripts, and the statements around them.
import type { Script } from '../../../shared/model/migration.ts';
import type { ScriptPiece, StatementTraits } from '../../../shared/model/statement.ts';
import type { ServerFault } from './fault.ts';
import type { Session } from './session.ts';

/** Reads scripts. */
export interface ScriptReader {
  /**
   * The script's text in chunks of at most 1 MiB of UTF-8, its SHA-256 compared at the end.
   * @throws {ProblemError} `plan.stale` when the text is not the planned one, `script.notUtf8` with its place.
   */
  read(script: Script): AsyncIterable<string>;
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
  /**
   * Statements that together do what this one does, where the server would not do all of it or nothing; absent or null:
   * it is sent as it is. `product`: of the session's identity.
   */
  partsOf?(statement: string, product: string): readonly string[] | null;
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
  /** After that: somebody accepted that the step loses rows. Absent: nothing here looks for that. */
  readonly acceptLostRows?: string;
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
  /** After a statement waited too long for a lock: is its transaction still there, with all that was done in it before? */
  keepsTransaction(session: Session, fault: ServerFault): Promise<boolean>;
  /** By what an interrupted statement can be judged; null when there is nothing for its kind. */
  probe(statement: string): StatementProbe | null;
}

/** Evidence of whether one statement took effect, where no transaction tells it. */
export interface StatementProbe {
  /**
   * SQL expression, a text of at most 255 characters, telling the state of everything that the statement changes:
   * the same before it and now means that it did not happen. NULL where this account cannot see it: NULL before it is
   * evidence for nothing.
   */
  readonly state: string;
  /**
   * SQL expression, 1 when the statement's expected effect is visible, else 0 or NULL, or an error where the object is
   * not there; null where nothing tells it: a changed state is then no evidence. To be asked only of a changed state.
   */
  readonly effect: string | null;
  /** Running it again changes nothing and does not fail. */
  readonly repeatable: boolean;
}
