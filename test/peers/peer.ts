// What the round trip must know of an original program: the adapter that each has.
import type { TableName } from '../../electron/engine/ports.ts';
import type { TestEngine } from '../services/backend.ts';

/** An original program, as its own command line (or, where it has none, its library) is used. */
export interface Peer {
  /** Our tool that does the same. */
  readonly tool: string;
  /** For the test's name, e.g. `dbmate 2.36.0`. */
  readonly title: string;
  /** Those that both work on. */
  readonly engines: readonly TestEngine[];
  /** Gives the folder it was installed in (`install.ts`). Absent: Debian's package is there (`test/prepare.ts`). */
  readonly install?: () => Promise<string>;
  /** Lays its project out in an empty folder, for a database that it has not seen. */
  readonly open: (place: PeerPlace) => Promise<PeerProject>;
}

export interface PeerPlace {
  readonly engine: TestEngine;
  /** As `TestDatabase.url`: `postgres://…`, `mariadb://…` or `mysql://…`, `sqlite:/path`. */
  readonly url: string;
  /** Asks the database directly. */
  readonly query: (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Empty but for `node_modules`, a link to the installation's where it has one. */
  readonly folder: string;
  /** What `Peer.install` gave; `/` without it. */
  readonly installed: string;
}

export interface PeerProject {
  /** The folder that we are given. */
  readonly source: string;
  /** Its table as the program makes it. */
  readonly table: TableName;
  /** `historyKey` of every migration in order, three at least; the last two have a way back if the program has one. */
  readonly keys: readonly string[];
  /** Applies everything pending, or only the first `count` migrations of an empty database. */
  readonly up: (count?: number) => Promise<unknown>;
  /** Rolls back the last applied migration; absent: the program has no way back. */
  readonly down?: () => Promise<unknown>;
  /** It has no way back, but takes what we rolled back as pending. */
  readonly takesOurRollback?: true;
  /** What the program itself says is applied, as `historyKey`s in order. */
  readonly applied: () => Promise<readonly string[]>;
  /** Throws when the program finds something pending, changed or wrong. */
  readonly upToDate: () => Promise<unknown>;
  /** Absent: the program has no lock. */
  readonly lock?: PeerLock;
}

export interface PeerLock {
  /** We hold the lock: proves that the program does not go on, by its refusal or, until `release`, by waiting. */
  readonly isKeptOut: (release: () => Promise<void>) => Promise<unknown>;
  /**
   * Makes the program hold its lock (`sleeping.ts` has migrations that last) and calls `work` meanwhile; then lets the
   * program end.
   */
  readonly whileItRuns: (work: () => Promise<void>) => Promise<unknown>;
}
