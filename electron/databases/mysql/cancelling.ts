import { setTimeout as delay } from 'node:timers/promises';
import { ServerFault } from '../../engine/ports.ts';
import type { Exchange } from './exchange.ts';
import { silent, type Wire } from './wire.ts';

/** Milliseconds between two requests. */
const patience = 100;
const closeTimeout = 1000;

/**
 * Stops the message that a session is executing. `KILL QUERY` ends a statement, not its message, and none when it
 * arrives between two; SLEEP and BENCHMARK even end as if they had succeeded. So it is repeated until the message ends.
 */
export class Cancelling {
  readonly #wire: Wire;
  readonly #connectionId: number;
  readonly #openAnother: () => Promise<Wire>;
  #asking: Promise<void> = Promise.resolve();

  constructor(wire: Wire, connectionId: number, openAnother: () => Promise<Wire>) {
    this.#wire = wire;
    this.#connectionId = connectionId;
    this.#openAnother = openAnother;
  }

  /** Resolves when no request is on its way: what is sent then will not be hit by one. */
  settled(): Promise<void> {
    return this.#asking;
  }

  /** Resolves after the first request; goes on by itself. Does nothing when nothing runs. @throws {ServerFault} */
  async request(): Promise<void> {
    const { running } = this.#wire;
    if (running === undefined) return;
    const other = await this.#openAnother();
    await this.#kill(other, running);
    void this.#repeat(other, running);
  }

  async #repeat(other: Wire, running: Exchange): Promise<void> {
    try {
      while (this.#wire.running === running) {
        await delay(patience);
        await this.#kill(other, running);
      }
    } catch {
      // The other connection is gone; the server was asked once at least, and the message tells how it ends.
    }
    await other.close(closeTimeout);
  }

  #kill(other: Wire, running: Exchange): Promise<void> {
    if (this.#wire.running !== running) return Promise.resolve();
    const asked = other.exchange(`KILL QUERY ${this.#connectionId}`, silent).catch((error: unknown) => {
      // ER_NO_SUCH_THREAD: nothing is left to stop.
      if (!(error instanceof ServerFault && error.code === '1094')) throw error;
    });
    this.#asking = asked.catch(() => undefined);
    return asked;
  }
}
