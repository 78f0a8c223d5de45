/** Stands in for the package `mysql2`: its shape as libraries use it, over the lent session. */
import { EventEmitter } from 'node:events';
import type { Cell } from '../../protocol.ts';
import { answered, type Callback, isCallback } from './callback.ts';
import type { Values } from './inline.ts';
import { type Answer, firstWord, givesRows, type Link } from './link.ts';

interface Config {
  readonly sql: string;
  readonly values?: Values;
  readonly rowsAsArray?: boolean;
}

/** What the server tells of a statement that gives no rows. */
class ResultSetHeader {
  readonly affectedRows: number;
  readonly insertId: number;
  readonly changedRows = 0;
  readonly warningStatus = 0;
  readonly info = '';

  constructor(affectedRows: number, insertId: number) {
    this.affectedRows = affectedRows;
    this.insertId = insertId;
  }
}

/** Settings of a connection that change what is read. */
interface Settings {
  readonly supportBigNumbers?: boolean;
  readonly bigNumberStrings?: boolean;
}

type Result = readonly [rows: unknown, fields: unknown];

export function mysqlDriver(link: Link): object {
  async function ask(
    connection: { readonly settings: Settings },
    { sql, values, rowsAsArray }: Config,
  ): Promise<Result> {
    const answer = await link.query(connection, sql, values);
    if (givesRows(sql)) return rowsOf(answer, rowsAsArray === true, connection.settings);
    const inserted = /^(INSERT|REPLACE)$/.test(firstWord(sql)) ? await lastInsertId(connection) : 0;
    return [new ResultSetHeader(answer.affectedRows ?? 0, inserted), undefined];
  }
  const lastInsertId = async (connection: object): Promise<number> => {
    const { rows } = await link.query(connection, 'SELECT LAST_INSERT_ID() AS id');
    return Number(rows[0]?.['id'] ?? 0);
  };

  class Connection extends EventEmitter {
    readonly state = 'connected';
    readonly stream = { destroyed: false };
    readonly threadId = 0;
    readonly settings: Settings;
    constructor(settings: Settings) {
      super();
      this.settings = settings;
      setImmediate(() => this.emit('connect', {}));
    }
    connect(callback?: Callback): void {
      answered(Promise.resolve(), callback);
    }
    query(asked: string | Config, values?: unknown, callback?: unknown): EventEmitter {
      answered(ask(this, configOf(asked, values)), [values, callback].find(isCallback) ?? ignored, (result) => result);
      return new EventEmitter();
    }
    execute(asked: string | Config, values?: unknown, callback?: unknown): EventEmitter {
      return this.query(asked, values, callback);
    }
    promise() {
      const query = (asked: string | Config, values?: unknown) => ask(this, configOf(asked, values));
      return { query, execute: query, release: () => undefined, end: async () => undefined };
    }
    end(callback?: Callback): void {
      answered(Promise.resolve(), callback);
    }
    release(): void {}
    destroy(): void {}
  }
  class Pool extends EventEmitter {
    readonly #settings: Settings;
    constructor(settings: Settings) {
      super();
      this.#settings = settings;
    }
    getConnection(callback: Callback): void {
      answered(Promise.resolve(new Connection(this.#settings)), callback);
    }
    end(callback?: Callback): void {
      answered(Promise.resolve(), callback);
    }
  }
  return {
    createConnection: (settings: Settings) => new Connection(settings),
    createPool: (settings: Settings) => new Pool(settings),
  };
}

const ignored: Callback = () => undefined;

const configOf = (asked: string | Config, values: unknown): Config => {
  const config = typeof asked === 'string' ? { sql: asked } : asked;
  return typeof values === 'object' && values !== null ? { ...config, values: values as Values } : config;
};

function rowsOf({ rows, columnTypes }: Answer, asArrays: boolean, settings: Settings): Result {
  const read = rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, cell]) => [name, readCell(cell, columnTypes[name] ?? 0, settings)]),
    ),
  );
  const fields = Object.entries(columnTypes).map(([name, columnType]) => ({ name, columnType }));
  return [asArrays ? read.map((row) => Object.values(row)) : read, fields];
}

/** Types of the protocol (`enum_field_types`) that the driver reads as something other than text. */
const dates = new Set([7, 10, 12]);
const json = 245;
const longInteger = 8;

function readCell(cell: Cell, type: number, { supportBigNumbers, bigNumberStrings }: Settings): unknown {
  if (typeof cell === 'number' && type === longInteger)
    return supportBigNumbers === true && bigNumberStrings === true ? String(cell) : cell;
  if (typeof cell !== 'string') return cell;
  if (type === json) return JSON.parse(cell);
  if (!dates.has(type)) return cell;
  // A time without a zone is of the process's own; 0000-00-00 is no date.
  const date = new Date(cell.length === 10 ? `${cell}T00:00:00` : cell.replace(' ', 'T'));
  return Number.isNaN(date.getTime()) ? cell : date;
}
