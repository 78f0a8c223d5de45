/** The session a plan was read in, for the run that follows at once: signing in and finding out who answered is done. */
import type { Session } from '../engine/ports.ts';

/** Milliseconds: whoever thinks longer gets a new one, for firewalls forget idle connections. */
const keptFor = 5_000;

export class KeptSession implements AsyncDisposable {
  readonly #session: Session;
  readonly #keptAt: number;
  #given = false;

  constructor(session: Session, keptAt = performance.now()) {
    this.#session = session;
    this.#keptAt = keptAt;
  }

  /** For a run that goes on after the owner of this one has ended: the session is the other's to close. */
  handOver(): KeptSession {
    const other = new KeptSession(this.#session, this.#keptAt);
    other.#given = this.#given;
    this.#given = true;
    return other;
  }

  /** From now on the caller's to close; null when it was given away or has waited for too long. */
  take(): Session | null {
    if (this.#given || performance.now() - this.#keptAt > keptFor) return null;
    this.#given = true;
    return this.#session;
  }

  /** Closes it unless it was given away. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#given) return;
    this.#given = true;
    await this.#session.close();
  }
}
