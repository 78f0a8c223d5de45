/** One SQLite connection inside the worker process: runs units in order and says exactly how far it came. */
import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import Database from 'better-sqlite3';
import type { Row, UnitResult } from '../../engine/ports.ts';
import { ServerFault } from '../../engine/ports.ts';
import { withoutLeadingComments } from './comments.ts';
import { resetStatement } from './control.ts';
import { timerFunctions } from './dialect.ts';
import { faultOf, openingFaultOf, faultFrom } from './faults.ts';
import { FileLock } from './lock.ts';
import { positionOf } from './position.ts';
import { isIgnoredInTransaction } from './pragmas.ts';
import type { FaultData, OpenRequest, Replies } from './protocol.ts';
import { rowOf, unitResultOf } from './values.ts';

/** Milliseconds after which completed units are reported, and after which messages are looked for. */
const reportEvery = 2;
const listenEvery = 20;

/** For good: SQLite takes its timeout as a 32-bit number of milliseconds. */
const withoutLimit = 0x7fffffff;

export interface UnitText {
  readonly control: boolean;
  readonly sql: string;
}

export interface Progress {
  report(results: readonly UnitResult[], doubtful: boolean): void;
  notice(severity: string, message: string): void;
  isCancelled(): boolean;
}

export class UnitError extends Error {
  readonly unit: number;
  readonly fault: FaultData;

  constructor(unit: number, fault: FaultData) {
    super(fault.message);
    this.unit = unit;
    this.fault = fault;
  }
}

/** Statements that change the state of the session itself; SQLite tells nothing of it. */
const changesSession = /^(?:PRAGMA|ATTACH|DETACH)\b/i;
const opensFile = /^(?:ATTACH|VACUUM)\b/i;
const quickInsert = /^(?:INSERT|REPLACE)\b[^;]*?\bVALUES\b/i;

export class SqliteHost {
  readonly #request: OpenRequest;
  readonly #lock: FileLock;
  #database: Database.Database;
  #sessionChanged = false;

  /** @throws {ServerFault} */
  constructor(request: OpenRequest) {
    this.#request = request;
    this.#lock = new FileLock(request.file);
    this.#database = openDatabase(request);
  }

  get facts(): Replies['open'] {
    const version = String(this.#database.prepare('SELECT sqlite_version()').pluck().get());
    return { version, readOnly: !isWritable(this.#request.file) };
  }

  get lock(): FileLock {
    return this.#lock;
  }

  /** @throws {UnitError} */
  async send(units: readonly UnitText[], progress: Progress): Promise<void> {
    let results: UnitResult[] = [];
    let told = true;
    let reported = performance.now();
    let listened = reported;
    const report = (doubtful: boolean): void => {
      progress.report(results, doubtful);
      results = [];
      told = doubtful;
      reported = performance.now();
    };
    for (const [index, unit] of units.entries()) {
      const wasInTransaction = this.#database.inTransaction;
      try {
        const statement = this.#prepare(unit);
        const commits = unit.control && /^COMMIT\b/i.test(unit.sql);
        const doubtful = commits || (!wasInTransaction && statement?.readonly === false && !/^BEGIN\b/i.test(unit.sql));
        const slow = !unit.control && !quickInsert.test(unit.sql);
        if (commits || slow || told !== doubtful || performance.now() - reported > reportEvery) report(doubtful);
        if (wasInTransaction && !unit.control && isIgnoredInTransaction(unit.sql))
          progress.notice('warning', 'PRAGMA foreign_keys does nothing inside a transaction.');
        results.push(statement === null ? nothing : unitResultOf(statement, unit));
        if (commits) report(false);
      } catch (error) {
        if (results.length > 0) report(told);
        throw new UnitError(index, this.#describe(error, unit.sql, wasInTransaction));
      }
      if (performance.now() - listened < listenEvery) continue;
      report(false);
      await setImmediate();
      listened = performance.now();
      if (progress.isCancelled() && index + 1 < units.length) throw new UnitError(index + 1, cancelledFault);
    }
    if (results.length > 0) report(false);
  }

  /** @throws {ServerFault} */
  query(sql: string, parameters: readonly (string | number | null)[]): Row[] {
    const wasInTransaction = this.#database.inTransaction;
    try {
      const statement = this.#prepare({ control: true, sql });
      if (statement === null) return [];
      // SQLite reads `$1` as a parameter whose name is 1.
      const bound = Object.fromEntries(parameters.map((value, index) => [String(index + 1), value]));
      const all = parameters.length === 0 ? [] : [bound];
      if (!statement.reader) {
        statement.run(...all);
        return [];
      }
      return statement.all(...all).map(rowOf);
    } catch (error) {
      throw faultFrom(this.#describe(error, sql, wasInTransaction));
    }
  }

  close(): void {
    this.#database.close();
    this.#lock.release();
  }

  /** Null: nothing to do. */
  #prepare(unit: UnitText): Database.Statement | null {
    if (unit.control && unit.sql === resetStatement) return this.#reset();
    if (unit.control && unit.sql === 'ROLLBACK' && !this.#database.inTransaction) return null;
    const nul = unit.sql.indexOf('\0');
    if (nul >= 0) throw new ServerFault('statement', 'The statement holds a NUL character, behind which SQLite reads nothing.', { position: nul });
    const statement = prepareOne(this.#database, unit.sql);
    const text = withoutLeadingComments(unit.sql);
    if (!unit.control && changesSession.test(text)) this.#sessionChanged = true;
    if (this.#request.readOnly && statement !== null && (!statement.readonly || opensFile.test(text)))
      throw new ServerFault('readOnly', 'The session only reads.', { code: 'SQLITE_READONLY' });
    return statement;
  }

  /** Opening again is the one way back that forgets everything: pragmas, temporary objects, attached files. */
  #reset(): null {
    if (this.#database.inTransaction) throw new ServerFault('statement', 'A session is not reset inside a transaction.');
    const attached = this.#database.prepare('PRAGMA database_list').all().length > 1;
    if (!attached && !this.#sessionChanged) return null;
    this.#database.close();
    this.#database = openDatabase(this.#request);
    this.#sessionChanged = false;
    return null;
  }

  #describe(error: unknown, sql: string, wasInTransaction: boolean): FaultData {
    const message = error instanceof Error ? error.message : String(error);
    const position = error instanceof ServerFault ? error.position : positionOf(this.#database, sql, message);
    const gone = wasInTransaction && !this.#database.inTransaction;
    return faultOf(error, { position, detail: gone ? 'SQLite has already rolled the whole transaction back.' : null });
  }
}

const nothing: UnitResult = { affectedRows: null, resultSet: null };
const cancelledFault: FaultData = { kind: 'cancelled', message: 'interrupted', code: 'SQLITE_INTERRUPT', position: null, detail: null };

/** Null for a text that holds only comments. */
function prepareOne(database: Database.Database, sql: string): Database.Statement | null {
  try {
    return database.prepare(sql);
  } catch (error) {
    if (error instanceof RangeError && error.message.endsWith('contains no statements')) return null;
    throw error;
  }
}

function openDatabase(request: OpenRequest): Database.Database {
  let database: Database.Database | null = null;
  try {
    // A session that only reads opens for writing nevertheless: else a journal left by a crash could not be
    // rolled back, and nothing could be read.
    const timeout = request.busyTimeoutMs === 0 ? withoutLimit : request.busyTimeoutMs;
    database = new Database(request.file, { fileMustExist: true, timeout });
    database.defaultSafeIntegers(true);
    database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get();
    database.exec(`PRAGMA foreign_keys = OFF; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; PRAGMA query_only = ${request.readOnly ? 'ON' : 'OFF'}`);
    addTimer(database);
    return database;
  } catch (error) {
    database?.close();
    throw faultFrom(openingFaultOf(error));
  }
}

function addTimer(database: Database.Database): void {
  let startedAt = performance.now();
  database.function(timerFunctions.start, { directOnly: true }, () => {
    startedAt = performance.now();
    return null;
  });
  database.function(timerFunctions.elapsed, { directOnly: true }, () => BigInt(Math.round(performance.now() - startedAt)));
}

/** SQLite writes the file and a journal beside it. */
function isWritable(file: string): boolean {
  try {
    accessSync(file, constants.W_OK);
    accessSync(dirname(file), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
