import { Duplex } from 'node:stream';
import type { Connection } from 'mysql2';
import type { ServerFault } from '../../engine/ports.ts';
import { type AnswerObserver, Exchange } from './exchange.ts';
import { connectionLost } from './faults.ts';

/**
 * One connection of mysql2, spoken to in messages. The library tells of failures by events, some of a command and some
 * of its connection; here every message ends exactly once, and nothing is thrown into the air.
 */
export class Wire {
  readonly #connection: Connection;
  readonly #running = new Set<Exchange>();
  #lost: ServerFault | null = null;
  #received = 0;

  /** `connection` is open. */
  constructor(connection: Connection) {
    this.#connection = connection;
    connection.on('error', (error: unknown) => this.abandon(connectionLost(error)));
    connection.on('end', () => this.abandon(connectionLost(null)));
    // After the library's own listener, so that it has read what came.
    streamOf(connection)?.on('data', () => {
      this.#received += 1;
      for (const exchange of this.#running) exchange.noticeRowsEnd();
    });
  }

  /** The message that the server is executing. */
  get running(): Exchange | undefined {
    return this.#running.values().next().value;
  }

  /** Grows with whatever comes from the server. */
  get received(): number {
    return this.#received;
  }

  /** Gives the library the error packet that a server owes which ended a message without one. */
  supplyInterruption(): void {
    const text = Buffer.from('\xff\x25\x05#70100Query execution was interrupted', 'latin1');
    const header = Buffer.from([text.length, 0, 0, this.#connection.sequenceId]);
    streamOf(this.#connection)?.emit('data', Buffer.concat([header, text]));
  }

  /** Resolves after the last answer. @throws {ServerFault} of the first statement that failed. */
  async exchange(sql: string, observer: AnswerObserver): Promise<void> {
    if (this.#lost !== null) throw this.#lost;
    await new Promise<void>((resolve, reject) => {
      const exchange = new Exchange(this.#connection, sql, observer, (fault) => {
        this.#running.delete(exchange);
        if (fault === null) resolve();
        else reject(fault);
      });
      this.#running.add(exchange);
    });
  }

  /** Says goodbye if the server still listens, within `timeoutMs`. */
  async close(timeoutMs: number): Promise<void> {
    if (this.#lost === null) {
      this.#lost = connectionLost(null);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        // The server ends the connection when it has let go of the session; mysql2 tells nobody once it is closing.
        streamOf(this.#connection)?.once('end', () => {
          clearTimeout(timer);
          resolve();
        });
        this.#connection.end();
      });
    }
    this.#destroy();
  }

  /** Ends the connection without a word; what runs fails with `fault`, as does all that follows. */
  abandon(fault: ServerFault): void {
    this.#lost ??= fault;
    for (const exchange of [...this.#running]) exchange.end(fault);
    this.#destroy();
  }

  /** mysql2's own `destroy` waits for the other side, which may be out of reach. */
  #destroy(): void {
    this.#connection.destroy();
    streamOf(this.#connection)?.destroy();
  }
}

/** For messages whose answers tell nothing. */
export const silent: AnswerObserver = {
  done: () => undefined,
  columns: () => undefined,
  row: () => undefined,
  rowsEnd: () => undefined,
};

/** The socket, or what TLS made of it. */
function streamOf(connection: Connection): Duplex | null {
  const stream: unknown = Reflect.get(connection, 'stream');
  return stream instanceof Duplex ? stream : null;
}
