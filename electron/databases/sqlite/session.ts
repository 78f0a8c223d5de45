/** A session with one SQLite file, held by a process of its own. */
import type { LockHolder, LockInfo } from '../../../shared/model/lock.ts';
import type { MessageObserver, Row, ServerIdentity, Session, TableName, Unit, UnitResult } from '../../engine/ports.ts';
import { MessageFault, ServerFault } from '../../engine/ports.ts';
import { sqliteCapabilities } from './capabilities.ts';
import type { AttachRequest, OpenRequest, Replies, Request, UnitText } from './protocol.ts';
import { unpack } from './results.ts';
import { giveBack, takeWorker } from './workerPool.ts';
import type { RequestListener, WorkerProcess } from './workerProcess.ts';
import { RequestError } from './workerProcess.ts';

export type FileFacts = Pick<ServerIdentity, 'id' | 'database' | 'user'>;

export class SqliteSession implements Session {
  readonly capabilities = sqliteCapabilities;
  readonly #facts: FileFacts;
  readonly #open: OpenRequest;
  readonly #timeoutMs: number;
  readonly #locks = new Map<string, LockHolder>();
  readonly #attached = new Map<string, AttachRequest>();
  #worker: WorkerProcess;
  #opened: Replies['open'];
  /** Requests wait for each other. */
  #last: Promise<unknown> = Promise.resolve();
  #outstanding = 0;
  /** Why nothing can be asked any more. */
  #ended: ServerFault | null = null;

  private constructor(
    facts: FileFacts,
    open: OpenRequest,
    timeoutMs: number,
    worker: WorkerProcess,
    opened: Replies['open'],
  ) {
    this.#facts = facts;
    this.#open = open;
    this.#timeoutMs = timeoutMs;
    this.#worker = worker;
    this.#opened = opened;
  }

  /** @throws {ServerFault} `unreachable` when the file did not open within `timeoutMs`. */
  static async open(facts: FileFacts, open: OpenRequest, timeoutMs: number): Promise<SqliteSession> {
    const { worker, opened } = await openWorker(open, timeoutMs);
    return new SqliteSession(facts, open, timeoutMs, worker, opened);
  }

  get identity(): ServerIdentity {
    return {
      product: 'SQLite',
      schema: 'main',
      ...this.#opened,
      ...this.#facts,
      backend: `process ${String(this.#worker.id)}`,
    };
  }

  async send(units: readonly Unit[], observer: MessageObserver): Promise<void> {
    let completed = 0;
    const listener: RequestListener = {
      results: (results) => unpack(results, (result) => observer.completed(completed++, result)),
      notice: (severity, message) => observer.notice(severity, message),
    };
    const request = {
      type: 'send',
      units: units.map(textOf),
    } as const;
    try {
      listener.results(await this.#request(request, listener));
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      // Whoever kills the process loses the results that it had not told yet.
      while (completed < (error.unit ?? 0)) observer.completed(completed++, { affectedRows: null, resultSet: null });
      throw new MessageFault(completed, error.fault);
    }
  }

  async copyIn(): Promise<UnitResult> {
    throw new ServerFault('statement', 'SQLite has no COPY.');
  }

  async query(sql: string, parameters: readonly (string | number | null)[] = []): Promise<Row[]> {
    return [...(await this.#ask({ type: 'query', sql, parameters }))];
  }

  async columns(table: TableName): Promise<string[] | null> {
    const rows = await this.query('SELECT name FROM pragma_table_xinfo($1, $2) WHERE hidden <> 1 ORDER BY cid', [
      table.name,
      table.schema ?? 'main',
    ]);
    return rows.length === 0 ? null : rows.map((row) => String(row['name']));
  }

  async attach(file: string, name: string): Promise<boolean> {
    const request = { type: 'attach', file, name } as const;
    const isThere = await this.#ask(request);
    if (isThere) this.#attached.set(name, request);
    return isThere;
  }

  async cancel(): Promise<void> {
    this.#worker.cancel();
  }

  async tryLock(name: string, holder: LockHolder): Promise<LockInfo | null> {
    const other = await this.#ask({ type: 'tryLock', name, holder });
    if (other === null) this.#locks.set(name, holder);
    return other;
  }

  async unlock(name: string): Promise<void> {
    this.#locks.delete(name);
    await this.#ask({ type: 'unlock', name });
  }

  /** No statement reaches the lock's own file; a process that answers holds what it took. */
  async confirmLocks(always: boolean): Promise<void> {
    if (always) await this.query('SELECT 1');
  }

  lockInfo(name: string): Promise<LockInfo> {
    return this.#ask({ type: 'lockInfo', name });
  }

  mayFreeLocks(): boolean {
    return false;
  }

  fence(): readonly string[] {
    return [];
  }

  /** A holder that lives keeps the lock; of a dead one only the trace is left, which is removed. */
  async endHolder(name: string): Promise<'ended' | 'free' | 'refused'> {
    const { held, holder } = await this.lockInfo(name);
    if (held) return 'refused';
    if (holder === null) return 'free';
    if ((await this.tryLock(name, holder)) !== null) return 'refused';
    await this.unlock(name);
    return 'ended';
  }

  async close(): Promise<void> {
    if (this.#ended !== null) return;
    try {
      await this.#ask({ type: 'close' });
    } catch (error) {
      // With its process the connection has ended, too.
      if (!(error instanceof ServerFault) || error.kind !== 'connectionLost') throw error;
    }
    this.#ended = new ServerFault('connectionLost', 'The session is closed.');
    giveBack(this.#worker);
  }

  abandon(reason: ServerFault): void {
    this.#ended ??= reason;
    this.#worker.kill();
  }

  async #ask<R extends Request>(request: R): Promise<Replies[R['type']]> {
    try {
      return await this.#request(request, null);
    } catch (error) {
      throw error instanceof RequestError ? error.fault : error;
    }
  }

  #request<R extends Request>(request: R, listener: RequestListener | null): Promise<Replies[R['type']]> {
    // Begun at once when it can be, so that a cancel that follows finds it.
    const isFree = this.#outstanding++ === 0;
    const answer = isFree
      ? this.#requestNow(request, listener)
      : this.#last.then(() => this.#requestNow(request, listener));
    this.#last = answer.catch(() => {});
    return answer;
  }

  async #requestNow<R extends Request>(request: R, listener: RequestListener | null): Promise<Replies[R['type']]> {
    try {
      if (this.#ended !== null) throw new RequestError(this.#ended, 0);
      return await this.#worker.request(request, listener);
    } catch (error) {
      if (this.#ended === null && !this.#worker.isUsable) await this.#replaceWorker(error);
      throw error;
    } finally {
      this.#outstanding--;
    }
  }

  /** After a statement was killed the session goes on as after any cancelled one: rolled back, with its locks. */
  async #replaceWorker(reason: unknown): Promise<void> {
    await this.#worker.ended;
    const fault = reason instanceof RequestError ? reason.fault : null;
    if (fault?.kind !== 'cancelled') {
      this.#ended = fault ?? new ServerFault('connectionLost', String(reason));
      return;
    }
    try {
      const { worker, opened } = await openWorker(this.#open, this.#timeoutMs);
      this.#worker = worker;
      this.#opened = opened;
      for (const request of this.#attached.values()) await worker.request(request);
      for (const [name, holder] of this.#locks) {
        const other = await worker.request({ type: 'tryLock', name, holder });
        if (other !== null)
          throw new ServerFault(
            'connectionLost',
            `The lock was taken by ${other.holder?.person ?? 'somebody else'} after the statement was cancelled.`,
          );
      }
    } catch (error) {
      this.#ended =
        error instanceof RequestError
          ? error.fault
          : error instanceof ServerFault
            ? error
            : new ServerFault('connectionLost', String(error));
      this.#worker.kill();
    }
  }
}

function textOf(unit: Unit): UnitText {
  const control = unit.kind === 'control';
  const acceptsLoss = unit.kind === 'statement' && unit.statement.accepts?.some(({ code }) => code === 'rowsLost');
  return { control, sql: unit.sql, ...(acceptsLoss === true ? { acceptsLoss: true } : {}) };
}

async function openWorker(
  open: OpenRequest,
  timeoutMs: number,
): Promise<{ worker: WorkerProcess; opened: Replies['open'] }> {
  const worker = takeWorker();
  let isLate = false;
  const timer =
    timeoutMs === 0
      ? undefined
      : setTimeout(() => {
          isLate = true;
          worker.kill();
        }, timeoutMs);
  try {
    return { worker, opened: await worker.request(open) };
  } catch (error) {
    giveBack(worker);
    if (isLate)
      throw new ServerFault(
        'unreachable',
        `The file did not open within ${String(timeoutMs)} ms: another program holds it.`,
      );
    throw error instanceof RequestError ? error.fault : error;
  } finally {
    clearTimeout(timer);
  }
}
