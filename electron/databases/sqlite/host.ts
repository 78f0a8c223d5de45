/** One SQLite connection inside the worker process: runs units in order and says exactly how far it came. */
import { closeSync, existsSync, openSync } from 'node:fs';
import type Database from 'better-sqlite3';
import type { Row, UnitResult } from '../../engine/ports.ts';
import { ServerFault } from '../../engine/ports.ts';
import { withoutLeadingComments } from './comments.ts';
import { attachFile, busyTimeoutOf, isWritable, openDatabase } from './connection.ts';
import { acceptLostRows, checkReferences, resetStatement, sqliteControl } from './control.ts';
import { startTimer } from './dialect.ts';
import { faultFrom, faultOf } from './faults.ts';
import { FileLock } from './lock.ts';
import { MessageCourse, type Sender } from './messageCourse.ts';
import { Patience } from './patience.ts';
import { positionOf } from './position.ts';
import { isIgnoredInTransaction } from './pragmas.ts';
import type { AttachRequest, FaultData, OpenRequest, Replies, UnitText } from './protocol.ts';
import { startsDoubtful } from './protocol.ts';
import { isDefinition, isPlainInsert } from './quick.ts';
import { References } from './references.ts';
import type { PackedResults } from './results.ts';
import { RowCounts } from './rowCounts.ts';
import { StepTimer } from './stepTimer.ts';
import { resultOf, rowOf } from './values.ts';

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
const reads = /^(?:SELECT|PRAGMA|WITH)\b/i;
const isBegin = /^BEGIN\b/i;
const isCommit = /^COMMIT\b/i;

/** A unit checked and ready to run. */
interface Ready {
  /** It writes nothing. */
  readonly readOnly: boolean;
  /** It ends soon, unless another connection has locked the file. */
  readonly quick: boolean;
  run(): UnitResult;
}

export class SqliteHost {
  readonly #request: OpenRequest;
  readonly #lock: FileLock;
  readonly #timer = new StepTimer();
  readonly #patience: Patience;
  #database: Database.Database;
  #changes: Database.Statement<[], number>;
  #references: References;
  #rowCounts: RowCounts;
  /** Between our BEGIN and our end of it. */
  #begun = false;
  /** Asking SQLite each time would cost half as much as inserting a row. */
  #inTransaction = false;
  #sessionChanged = false;
  /** By us, by name: a part of the session as it was opened. */
  readonly #attached = new Map<string, string>();

  /** @throws {ServerFault} */
  constructor(request: OpenRequest, watchParent: () => void) {
    this.#request = request;
    this.#lock = new FileLock(request.file);
    this.#database = openDatabase(request);
    this.#timer.addTo(this.#database);
    this.#patience = new Patience(this.#database, busyTimeoutOf(request), watchParent);
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
  async send(units: readonly UnitText[], sender: Sender): Promise<PackedResults> {
    const course = new MessageCourse(sender, startsDoubtful(units));
    this.#inTransaction = this.#database.inTransaction;
    this.#patience.begin();
    for (const [index, unit] of units.entries()) {
      this.#run(unit, index, course, sender);
      if (!course.mustListen || !(await course.isCancelled()) || index + 1 === units.length) continue;
      course.report();
      throw new UnitError(index + 1, cancelledFault);
    }
    return course.rest();
  }

  /** @throws {UnitError} */
  #run(unit: UnitText, index: number, course: MessageCourse, sender: Sender): void {
    const wasInTransaction = this.#inTransaction;
    try {
      const ready = this.#ready(unit, sender);
      const mayCommit = unit.control && isCommit.test(unit.sql);
      const changes = !wasInTransaction && !ready.readOnly && !isBegin.test(unit.sql);
      course.begins(index, mayCommit || changes, ready.quick);
      course.ended(unit.control ? this.#runControl(unit, ready) : this.#runStatement(unit, ready));
    } catch (error) {
      course.report();
      throw new UnitError(index, this.#describe(error, unit.sql, wasInTransaction));
    }
  }

  /** @throws {ServerFault} */
  query(sql: string, parameters: readonly (string | number | null)[]): Row[] {
    const wasInTransaction = this.#database.inTransaction;
    this.#inTransaction = wasInTransaction;
    this.#patience.wait();
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
    this.#patience.wait();
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
    const result = this.#patience.retry(ready.run);
    if (isBegin.test(sql)) this.#begun = true;
    if (/^(?:COMMIT|ROLLBACK)\b/i.test(sql)) this.#begun = false;
    if (sql === sqliteControl.rollback) {
      this.#references.undone();
      this.#rowCounts.end();
    }
    this.#inTransaction = this.#database.inTransaction;
    return result;
  }

  #runStatement({ sql, acceptsLoss }: UnitText, ready: Ready): UnitResult {
    this.#requireTransaction();
    if (acceptsLoss === true) this.#rowCounts.accept();
    this.#references.before(sql);
    const result = this.#rowCounts.guard(sql, ready.run);
    if (!ready.quick) this.#inTransaction = this.#database.inTransaction;
    return result;
  }

  /** SQLite ends a transaction by itself where its disk is full (sqlite.org/lang_transaction.html section 3): what follows would commit at once. */
  #requireTransaction(): void {
    if (this.#begun && !this.#inTransaction)
      throw new ServerFault('statement', 'SQLite has ended the transaction; nothing more of it is run outside of one.');
  }

  #ready(unit: UnitText, sender: Sender): Ready {
    return unit.control ? this.#readyControl(unit, sender) : this.#readyStatement(unit, sender);
  }

  #readyControl(unit: UnitText, sender: Sender): Ready {
    const { sql } = unit;
    if (sql === resetStatement) return quickly(true, () => this.#reset());
    if (sql === checkReferences) return quickly(true, () => this.#checkReferences(sender));
    if (sql === startTimer) return quickly(true, () => this.#startTimer());
    if (sql === acceptLostRows) return quickly(true, () => this.#acceptLostRows());
    if (sql === 'ROLLBACK' && !this.#inTransaction) return nothingToDo;
    if (!reads.test(sql) && !this.#request.readOnly) return quickly(false, () => this.#runText(unit));
    const statement = this.#patience.retry(() => this.#prepare(unit));
    return statement === null ? nothingToDo : quickly(statement.readonly, () => resultOf(statement, unit));
  }

  #readyStatement(unit: UnitText, sender: Sender): Ready {
    const { sql } = unit;
    // A prepared statement is an object that costs more than inserting a row.
    const inserts = isPlainInsert(sql);
    if ((inserts || isDefinition(sql)) && !this.#request.readOnly) {
      const run = () => this.#runText(unit, inserts);
      if (this.#inTransaction && (inserts || !this.#patience.watches)) return quickly(false, run);
      this.#patience.watch();
      return { readOnly: false, quick: false, run };
    }
    this.#patience.watch();
    if (this.#inTransaction && isIgnoredInTransaction(sql))
      sender.notice('warning', 'PRAGMA foreign_keys does nothing inside a transaction.');
    const statement = this.#prepare(unit);
    return statement === null
      ? nothingToDo
      : { readOnly: statement.readonly, quick: false, run: () => resultOf(statement, unit) };
  }

  #startTimer(): UnitResult {
    this.#timer.start();
    return nothing;
  }

  #acceptLostRows(): UnitResult {
    this.#rowCounts.accept();
    return nothing;
  }

  /** @throws {ServerFault} kind `brokenReferences`, `rowsLost` */
  #checkReferences(sender: Sender): UnitResult {
    this.#rowCounts.check();
    const doubt = this.#references.check();
    if (doubt !== null) sender.notice('warning', doubt);
    return nothing;
  }

  #runText(unit: UnitText, counts = false): UnitResult {
    refuseNul(unit.sql);
    this.#database.exec(unit.sql);
    return counts ? { affectedRows: this.#changes.get() ?? null, resultSet: null } : nothing;
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
    this.#timer.addTo(this.#database);
    this.#patience.use(this.#database);
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
    this.#inTransaction = this.#database.inTransaction;
    const gone = wasInTransaction && !this.#inTransaction;
    return faultOf(error, { position, detail: gone ? 'SQLite has already rolled the whole transaction back.' : null });
  }
}

const nothing: UnitResult = { affectedRows: null, resultSet: null };
const quickly = (readOnly: boolean, run: () => UnitResult): Ready => ({ readOnly, quick: true, run });
const nothingToDo = quickly(true, () => nothing);
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
