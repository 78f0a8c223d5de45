import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { LockHolder, LockInfo } from '../../../shared/model/lock.ts';
import {
  MessageFault,
  type MessageObserver,
  type Row,
  ServerFault,
  type ServerIdentity,
  type Session,
  type TableName,
  type Unit,
  type UnitResult,
} from '../../engine/ports.ts';
import { type CancelTarget, requestCancel } from './cancelRequest.ts';
import { withoutTimeouts } from './concurrentBuild.ts';
import { dialect } from './dialect.ts';
import { sessionFault } from './faults.ts';
import type { Reached } from './identity.ts';
import { advisoryUnlock, readLock, tryAdvisoryLock } from './lock.ts';
import { sendMessage } from './sendMessage.ts';
import { withoutTimerInTransaction } from './units.ts';
import { rowTypes } from './values.ts';

export class PostgresSession implements Session {
  readonly identity: ServerIdentity;
  readonly #client: pg.Client;
  readonly #reached: Reached;
  readonly #cancelTarget: CancelTarget;
  readonly #types: pg.CustomTypesConfig;
  readonly #locks = new Set<string>();
  #observer: MessageObserver | null = null;
  #running = false;
  #cancelRequested = false;

  constructor(client: pg.Client, reached: Reached, reported: ReadonlyMap<string, string>, cancelTarget: CancelTarget) {
    this.identity = reached.identity;
    this.#client = client;
    this.#reached = reached;
    this.#cancelTarget = cancelTarget;
    this.#types = rowTypes(() => reported.get('TimeZone') ?? 'UTC');
    client.on('notice', ({ severity, message }) => this.#observer?.notice(severity ?? 'NOTICE', message ?? ''));
  }

  async send(units: readonly Unit[], observer: MessageObserver): Promise<void> {
    this.#observer = observer;
    try {
      await this.#run(() => this.#sendMessage(withoutTimerInTransaction(units, this.#client.getTransactionStatus() !== 'I'), observer));
    } finally {
      this.#observer = null;
    }
  }

  async #sendMessage(units: readonly Unit[], observer: MessageObserver): Promise<void> {
    const send = () =>
      sendMessage(this.#client, units, {
        positionsCount: this.#reached.positionsCount,
        completed: (unit, result) => observer.completed(unit, result),
        faultOf: (error, position) => this.#fault(error, position),
      });
    try {
      await withoutTimeouts(this.#client, units, send);
    } catch (error) {
      throw error instanceof MessageFault ? error : new MessageFault(0, this.#fault(error));
    }
  }

  async copyIn(sql: string, data: AsyncIterable<string>): Promise<UnitResult> {
    const stream = copyFrom(sql);
    const source = new Source(data);
    await this.#run(async () => {
      try {
        await pipeline(Readable.from(source.chunks()), this.#client.query(stream));
      } catch (error) {
        throw source.failure === null ? this.#fault(error) : source.failure.error;
      }
    });
    return { affectedRows: stream.rowCount, resultSet: null };
  }

  async query(sql: string, parameters: readonly (string | number | null)[] = []): Promise<Row[]> {
    const config = { text: sql, values: [...parameters], types: this.#types, queryMode: 'extended' };
    return this.#run(async () => {
      try {
        return (await this.#client.query<Record<string, string | number | boolean | null>>(config)).rows;
      } catch (error) {
        throw this.#fault(error);
      }
    });
  }

  async columns(table: TableName): Promise<string[] | null> {
    // to_regclass looks a name up as a query would: search_path, temporary tables and all.
    const rows = await this.query(
      `SELECT a.attname AS name FROM pg_class c
         LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.oid = to_regclass($1) AND c.relkind IN ('r', 'p', 'f', 'v', 'm') ORDER BY a.attnum`,
      [dialect.quoteTable(table)],
    );
    return rows.length === 0 ? null : rows.flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
  }

  async cancel(): Promise<void> {
    if (!this.#running) return;
    this.#cancelRequested = true;
    await requestCancel(this.#cancelTarget).catch((error: unknown) => {
      throw sessionFault(error);
    });
  }

  async tryLock(name: string, holder: LockHolder): Promise<LockInfo | null> {
    // Session locks nest: taken twice, they would have to be freed twice.
    if (this.#locks.has(name)) return null;
    if (await tryAdvisoryLock((sql, parameters) => this.query(sql, parameters), name, holder)) {
      this.#locks.add(name);
      return null;
    }
    // Even when it was freed between the two questions: this session has not got it.
    return { ...(await this.lockInfo(name)), held: true };
  }

  lockInfo(name: string): Promise<LockInfo> {
    return readLock((sql, parameters) => this.query(sql, parameters), name);
  }

  async unlock(name: string): Promise<void> {
    if (!this.#locks.delete(name)) return;
    if (await advisoryUnlock((sql, parameters) => this.query(sql, parameters), name)) return;
    throw new ServerFault('statement', 'The lock had already been lost: a statement of this session freed it, for example DISCARD ALL.');
  }

  async close(): Promise<void> {
    await this.#client.end();
  }

  async #run<T>(action: () => Promise<T>): Promise<T> {
    this.#running = true;
    this.#cancelRequested = false;
    try {
      return await action();
    } finally {
      this.#running = false;
    }
  }

  #fault(error: unknown, position: number | null = null): ServerFault {
    return sessionFault(error, { position, cancelRequested: this.#cancelRequested });
  }
}

/** Data on its way to the server; remembers a failure of its own, which is none of the server's. */
class Source {
  readonly #data: AsyncIterable<string>;
  failure: { readonly error: unknown } | null = null;

  constructor(data: AsyncIterable<string>) {
    this.#data = data;
  }

  async *chunks(): AsyncGenerator<string> {
    try {
      yield* this.#data;
    } catch (error) {
      this.failure = { error };
      throw error;
    }
  }
}
