// One simple-protocol query, reported statement by statement while the server works through it.
import type pg from 'pg';
import { ServerFault, type UnitResult } from '../../engine/ports.ts';
import { BoundedResult } from '../common/boundedResult.ts';

/** What of the server's messages is used here. */
interface RowDescription {
  readonly fields: readonly { readonly name: string }[];
}
interface DataRow {
  readonly fields: readonly (string | null)[];
}
interface CommandComplete {
  readonly text: string;
}
interface CopySource {
  sendCopyFail(message: string): void;
}

const copyWithoutData = 'This COPY was sent without its data.';

/** The `pg` client calls the methods below; it offers no interface for queries of one's own beyond `submit`. */
export class MessageQuery implements pg.Submittable {
  readonly #sql: string;
  readonly #completed: (tag: string, result: UnitResult) => void;
  readonly #settled = Promise.withResolvers<void>();
  #copyRefused = false;
  #result: BoundedResult | null = null;

  /** @param completed called for each statement that the server completed, with its command tag. */
  constructor(sql: string, completed: (tag: string, result: UnitResult) => void) {
    this.#sql = sql;
    this.#completed = completed;
  }

  /** Resolves when the server is ready again; rejects with what the server or the connection said. */
  get settled(): Promise<void> {
    return this.#settled.promise;
  }

  submit(connection: pg.Connection): void {
    connection.query(this.#sql);
  }

  handleRowDescription(message: RowDescription): void {
    this.#result = new BoundedResult(message.fields.map((field) => field.name));
  }

  handleDataRow(message: DataRow): void {
    this.#result?.add(message.fields);
  }

  handleCommandComplete(message: CommandComplete): void {
    const result = this.#result;
    this.#result = null;
    this.#completed(message.text, { affectedRows: affectedRows(message.text), resultSet: result?.result ?? null });
  }

  handleEmptyQuery(): void {
    // Nothing to run, so nothing completed.
  }

  handleCopyInResponse(connection: CopySource): void {
    this.#copyRefused = true;
    connection.sendCopyFail(copyWithoutData);
  }

  handleCopyData(): void {
    // COPY … TO STDOUT has nobody to go to; its rows are counted by the command tag.
  }

  handleError(error: Error): void {
    // The server calls a COPY that its client ended "cancelled".
    this.#settled.reject(this.#copyRefused ? new ServerFault('statement', copyWithoutData, { cause: error }) : error);
  }

  handleReadyForQuery(): void {
    this.#settled.resolve();
  }
}

/** `INSERT 0 3`, `UPDATE 3`, `SELECT 3`, `COPY 3`; other tags count nothing. */
function affectedRows(tag: string): number | null {
  const count = /^(?:INSERT \d+|UPDATE|DELETE|MERGE|SELECT|COPY|MOVE|FETCH) (\d+)$/.exec(tag)?.[1];
  return count === undefined ? null : Number(count);
}
