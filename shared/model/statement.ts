import type { Batch, RowBounds } from './directive.ts';

/** One statement of a script, exactly as it will be sent (terminator removed). */
export interface Statement {
  /** Position in its script section, from 0. */
  readonly index: number;
  readonly text: string;
  /** Line of its first character, 1-based, in the file. */
  readonly line: number;
  /** Column of its first character, 1-based, in UTF-16 code units. */
  readonly column: number;
  /** True for a PostgreSQL `COPY … FROM stdin`: its data follows as `copyData` pieces. */
  readonly copiesData: boolean;
  /** Present where values took the place of placeholders: what its author wrote. */
  readonly written?: WrittenText;
  readonly batch?: Batch;
  readonly expected?: RowBounds;
  /** Hazards that a comment before it accepts. */
  readonly accepts?: readonly Acceptance[];
}

export interface Acceptance {
  /** Of the hazard. */
  readonly code: string;
  readonly reason: string;
}

export interface WrittenText {
  readonly text: string;
  /** In order; offsets in UTF-16 code units. `at`: in the statement's text, `from` and `to`: in the written one. */
  readonly inserted: readonly {
    readonly name: string;
    readonly value: string;
    readonly at: number;
    readonly length: number;
    readonly from: number;
    readonly to: number;
  }[];
}

/** What a splitter yields: statements in order, and the inline data of a COPY in chunks of whole lines. */
export type ScriptPiece =
  | { readonly kind: 'statement'; readonly statement: Statement }
  | { readonly kind: 'copyData'; readonly text: string };

/** What the executor must know of a statement before sending it. */
export interface StatementTraits {
  /** First keyword(s), upper case, for display: `CREATE INDEX CONCURRENTLY`. */
  readonly verb: string;
  readonly kind: 'definition' | 'data' | 'query' | 'session' | 'transactionControl' | 'other';
  /** The server refuses it in a transaction block (PostgreSQL 25001, SQLite VACUUM). */
  readonly refusesTransaction: boolean;
  /** The server commits before and after it (MySQL/MariaDB implicit commit). */
  readonly implicitCommit: boolean;
  /** Present where it has an effect outside of transactions only: before a script's other statements it is sent before BEGIN. */
  readonly beforeTransaction?: true;
  /** Present where it locks tables for the session, or ends that: nothing else can be written meanwhile (MySQL/MariaDB). */
  readonly tableLocks?: 'taken' | 'freed';
}
