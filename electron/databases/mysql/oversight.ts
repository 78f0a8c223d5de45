import { setTimeout as delay } from 'node:timers/promises';
import { ServerFault } from '../../engine/ports.ts';
import type { Exchange } from './exchange.ts';
import { connectionLost } from './faults.ts';
import { silent, type Wire } from './wire.ts';

/** Milliseconds between two requests to stop. */
const patience = 100;
/** Milliseconds without an answer after which the server is asked, over another connection, whether it is still at work. */
const longSilence = 10_000;
const closeTimeout = 1000;

/**
 * Looks after the message that a session is executing, over a second connection.
 *
 * `KILL QUERY` ends a statement, not its message, and none when it arrives between two; SLEEP and BENCHMARK even end as
 * if they had succeeded. So a request to stop is repeated until the message ends. And a server that is told to stop at
 * a statement's very end (by us or by an administrator) announces one more answer and then sends none: sql_parse.cc
 * leaves its loop over the statements when `thd->killed` is set, without an error. So the server is asked.
 */
export class Oversight {
  readonly #wire: Wire;
  readonly #connectionId: number;
  readonly #openAnother: () => Promise<Wire>;
  #stopping: Exchange | undefined;
  #asking: Promise<void> = Promise.resolve();
  /** Not sent yet, because such a request is on its way. */
  readonly #waiting = new Set<{ cancelled: boolean }>();

  constructor(wire: Wire, connectionId: number, openAnother: () => Promise<Wire>) {
    this.#wire = wire;
    this.#connectionId = connectionId;
    this.#openAnother = openAnother;
  }

  /** Does `work`, which sends one message, after `before`, when no request to stop is on its way that could hit it. */
  async during<T>(work: () => Promise<T>, before: Promise<void> = Promise.resolve()): Promise<T> {
    const waiting = { cancelled: false };
    this.#waiting.add(waiting);
    await before;
    await this.#asking;
    this.#waiting.delete(waiting);
    if (waiting.cancelled) throw new ServerFault('cancelled', 'Cancelled before it was sent.');
    const timer = setTimeout(() => void this.#look(), longSilence);
    timer.unref();
    try {
      return await work();
    } finally {
      clearTimeout(timer);
    }
  }

  /** Resolves after the first request; goes on by itself. Does nothing when nothing runs. @throws {ServerFault} */
  async stop(): Promise<void> {
    for (const waiting of this.#waiting) waiting.cancelled = true;
    const { running } = this.#wire;
    if (running === undefined || this.#stopping === running) return;
    this.#stopping = running;
    const other = await this.#openAnother();
    await this.#kill(other, running);
    void this.#until(running, other, patience, () => this.#kill(other, running));
  }

  async #look(): Promise<void> {
    const { running } = this.#wire;
    if (running === undefined || this.#stopping === running) return;
    try {
      const other = await this.#openAnother();
      await this.#until(running, other, longSilence, () => Promise.resolve());
    } catch {
      // No second connection can be had now; the first tells by itself when it breaks.
    }
  }

  /** Repeats `act` until the message has ended, and ends it when the server has done so without a word. */
  async #until(running: Exchange, other: Wire, pause: number, act: () => Promise<void>): Promise<void> {
    let idle = 0;
    let received = -1;
    try {
      while (this.#wire.running === running) {
        // What was sent before the server fell idle may still be on its way.
        const quiet = received === this.#wire.received;
        received = this.#wire.received;
        const state = await this.#stateOf(other);
        idle = state === 'idle' && quiet ? idle + 1 : 0;
        if (this.#wire.running !== running) break;
        if (state === null && quiet) this.#wire.abandon(connectionLost(null));
        else if (idle >= 3) this.#wire.supplyInterruption();
        else if (state === 'busy') await act();
        await delay(state === 'idle' ? patience : pause, undefined, { ref: false });
      }
    } catch {
      // The other connection is gone; the first tells by itself when it breaks.
    }
    await other.close(closeTimeout);
  }

  /** What the session does, in the server's word; null when there is no such session any more. */
  async #stateOf(other: Wire): Promise<'busy' | 'idle' | null> {
    let state: 'busy' | 'idle' | null = null;
    // MariaDB shows a session that waits for its client as Killed once it was asked to stop.
    const idle = "COMMAND IN ('Sleep', 'Killed') AND INFO IS NULL";
    await other.exchange(`SELECT ${idle} FROM information_schema.PROCESSLIST WHERE ID = ${this.#connectionId}`, {
      ...silent,
      row: ([cell]) => {
        state = cell?.toString() === '1' ? 'idle' : 'busy';
      },
    });
    return state;
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
