import type { Connection } from '../../shared/model/environment.ts';
import type { Session } from '../engine/ports.ts';
import type { SessionOptions } from './driver.ts';

/** Databases of our own making, to try scripts in and to drop again. */
export interface ScratchDatabases<C extends Connection = Connection> {
  /**
   * Makes an empty one of that name with the same login: beside the connection's on its server, or as a file in the
   * system's folder for such.
   * @throws {ServerFault} kind `rights` when this account may not
   */
  create(connection: C, options: SessionOptions, name: string): Promise<ScratchDatabase<C>>;
  /** What a statement does beyond the database it runs in, in words; null when it stays there. */
  leaves(statement: string): string | null;
  /** Present where a table's qualifier is no schema of the database: the one that is itself; every other leads out of it. */
  readonly home?: string;
  /** Of an INSERT, before its values: numbers that the server would give are those given. */
  readonly ownNumbers?: string;
  /** A statement that makes an object, so that the object does not act by itself, nor with another account's rights. */
  inert?(statement: string): string;
  /** Gives counters of the second the values that they have in the first. @throws {ServerFault} */
  copyNumbers?(from: Session, to: Session): Promise<void>;
}

export interface ScratchDatabase<C extends Connection = Connection> {
  readonly name: string;
  readonly connection: C;
  /** Removes it with everything in it. @throws {ServerFault} */
  drop(): Promise<void>;
}
