/** Who works on a database right now, and who waits for whom. */
export interface ActivitySession {
  /** The number by which the server knows the session; of a SQLite file, the operating system's of the process. */
  readonly pid: number;
  /** Null where this account may not see it. */
  readonly user: string | null;
  readonly host: string | null;
  /** As the program calls itself. */
  readonly application: string | null;
  /** What it does, in the server's word. */
  readonly state: string | null;
  /** The running statement, or the last one of an idle session, shortened; untrusted. */
  readonly query: string | null;
  /** Milliseconds since the statement began, of an idle session since it ended; null: not told. */
  readonly ageMs: number | null;
  /** Milliseconds since its transaction began; null: none is open, or not told. */
  readonly transactionMs: number | null;
  /** The lock it waits for, in words; null: it waits for none. */
  readonly waitingFor: string | null;
  /** Numbers of the sessions that wait for it. */
  readonly blocks: readonly number[];
  /** The server does not tell what it blocks: it was concluded from open transactions and statements. */
  readonly inferred: boolean;
}

export interface ActivityReport {
  readonly sessions: readonly ActivitySession[];
}

/** How far one statement is, in the server's own words. */
export interface ServerProgress {
  /** `CREATE INDEX CONCURRENTLY`, `alter table`. */
  readonly operation: string;
  readonly phase: string | null;
  /** From 1; null where the server counts none. Counters begin again with each. */
  readonly phaseNumber: number | null;
  readonly phases: number | null;
  /** 0 to 100, of the phase where phases are counted; null: not told. */
  readonly percent: number | null;
  /** The server's figure rests on an estimate. */
  readonly estimated: boolean;
}

export type SessionEnding = 'cancel' | 'terminate';
