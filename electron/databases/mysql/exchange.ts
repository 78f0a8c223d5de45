import type { Connection, QueryError } from 'mysql2';
import type { ServerFault } from '../../engine/ports.ts';
import { faultOf } from './faults.ts';
import { type Cell, type Column, columnOf } from './values.ts';

/** Told of every answer to a message, in order. A statement answers with one, a procedure with several. */
export interface AnswerObserver {
  /** A statement without rows was carried out. */
  done(affectedRows: number, warnings: number): void;
  /** Rows follow. */
  columns(columns: readonly Column[]): void;
  /** The cells are gone after this call. */
  row(cells: readonly Cell[]): void;
  /** The last row has come. */
  rowsEnd(): void;
}

/** One message on its way, and its answers as mysql2's events tell them. */
export class Exchange {
  readonly #observer: AnswerObserver;
  readonly #query: unknown;
  readonly #settle: (fault: ServerFault | null) => void;
  #answers = 0;
  #reading = false;
  #settled = false;

  /** `settle` is called once. */
  constructor(
    connection: Connection,
    sql: string,
    observer: AnswerObserver,
    settle: (fault: ServerFault | null) => void,
  ) {
    this.#observer = observer;
    this.#settle = settle;
    // Without `values` the driver looks for placeholders in all of the text.
    const query = connection.query({ sql, rowsAsArray: true, typeCast: false, values: null });
    this.#query = query;
    query.on('fields', (fields: unknown) => this.#begin(fields));
    query.on('result', (result: unknown) => this.#result(result));
    query.on('error', (error: QueryError) => this.end(faultOf(error)));
    query.on('end', () => this.end(null));
  }

  /** The library says nothing when the last row has come, but it begins to count the next answer. */
  noticeRowsEnd(): void {
    if (!this.#settled && this.#answers <= numberIn(this.#query, '_resultIndex')) this.#endRows();
  }

  end(fault: ServerFault | null): void {
    if (this.#settled) return;
    // An error ends either the rows that are being read or what comes after them.
    this.noticeRowsEnd();
    if (fault === null) this.#endRows();
    this.#settled = true;
    this.#settle(fault);
  }

  #begin(fields: unknown): void {
    if (this.#settled) return;
    this.#endRows();
    this.#answers += 1;
    if (!Array.isArray(fields)) return;
    this.#reading = true;
    this.#observer.columns(fields.map(columnOf));
  }

  #result(result: unknown): void {
    if (this.#settled) return;
    if (Array.isArray(result)) this.#observer.row(result);
    else this.#observer.done(numberIn(result, 'affectedRows'), numberIn(result, 'warningStatus'));
  }

  #endRows(): void {
    if (!this.#reading) return;
    this.#reading = false;
    this.#observer.rowsEnd();
  }
}

function numberIn(object: unknown, key: string): number {
  if (typeof object !== 'object' || object === null) return 0;
  const value: unknown = Reflect.get(object, key);
  return typeof value === 'number' ? value : 0;
}
