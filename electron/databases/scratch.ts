import type { Connection } from '../../shared/model/environment.ts';
import type { SessionOptions } from './driver.ts';

/** Databases of our own making, to try scripts in and to drop again. */
export interface ScratchDatabases<C extends Connection = Connection> {
  /**
   * Makes an empty one with the same login: beside the connection's on its server, or as a file in the system's folder for
   * such. Its name is ours alone.
   * @throws {ServerFault} kind `rights` when this account may not
   */
  create(connection: C, options: SessionOptions): Promise<ScratchDatabase<C>>;
  /** What a statement does beyond the database it runs in, in words; null when it stays there. */
  leaves(statement: string): string | null;
}

export interface ScratchDatabase<C extends Connection = Connection> {
  readonly name: string;
  readonly connection: C;
  /** Removes it with everything in it. @throws {ServerFault} */
  drop(): Promise<void>;
}
