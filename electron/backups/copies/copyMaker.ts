// Databases to be thrown away, for what a backup holds: nothing else can be reached from there.
import type { BackupContent } from '../../../shared/model/proof.ts';
import type { Dialect, Session } from '../../engine/ports.ts';

/** One engine's way to make such a database; `copyMakers.ts` lists them. Every method may be called again after a crash. */
export interface CopyMaker {
  /** Makes a login of the copy's name that reaches only the copy. @throws {ServerFault} kind `rights` when this account may not */
  makeLogin(request: CopyRequest, password: string): Promise<void>;
  /** Makes the database, empty. @throws {ServerFault} */
  makeDatabase(request: CopyRequest): Promise<void>;
  /** Before anything is loaded: makes what only the account of `session` may make, and returns what stays outside, in words. */
  prepare(request: CopyRequest, inside: Session): Promise<string[]>;
  /** Removes database and login, if they are there. @throws {ServerFault} */
  remove(session: Session, name: string): Promise<void>;
}

export interface CopyRequest {
  /** Of the database and of its login; at most 32 bytes. */
  readonly name: string;
  /** Of an account that may create databases, on the live database or on the proving server. */
  readonly session: Session;
  readonly dialect: Dialect;
  /** The login was made and shall own the database. */
  readonly isolated: boolean;
  /** What was recorded when the backup was taken; null: nothing was. */
  readonly content: BackupContent | null;
  /** The session is on the database that the backup is of. */
  readonly sameServer: boolean;
}
