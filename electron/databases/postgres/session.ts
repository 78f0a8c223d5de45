import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { LockHolder, LockInfo } from '../../../shared/model/lock.ts';
import {
  type Capabilities,
  MessageFault,
  type MessageObserver,
  type Rows,
  ServerFault,
  type ServerIdentity,
  type Session,
  type TableName,
  typedRows,
  type Unit,
  type UnitResult,
} from '../../engine/ports.ts';
import type { RunnerLocks } from '../common/runnerLocks.ts';
import { type CancelTarget, requestCancel } from './cancelRequest.ts';
import { withoutTimeouts } from './concurrentBuild.ts';
import { dialect } from './dialect.ts';
import { sessionFault } from './faults.ts';
import type { Reached } from './identity.ts';
import { sendMessage } from './sendMessage.ts';
import { withoutTimerInTransaction } from './units.ts';
import { rowTypes } from './values.ts';

/** Milliseconds after which a statement that still runs is cancelled again. */
const cancelAgainMs = 300;

/** Milliseconds the server has to take leave. */
const closeMs = 2000;

interface Running {
  /** The server has it, or soon will. */
  sent: boolean;
  cancelRequested: boolean;
}

interface Question {
  readonly sql: string;
  readonly parameters: readonly (string | number | null)[];
  readonly resolve: (rows: Rows) => void;
  readonly reject: (error: unknown) => void;
}

/** What `pg` leaves out of its types. */
type Client = pg.Client & { pipeline?: boolean };

export class PostgresSession implements Session {
  readonly identity: ServerIdentity;
  readonly capabilities: Capabilities;
  readonly #client: Client;
  #asked: Question[] = [];
  /** Settles when those asked before are answered: the client mixes up answers when its pipelining changes under way. */
  #asking: Promise<void> = Promise.resolve();
  readonly #reached: Reached;
  readonly #cancelTarget: CancelTarget;
  readonly #types: pg.CustomTypesConfig;
  readonly #locks: RunnerLocks;
  #observer: MessageObserver | null = null;
  #running: Running | null = null;
  /** Settles when the server has dealt with the last request to cancel. */
  #cancelling: Promise<unknown> = Promise.resolve();

  constructor(
    client: pg.Client,
    reached: Reached,
    reported: ReadonlyMap<string, string>,
    cancelTarget: CancelTarget,
    locksOf: (session: PostgresSession) => RunnerLocks,
  ) {
    this.identity = reached.identity;
    this.capabilities = reached.capabilities;
    this.#locks = locksOf(this);
    this.#client = client;
    this.#reached = reached;
    this.#cancelTarget = cancelTarget;
    this.#types = rowTypes(() => reported.get('TimeZone') ?? 'UTC');
    client.on('notice', ({ severity, message }) => this.#observer?.notice(severity ?? 'NOTICE', message ?? ''));
  }

  async send(units: readonly Unit[], observer: MessageObserver): Promise<void> {
    this.#observer = observer;
    for (const { kind, sql } of units) if (kind === 'statement') this.#locks.doubt(sql);
    try {
      await this.#run(() =>
        this.#sendMessage(withoutTimerInTransaction(units, this.#client.getTransactionStatus() !== 'I'), observer),
      );
    } catch (error) {
      throw error instanceof ServerFault ? new MessageFault(0, error) : error;
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

  query(sql: string, parameters: readonly (string | number | null)[] = []): Promise<Rows> {
    const { promise, resolve, reject } = Promise.withResolvers<Rows>();
    this.#asked.push({ sql, parameters, resolve, reject });
    this.#locks.doubt(sql);
    if (this.#asked.length === 1) this.#asking = this.#asking.then(() => this.#askAll());
    return promise;
  }

  /** What was asked at the same time travels together, each question a message of its own. */
  async #askAll(): Promise<void> {
    const all = this.#asked;
    this.#asked = [];
    if (all.length === 0) return;
    try {
      await this.#run(async () => {
        // Not always: a client that pipelines takes no messages of our own.
        this.#client.pipeline = all.length > 1;
        await Promise.all(all.map((question) => this.#ask(question)));
        this.#client.pipeline = false;
      });
    } catch (error) {
      for (const { reject } of all) reject(error);
    }
  }

  async #ask({ sql, parameters, resolve, reject }: Question): Promise<void> {
    const config = { text: sql, values: [...parameters], types: this.#types, queryMode: 'extended' };
    try {
      const answer = await this.#client.query<Record<string, string | number | boolean | null>>(config);
      resolve(
        typedRows(answer.rows, Object.fromEntries(answer.fields.map(({ name, dataTypeID }) => [name, dataTypeID]))),
      );
    } catch (error) {
      reject(this.#fault(error));
    }
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
    for (const { reject } of this.#asked) reject(cancelledBefore());
    this.#asked = [];
    const running = this.#running;
    if (running === null) return;
    running.cancelRequested = true;
    if (!running.sent) return;
    const asked = requestCancel(this.#cancelTarget);
    this.#cancelling = Promise.allSettled([asked]);
    await asked.catch((error: unknown) => {
      throw sessionFault(error);
    });
    setTimeout(() => this.#askAgain(running), cancelAgainMs).unref();
  }

  /** The server forgets a request that comes between two statements of a message. */
  #askAgain(running: Running): void {
    if (this.#running !== running) return;
    // Whoever cancels was told by the first request whether the server can be reached.
    this.cancel().catch(() => undefined);
  }

  tryLock(name: string, holder: LockHolder): Promise<LockInfo | null> {
    return this.#locks.tryLock(name, holder);
  }

  lockInfo(name: string): Promise<LockInfo> {
    return this.#locks.lockInfo(name);
  }

  unlock(name: string): Promise<void> {
    return this.#locks.unlock(name);
  }

  confirmLocks(always: boolean): Promise<void> {
    return this.#locks.confirm(always);
  }

  mayFreeLocks(sql: string): boolean {
    return this.#locks.mayFree(sql);
  }

  fence(): readonly string[] {
    return this.#locks.fence();
  }

  endHolder(name: string): Promise<'ended' | 'free'> {
    return this.#locks.endHolder(name);
  }

  async close(): Promise<void> {
    await this.#locks.close();
    // Over a connection that was cut, the server's goodbye never comes.
    const timer = setTimeout(() => this.#client.connection.stream.destroy(), closeMs);
    await this.#client.end();
    clearTimeout(timer);
  }

  abandon(reason: ServerFault): void {
    this.#locks.abandon();
    this.#client.connection.stream.destroy(reason);
  }

  async #run<T>(action: () => Promise<T>): Promise<T> {
    const running: Running = { sent: false, cancelRequested: false };
    this.#running = running;
    try {
      // A request to cancel what ran before must not stop this.
      await this.#cancelling;
      if (running.cancelRequested) throw cancelledBefore();
      running.sent = true;
      return await action();
    } finally {
      if (this.#running === running) this.#running = null;
    }
  }

  #fault(error: unknown, position: number | null = null): ServerFault {
    return sessionFault(error, { position, cancelRequested: this.#running?.cancelRequested ?? false });
  }
}

const cancelledBefore = (): ServerFault => new ServerFault('cancelled', 'Cancelled before it was sent.');

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
