import { Duplex } from 'node:stream';
import type { Connection, QueryError } from 'mysql2';
import { ServerFault } from '../../engine/ports.ts';
import { connectionLost, faultOf } from './faults.ts';
import type { Cell, Column } from './values.ts';

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

/**
 * One connection of mysql2, spoken to in messages. The library reports answers by events, some of a command and some
 * of its connection; here every message ends exactly once, and nothing is thrown into the air.
 */
export class Wire {
  readonly #connection: Connection;
  readonly #running = new Set<(fault: ServerFault) => void>();
  #lost: ServerFault | null = null;

  /** `connection` is open. */
  constructor(connection: Connection) {
    this.#connection = connection;
    connection.on('error', (error: unknown) => this.#lose(connectionLost(error)));
    connection.on('end', () => this.#lose(connectionLost(null)));
  }

  /** Resolves after the last answer. @throws {ServerFault} of the first statement that failed. */
  async exchange(sql: string, observer: AnswerObserver): Promise<void> {
    if (this.#lost !== null) throw this.#lost;
    await new Promise<void>((resolve, reject) => {
      const fail = (fault: ServerFault) => {
        this.#running.delete(fail);
        reject(fault);
      };
      this.#running.add(fail);
      const end = () => {
        this.#running.delete(fail);
        resolve();
      };
      this.#start(sql, observer, fail, end);
    });
  }

  #start(sql: string, observer: AnswerObserver, fail: (fault: ServerFault) => void, end: () => void): void {
    let answers = 0;
    let reading = false;
    const finishRows = () => {
      if (reading) observer.rowsEnd();
      reading = false;
    };
    const query = this.#connection.query({ sql, rowsAsArray: true, typeCast: false });
    query.on('fields', (fields: unknown) => {
      if (!this.#running.has(fail)) return;
      finishRows();
      answers += 1;
      if (!Array.isArray(fields)) return;
      reading = true;
      observer.columns(fields.map(columnOf));
    });
    query.on('result', (result: unknown) => {
      if (!this.#running.has(fail)) return;
      if (Array.isArray(result)) observer.row(result);
      else observer.done(numberIn(result, 'affectedRows'), numberIn(result, 'warningStatus'));
    });
    query.on('error', (error: QueryError) => {
      // The error ends either the rows being read or the next statement; only mysql2's own count tells which.
      if (answers <= numberIn(query, '_resultIndex')) finishRows();
      fail(faultOf(error));
    });
    query.on('end', () => {
      if (!this.#running.has(fail)) return;
      finishRows();
      end();
    });
  }

  /** Says goodbye if the server still listens, within `timeoutMs`. */
  async close(timeoutMs: number): Promise<void> {
    if (this.#lost === null) {
      this.#lost = connectionLost(null);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        this.#connection.on('end', () => {
          clearTimeout(timer);
          resolve();
        });
        this.#connection.end();
      });
    }
    this.#destroy();
  }

  /** Ends the connection without a word; what runs fails with `connectionLost`. */
  abandon(fault: ServerFault): void {
    this.#lose(fault);
  }

  #lose(fault: ServerFault): void {
    this.#lost ??= fault;
    const running = [...this.#running];
    this.#running.clear();
    for (const fail of running) fail(fault);
    this.#destroy();
  }

  /** mysql2's own `destroy` waits for the other side, which may be out of reach. */
  #destroy(): void {
    this.#connection.destroy();
    const stream: unknown = Reflect.get(this.#connection, 'stream');
    if (stream instanceof Duplex) stream.destroy();
  }
}

function columnOf(field: unknown): Column {
  const name = typeof field === 'object' && field !== null && 'name' in field ? String(field.name) : '';
  return { name, type: numberIn(field, 'columnType'), characterSet: numberIn(field, 'characterSet') };
}

function numberIn(object: unknown, key: string): number {
  if (typeof object !== 'object' || object === null) return 0;
  const value: unknown = Reflect.get(object, key);
  return typeof value === 'number' ? value : 0;
}
