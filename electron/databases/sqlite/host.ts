/** One SQLite connection inside the worker process: runs units in order and says exactly how far it came. */
import { closeSync, existsSync, openSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type Database from 'better-sqlite3';
import type { Row, UnitResult } from '../../engine/ports.ts';
import { ServerFault } from '../../engine/ports.ts';
import { withoutLeadingComments } from './comments.ts';
import { attachFile, isWritable, openDatabase } from './connection.ts';
import { acceptLostRows, checkReferences, resetStatement, sqliteControl } from './control.ts';
import { faultFrom, faultOf } from './faults.ts';
import { FileLock } from './lock.ts';
import { positionOf } from './position.ts';
import { isIgnoredInTransaction } from './pragmas.ts';
import type { AttachRequest, FaultData, OpenRequest, Replies, UnitText } from './protocol.ts';
import { startsDoubtful } from './protocol.ts';
import { References } from './references.ts';
import { RowCounts } from './rowCounts.ts';
import { resultOf, rowOf } from './values.ts';

/** Milliseconds after which completed units are reported, and after which messages are looked for. */
const reportEvery = 2;
const listenEvery = 20;

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
/** Never takes long, so that what was done before need not be told before it. */
const quick = /^(?:(?:INSERT|REPLACE)\b[^;]*?\bVALUES\b|CREATE\s+(?:TABLE\b(?![^(]*\bAS\b)|VIEW|TRIGGER))/i;
const returnsRows = /\bRETURNING\b/i;
const reads = /^(?:SELECT|PRAGMA|WITH)\b/i;

/** A unit checked and ready to run. */
interface Ready {
  /** It writes nothing. */
  readonly readOnly: boolean;
  run(): UnitResult;
}

export class SqliteHost {
  readonly #request: OpenRequest;
  readonly #lock: FileLock;
  #database: Database.Database;
  #changes: Database.Statement<[], number>;
  #references: References;
  #rowCounts: RowCounts;
  /** Between our BEGIN and our end of it. */
  #begun = false;
  #sessionChanged = false;
  /** By us, by name: a part of the session as it was opened. */
  readonly #attached = new Map<string, string>();

  /** @throws {ServerFault} */
  constructor(request: OpenRequest) {
    this.#request = request;
    this.#lock = new FileLock(request.file);
    this.#database = openDatabase(request);
    this.#changes = changesOf(this.#database);
    this.#references = new References(this.#database);
    this.#rowCounts = new RowCounts(this.#database);
  }

  get facts(): Replies['open'] {
    const version = String(this.#database.prepare('SELECT sqlite_version()').pluck().get());
    return { version, readOnly: !isWritable(this.#request.file) };
  }

  get lock(): FileLock {
    return this.#lock;
  }

  /** @returns the results not yet reported. @throws {UnitError} */
  async send(units: readonly UnitText[], progress: Progress): Promise<UnitResult[]> {
    let results: UnitResult[] = [];
    let told = startsDoubtful(units);
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
        const ready = this.#ready(unit, progress.notice);
        const commits = unit.control && /^COMMIT\b/i.test(unit.sql);
        const doubtful = commits || (!wasInTransaction && !ready.readOnly && !/^BEGIN\b/i.test(unit.sql));
        const slow = !unit.control && !quick.test(unit.sql);
        if (commits || slow || told !== doubtful || performance.now() - reported > reportEvery) report(doubtful);
        if (wasInTransaction && !unit.control && isIgnoredInTransaction(unit.sql))
          progress.notice('warning', 'PRAGMA foreign_keys does nothing inside a transaction.');
        results.push(unit.control ? this.#runControl(unit, ready) : this.#runStatement(unit, ready));
        if (commits && index + 1 < units.length) report(false);
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
    return results;
  }

  /** @throws {ServerFault} */
  query(sql: string, parameters: readonly (string | number | null)[]): Row[] {
    const wasInTransaction = this.#database.inTransaction;
    try {
      const statement = this.#prepare({ control: true, sql });
      if (statement === null) return [];
      if (!statement.readonly) this.#requireTransaction();
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

  /** @throws {ServerFault} */
  attach({ file, name }: AttachRequest): boolean {
    if (this.#attached.has(name)) return true;
    if (this.#request.readOnly && !existsSync(file)) return false;
    try {
      // To SQLite a file of no bytes is an empty database; it does not make one where the first file had to be there.
      if (!existsSync(file)) closeSync(openSync(file, 'a'));
      attachFile(this.#database, file, name);
    } catch (error) {
      throw faultFrom(this.#describe(error, '', false));
    }
    this.#attached.set(name, file);
    return true;
  }

  close(): void {
    this.#database.close();
    this.#lock.release();
  }

  #runControl({ sql }: UnitText, ready: Ready): UnitResult {
    const result = ready.run();
    if (/^BEGIN\b/i.test(sql)) this.#begun = true;
    if (/^(?:COMMIT|ROLLBACK)\b/i.test(sql)) this.#begun = false;
    if (sql === sqliteControl.rollback) {
      this.#references.undone();
      this.#rowCounts.end();
    }
    return result;
  }

  #runStatement({ sql, acceptsLoss }: UnitText, ready: Ready): UnitResult {
    this.#requireTransaction();
    if (acceptsLoss === true) this.#rowCounts.accept();
    this.#references.before(sql);
    return this.#rowCounts.guard(sql, ready.run);
  }

  /** SQLite ends a transaction by itself where its disk is full (sqlite.org/lang_transaction.html section 3): what follows would commit at once. */
  #requireTransaction(): void {
    if (this.#begun && !this.#database.inTransaction)
      throw new ServerFault('statement', 'SQLite has ended the transaction; nothing more of it is run outside of one.');
  }

  #ready(unit: UnitText, notice: Progress['notice']): Ready {
    if (unit.control && unit.sql === resetStatement) return { readOnly: true, run: () => this.#reset() };
    if (unit.control && unit.sql === checkReferences)
      return { readOnly: true, run: () => this.#checkReferences(notice) };
    if (unit.control && unit.sql === acceptLostRows) return { readOnly: true, run: () => this.#acceptLostRows() };
    if (unit.control && unit.sql === 'ROLLBACK' && !this.#database.inTransaction) return nothingToDo;
    // A prepared statement is an object that costs more than inserting a row.
    const asText = unit.control ? !reads.test(unit.sql) : quickInsert.test(unit.sql) && !returnsRows.test(unit.sql);
    if (asText && !this.#request.readOnly) return { readOnly: false, run: () => this.#runText(unit) };
    const statement = this.#prepare(unit);
    return statement === null ? nothingToDo : { readOnly: statement.readonly, run: () => resultOf(statement, unit) };
  }

  #acceptLostRows(): UnitResult {
    this.#rowCounts.accept();
    return nothing;
  }

  /** @throws {ServerFault} kind `brokenReferences`, `rowsLost` */
  #checkReferences(notice: Progress['notice']): UnitResult {
    this.#rowCounts.check();
    const doubt = this.#references.check();
    if (doubt !== null) notice('warning', doubt);
    return nothing;
  }

  #runText(unit: UnitText): UnitResult {
    refuseNul(unit.sql);
    this.#database.exec(unit.sql);
    return unit.control ? nothing : { affectedRows: this.#changes.get() ?? null, resultSet: null };
  }

  /** Null for a text that holds only comments. */
  #prepare(unit: UnitText): Database.Statement | null {
    refuseNul(unit.sql);
    const statement = prepareOne(this.#database, unit.sql);
    const text = withoutLeadingComments(unit.sql);
    if (!unit.control && changesSession.test(text)) this.#sessionChanged = true;
    if (this.#request.readOnly && statement !== null && (!statement.readonly || opensFile.test(text)))
      throw new ServerFault('readOnly', 'The session only reads.', { code: 'SQLITE_READONLY' });
    return statement;
  }

  /** Opening again is the one way back that forgets everything: pragmas, temporary objects, attached files. */
  #reset(): UnitResult {
    if (this.#database.inTransaction)
      throw new ServerFault('statement', 'A session is not reset inside a transaction.');
    const attached = this.#database.prepare('PRAGMA database_list').all().length > 1 + this.#attached.size;
    if (!attached && !this.#sessionChanged) return nothing;
    this.#database.close();
    this.#database = openDatabase(this.#request);
    for (const [name, file] of this.#attached) attachFile(this.#database, file, name);
    this.#changes = changesOf(this.#database);
    this.#references = new References(this.#database);
    this.#rowCounts = new RowCounts(this.#database);
    this.#sessionChanged = false;
    return nothing;
  }

  #describe(error: unknown, sql: string, wasInTransaction: boolean): FaultData {
    const message = error instanceof Error ? error.message : String(error);
    const position = error instanceof ServerFault ? error.position : positionOf(this.#database, sql, message);
    const gone = wasInTransaction && !this.#database.inTransaction;
    return faultOf(error, { position, detail: gone ? 'SQLite has already rolled the whole transaction back.' : null });
  }
}

const nothing: UnitResult = { affectedRows: null, resultSet: null };
const nothingToDo: Ready = { readOnly: true, run: () => nothing };
const cancelledFault: FaultData = {
  kind: 'cancelled',
  message: 'interrupted',
  code: 'SQLITE_INTERRUPT',
  position: null,
  detail: null,
};

const changesOf = (database: Database.Database): Database.Statement<[], number> =>
  database.prepare<[], number>('SELECT changes()').pluck().safeIntegers(false);

function refuseNul(sql: string): void {
  const position = sql.indexOf('\0');
  if (position >= 0)
    throw new ServerFault('statement', 'The statement holds a NUL character, behind which SQLite reads nothing.', {
      position,
    });
}

function prepareOne(database: Database.Database, sql: string): Database.Statement | null {
  try {
    return database.prepare(sql);
  } catch (error) {
    if (error instanceof RangeError && error.message.endsWith('contains no statements')) return null;
    throw error;
  }
}
