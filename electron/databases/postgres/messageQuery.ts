// One message of the extended protocol: every unit is parsed, bound and executed in turn, and reported while the server
// works through them. After an error the server skips the rest of the message.
//
// The simple protocol, which takes all statements as one text, would be a little cheaper. But the server keeps its
// answers back until the whole text is done, so that nobody could tell which statement is running; it counts positions
// from the beginning of the message; and it refuses a syntax error anywhere before it runs anything.
import type pg from 'pg';
import { ServerFault, type Unit, type UnitResult } from '../../engine/ports.ts';
import { BoundedResult } from '../common/boundedResult.ts';
import { encodeMessage } from './encodeMessage.ts';

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

/** The `pg` client calls the methods below; it has no type for queries of one's own beyond `submit`. */
export class MessageQuery implements pg.Submittable {
  readonly #units: readonly Unit[];
  readonly #completed: (tag: string, result: UnitResult) => void;
  readonly #settled = Promise.withResolvers<void>();
  #result: BoundedResult | null = null;

  /** @param completed called for each unit that the server completed, in order, with its command tag. */
  constructor(units: readonly Unit[], completed: (tag: string, result: UnitResult) => void) {
    this.#units = units;
    this.#completed = completed;
  }

  /** Resolves when the server is ready again; rejects with what the server or the connection said. */
  get settled(): Promise<void> {
    return this.#settled.promise;
  }

  submit(connection: pg.Connection): void {
    connection.stream.write(encodeMessage(this.#units));
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

  /** Of a unit that holds nothing but comments. */
  handleEmptyQuery(): void {
    this.#completed('', { affectedRows: null, resultSet: null });
  }

  /** The rest of the message is on its way where the data should be: nothing sensible can follow on this connection. */
  handleCopyInResponse(connection: pg.Connection): void {
    connection.stream.destroy(
      new ServerFault('connectionLost', 'The server waited for the data of a COPY that was sent without it.'),
    );
  }

  handleCopyData(): void {
    // COPY … TO STDOUT has nobody to go to; its rows are counted by the command tag.
  }

  handleError(error: Error): void {
    this.#settled.reject(error);
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
