/** Stands in for the package `pg`: its shape as libraries use it, over the lent session. */
import { EventEmitter } from 'node:events';
import type { Cell } from '../../protocol.ts';
import { answered, type Callback, isCallback } from './callback.ts';
import { type Answer, firstWord, type Link } from './link.ts';

interface Config {
  readonly text: string;
  readonly values?: readonly unknown[];
  readonly rowMode?: string;
}

export function postgresDriver(link: Link): object {
  class Client extends EventEmitter {
    /** Of the server's process; nobody can be told to cancel it from here. */
    readonly processID = 0;
    readonly connection = new EventEmitter();
    connect(callback?: Callback): Promise<unknown> {
      return answered(Promise.resolve(this), callback, () => [this, () => undefined]);
    }
    query(asked: string | Config, values?: unknown, callback?: unknown): Promise<unknown> {
      const config: Config = typeof asked === 'string' ? { text: asked } : asked;
      if (typeof config.text !== 'string')
        throw new TypeError('Streams and cursors are not for migrations: ask for the rows.');
      const given = Array.isArray(values) ? values : (config.values ?? []);
      const told = [values, callback].find(isCallback);
      const result = link.query(this, config.text, given).then((answer) => resultOf(config, answer));
      return answered(result, told);
    }
    end(callback?: Callback): Promise<unknown> {
      return answered(Promise.resolve(), callback);
    }
    release(): void {}
  }
  class Pool extends EventEmitter {
    connect(callback?: Callback): Promise<unknown> {
      return new Client().connect(callback);
    }
    end(callback?: Callback): Promise<unknown> {
      return answered(Promise.resolve(), callback);
    }
  }
  return { Client, Pool, types, defaults: {} };
}

const asText = (text: string): string => text;
const types = {
  builtins: {},
  setTypeParser: () => undefined,
  getTypeParser: () => asText,
  arrayParser: { create: (text: string) => ({ parse: () => listOf(text, asText) }) },
};

function resultOf({ text, rowMode }: Config, { rows, affectedRows, columnTypes }: Answer): object {
  const read = rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, readCell(cell, columnTypes[name] ?? 0)])),
  );
  return {
    command: firstWord(text),
    rowCount: affectedRows ?? rows.length,
    rows: rowMode === 'array' ? read.map((row) => Object.values(row)) : read,
    fields: Object.entries(columnTypes).map(([name, dataTypeID]) => ({ name, dataTypeID })),
  };
}

/** OIDs of pg_type.dat that the driver reads as something other than text. */
const json = new Set([114, 3802]);
const dates = new Set([1082, 1114, 1184]);
const bytea = 17;
const lists: Readonly<Record<number, (text: string) => unknown>> = {
  1000: (text) => text === 't',
  1005: Number,
  1007: Number,
  1016: asText,
  1021: Number,
  1022: Number,
  1009: asText,
  1015: asText,
  1231: asText,
  2951: asText,
  199: (text) => JSON.parse(text),
  3807: (text) => JSON.parse(text),
};

function readCell(cell: Cell, type: number): unknown {
  if (typeof cell !== 'string') return cell;
  if (json.has(type)) return JSON.parse(cell);
  if (dates.has(type)) return dateOf(cell, type);
  if (type === bytea && cell.startsWith('\\x')) return Buffer.from(cell.slice(2), 'hex');
  const item = lists[type];
  return item === undefined ? cell : listOf(cell, item);
}

/** A day is its midnight in the zone of the process; `infinity` and years before Christ stay text. */
function dateOf(text: string, type: number): Date | string {
  const date = new Date(type === 1082 ? `${text}T00:00:00` : text);
  return Number.isNaN(date.getTime()) ? text : date;
}

/** A list as the server writes one: `{1,NULL,"a \"b\""}`, lists in it included. */
function listOf(text: string, item: (text: string) => unknown): unknown {
  const tokens = text.matchAll(/([{}])|"((?:[^"\\]|\\[\s\S])*)"|([^,{}"]+)/g);
  const open: unknown[][] = [[]];
  for (const [, brace, quoted, plain] of tokens) {
    if (brace === '{') open.push([]);
    else if (brace === '}') {
      const done = open.pop() ?? [];
      open.at(-1)?.push(done);
    } else if (quoted !== undefined) open.at(-1)?.push(item(quoted.replace(/\\([\s\S])/g, '$1')));
    else if (plain !== undefined && plain !== ',') open.at(-1)?.push(plain === 'NULL' ? null : item(plain));
  }
  return open[0]?.[0] ?? [];
}
