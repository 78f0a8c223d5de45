/** A session that tells whether it waits for the server, and since when nothing was heard. */
import type { LockHolder } from '../../shared/model/lock.ts';
import {
  type Capabilities,
  type Clock,
  MessageFault,
  type MessageObserver,
  type ServerFault,
  type ServerIdentity,
  type Session,
  type TableName,
  type Unit,
} from '../engine/ports.ts';

export class WatchedSession implements Session {
  readonly #session: Session;
  readonly #clock: Clock;
  #outstanding = 0;
  #heardAt: number;
  /** Why nothing may be sent any more. */
  #refused: ServerFault | null = null;

  constructor(session: Session, clock: Clock) {
    this.#session = session;
    this.#clock = clock;
    this.#heardAt = clock.elapsed();
  }

  get identity(): ServerIdentity {
    return this.#session.identity;
  }

  get capabilities(): Capabilities {
    return this.#session.capabilities;
  }

  /** Something was sent whose answer has not come. */
  get isWaiting(): boolean {
    return this.#outstanding > 0;
  }

  /** Milliseconds since something was heard, or sent after a pause. */
  get quietMs(): number {
    return this.#clock.elapsed() - this.#heardAt;
  }

  /** Everything that follows fails with this. */
  refuse(fault: ServerFault): void {
    this.#refused ??= fault;
  }

  async send(units: readonly Unit[], observer: MessageObserver): Promise<void> {
    if (this.#refused !== null) throw new MessageFault(0, this.#refused);
    await this.#during(() =>
      this.#session.send(units, {
        completed: (unit, result) => {
          this.#heardAt = this.#clock.elapsed();
          observer.completed(unit, result);
        },
        notice: (severity, message) => observer.notice(severity, message),
      }),
    );
  }

  copyIn(sql: string, data: AsyncIterable<string>): ReturnType<Session['copyIn']> {
    return this.#during(() => this.#session.copyIn(sql, this.#hearing(data)));
  }

  query(sql: string, parameters?: readonly (string | number | null)[]): ReturnType<Session['query']> {
    return this.#during(() => this.#session.query(sql, parameters));
  }

  columns(table: TableName): ReturnType<Session['columns']> {
    return this.#during(() => this.#session.columns(table));
  }

  attach(file: string, name: string): Promise<boolean> {
    return this.#during(async () => (await this.#session.attach?.(file, name)) ?? false);
  }

  tryLock(name: string, holder: LockHolder): ReturnType<Session['tryLock']> {
    return this.#during(() => this.#session.tryLock(name, holder));
  }

  lockInfo(name: string): ReturnType<Session['lockInfo']> {
    return this.#during(() => this.#session.lockInfo(name));
  }

  unlock(name: string): Promise<void> {
    return this.#during(() => this.#session.unlock(name));
  }

  confirmLocks(always: boolean): Promise<void> {
    return this.#during(() => this.#session.confirmLocks(always));
  }

  mayFreeLocks(sql: string): boolean {
    return this.#session.mayFreeLocks(sql);
  }

  fence(): readonly string[] {
    return this.#session.fence();
  }

  endHolder(name: string): ReturnType<Session['endHolder']> {
    return this.#during(() => this.#session.endHolder(name));
  }

  cancel(): Promise<void> {
    return this.#session.cancel();
  }

  close(): Promise<void> {
    return this.#session.close();
  }

  abandon(reason: ServerFault): void {
    this.#session.abandon(reason);
  }

  async #during<T>(work: () => Promise<T>): Promise<T> {
    if (this.#refused !== null) throw this.#refused;
    if (this.#outstanding === 0) this.#heardAt = this.#clock.elapsed();
    this.#outstanding += 1;
    try {
      return await work();
    } finally {
      this.#outstanding -= 1;
      this.#heardAt = this.#clock.elapsed();
    }
  }

  /** Data is asked for only while the server takes what came before. */
  async *#hearing(data: AsyncIterable<string>): AsyncGenerator<string> {
    for await (const chunk of data) {
      this.#heardAt = this.#clock.elapsed();
      yield chunk;
    }
  }
}
