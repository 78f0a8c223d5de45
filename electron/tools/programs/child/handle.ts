/** What a program is given: the session behind it is Lockkeeper's, which looks at every statement before it is sent. */
import type { Cell, FromChild, Start, ToChild } from '../protocol.ts';
import { lineOfMain } from './places.ts';

type Rows = readonly Readonly<Record<string, Cell>>[] & {
  readonly affectedRows: number | null;
  readonly columnTypes: Readonly<Record<string, number>>;
};

export interface Given {
  /** Sends one statement, with values for `$1`, `$2` …, and gives its rows; several statements when there are no values. */
  query(sql: string, parameters?: readonly unknown[]): Promise<Rows>;
  log(...words: readonly unknown[]): void;
  progress(done: number, total: number): void;
}

export interface Handle {
  readonly given: Given;
  answer(message: ToChild): void;
  /** Resolves when nothing that was asked is without its answer. */
  settled(): Promise<void>;
}

interface Waiting {
  readonly resolve: (rows: Rows) => void;
  readonly reject: (error: Error) => void;
}

export function createHandle(start: Start, post: (message: FromChild) => Promise<void>): Handle {
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  let last: Promise<unknown> = Promise.resolve();

  function query(sql: string, parameters: readonly unknown[] = []): Promise<Rows> {
    if (typeof sql !== 'string') throw new TypeError('query needs the text of a statement');
    const id = asked++;
    const line = lineOfMain(new Error().stack ?? '', start);
    const answer = new Promise<Rows>((resolve, reject) => waiting.set(id, { resolve, reject }));
    last = answer.catch(() => undefined);
    void post({ type: 'query', id, sql, parameters: parameters.map(asParameter), line });
    return answer;
  }

  return {
    given: {
      query,
      log: (...words) => void post({ type: 'log', message: words.map(asText).join(' ').slice(0, 10_000) }),
      progress: (done, total) => void post({ type: 'progress', done: Number(done), total: Number(total) }),
    },
    answer(message) {
      if (message.type === 'start') return;
      const one = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.type === 'rows') {
        const { rows, affectedRows, columnTypes } = message;
        one?.resolve(Object.assign([...rows], { affectedRows, columnTypes }));
      } else one?.reject(Object.assign(new Error(message.message), { code: message.code }));
    },
    async settled() {
      while (waiting.size > 0) await last;
    },
  };
}

function asParameter(value: unknown): string | number | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Date) return value.toISOString();
  throw new TypeError(
    'A value for a statement is text, a number, a date, true, false or null; write lists and objects as text.',
  );
}

const asText = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (value instanceof Error) return value.stack ?? value.message;
  return JSON.stringify(value) ?? String(value);
};
