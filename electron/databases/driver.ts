import type { Connection, EngineId } from '../../shared/model/environment.ts';
import type { SchemaObject } from '../../shared/model/snapshot.ts';
import type { CatalogueFacts, HazardExtent, HazardLook } from '../engine/hazards.ts';
import type {
  Aftermath,
  Capabilities,
  Dialect,
  JournalTables,
  Session,
  SqlText,
  StepControl,
  TableName,
} from '../engine/ports.ts';
import type { SchemaWriter } from '../engine/schemaScript.ts';
import type { DatabaseActivity } from './activity.ts';
import type { LeaseTiming } from './common/lease.ts';
import type { IntegrityFinding } from './integrity.ts';
import type { StatementObserver } from './observer.ts';
import type { ScratchDatabases } from './scratch.ts';
import type { TableColumns } from './tables.ts';

/**
 * One database engine: how to reach it, speak to it and read its SQL.
 *
 * To add an engine:
 * 1. `databases/<engine>/` with `index.ts` exporting a `Driver`, and one file per concern
 *    (session, splitter, classify, dialect, journal, url, lock);
 * 2. its id in `engineIds` (shared/model/environment.ts) and a line in `databases/registry.ts`;
 * 3. its dump program in `backups/<engine>.ts` and a line in `backups/registry.ts`;
 * 4. its parameters in `test/conformance/drivers.ts`;
 * 5. a sample tree's `migrations` for it in `migrations-samples/lockkeeper`.
 */
export interface Driver<C extends Connection = Connection> {
  readonly id: EngineId;
  readonly title: string;
  /** Schemes of `parseUrl`, e.g. `postgres`. */
  readonly urlSchemes: readonly string[];
  /** Of the products that it is written for; a session's own may be less. */
  readonly capabilities: Capabilities;
  /** What it can be connected to, and what each of them can do. */
  readonly products: readonly CompatibleProduct[];
  readonly dialect: Dialect;
  readonly sql: SqlText;
  readonly control: StepControl;
  readonly journal: JournalTables;
  readonly aftermath: Aftermath;
  readonly scratch: ScratchDatabases<C>;
  readonly activity: DatabaseActivity;
  /** Everything of the schema that a migration can change, in order; our own tables and those of `except` are left out. A question. */
  readSnapshot(session: Session, except: readonly TableName[]): Promise<SchemaObject[]>;
  /** What the database does not hold to be sound, or has not checked, as far as that is cheap. A question. @throws {ServerFault} */
  findIntegrity(session: Session): Promise<IntegrityFinding[]>;
  /** Looks at what statements do, on a database of our own making. */
  observe(session: Session): StatementObserver;
  /** Writes SQL for differences between snapshots. */
  readonly schemaWriter: SchemaWriter;
  /** Applies the rules in `hazards/`, one per file, to the statements of one plan. */
  hazardLook(facts: CatalogueFacts, extent: HazardExtent): Promise<HazardLook>;
  /** Sizes and settings that the rules of that extent ask for, in one question. */
  readFacts(session: Session, extent: HazardExtent): Promise<CatalogueFacts>;
  /** The database's tables of at most so many columns, without the schema of our own journal. A question. */
  readTables(session: Session, mostColumns: number): Promise<TableColumns[]>;
  /** Names of the extensions that the database has; absent: the engine has none. A question. */
  readExtensions?(session: Session): Promise<string[]>;
  /** @throws {ProblemError} `environment.invalidUrl` */
  parseUrl(url: string): ParsedUrl<C>;
  /** A URL without its password, for display and export. */
  formatUrl(connection: C): string;
  /**
   * Opens one session, verified to be on the named database.
   * @throws {ServerFault} of a connecting kind.
   */
  connect(connection: C, options: SessionOptions): Promise<Session>;
}

export interface CompatibleProduct {
  readonly title: string;
  /** The tests have run on such a server; else what it can do is from its documentation. */
  readonly wasRun: boolean;
  readonly capabilities: Capabilities;
}

/** Less than a server can do. */
export interface Limits {
  readonly capabilities?: Partial<Capabilities>;
  readonly lease?: LeaseTiming;
}

export interface ParsedUrl<C extends Connection = Connection> {
  readonly connection: C;
  /** From the URL; null when it held none. */
  readonly password: string | null;
}

export interface SessionOptions {
  readonly password: string | null;
  /** Shown by the server to other people: who is connected and from where; at most 60 bytes are kept. */
  readonly applicationName: string;
  /** The server refuses writes in this session, where the engine can. */
  readonly readOnly: boolean;
  /** Milliseconds until connecting is given up. */
  readonly connectTimeoutMs: number;
  /** Milliseconds a statement waits for a lock before it fails; 0 for no limit. */
  readonly lockTimeoutMs: number;
}
