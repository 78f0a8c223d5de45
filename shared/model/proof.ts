/** What a backup must hold, recorded when it was taken, and what was found when it was restored to prove it. */
import type { SchemaObject } from './snapshot.ts';

/** Of the moment that the dump is of. Kept beside the archive, encrypted where that is. */
export interface BackupContent {
  readonly schema: readonly SchemaObject[];
  /** Over `schema`; lower-case hex. */
  readonly schemaSha256: string;
  readonly tables: readonly TableContent[];
  /** How digests of rows were made; absent: the first form, by MD5 of whole rows or values. */
  readonly digestForm?: DigestForm;
  readonly sequences: readonly SequenceContent[];
  /** How the database itself was made: encoding, collation …, by the engine's words. */
  readonly database: Readonly<Record<string, string>>;
}

/** 1: the one of earlier versions, and of servers that do not know the other. 2: quicker for the server. */
export type DigestForm = 1 | 2;

export interface TableContent {
  readonly table: string;
  readonly rows: number;
  /** Of its rows in any order; null: not within the time for it. */
  readonly digest: string | null;
  /** MySQL, MariaDB: it was written to in the moment between our snapshots and the dump's, so it may differ. */
  readonly moving?: true;
}

/** A position is not part of any snapshot: the dump holds one between these two. */
export interface SequenceContent {
  readonly sequence: string;
  readonly before: string;
  readonly after: string;
}

/** `login`: made for the copy, reaching nothing else. `sharedLogin`: the environment's own account, as was accepted. */
export type CopyIsolation = 'login' | 'provingServer' | 'file' | 'sharedLogin';

/** What a restored copy was compared in. */
export interface BackupProof {
  /** ISO 8601 in UTC. */
  readonly provenAt: string;
  /** Milliseconds that restoring and comparing took. */
  readonly durationMs: number;
  readonly isolation: CopyIsolation;
  /** Of the server that it was restored on. */
  readonly serverVersion: string;
  /** Number of objects by kind. */
  readonly objects: Readonly<Record<string, number>>;
  readonly tables: number;
  readonly rows: number;
  readonly sequences: number;
  /** Tables whose content was compared, too. */
  readonly digested: readonly string[];
  /** Tables of which only the number of rows was compared. */
  readonly notDigested: readonly string[];
  /** What is not proven, in words. */
  readonly notCovered: readonly string[];
}
