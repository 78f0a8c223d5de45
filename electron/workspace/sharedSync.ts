/** Bringing what was written onto the disk: whoever waits for it at the same time shares one sync. */
import { open } from 'node:fs/promises';
import { setImmediate as afterThisTurn } from 'node:timers/promises';

export class SharedSync {
  readonly #sync: () => Promise<void>;
  #waiting: Promise<void> | null = null;
  #going: Promise<unknown> = Promise.resolve();

  constructor(sync: () => Promise<void>) {
    this.#sync = sync;
  }

  /** Covers all that was written before, and what this turn of the event loop still writes. Rejects as the sync does. */
  wait(): Promise<void> {
    this.#waiting ??= this.#next();
    return this.#waiting;
  }

  async #next(): Promise<void> {
    await this.#going;
    await afterThisTurn();
    this.#waiting = null;
    const syncing = this.#sync();
    this.#going = syncing.catch(() => undefined);
    await syncing;
  }
}

/** @throws the system's error; `flags`: as Windows and directories ask for. */
export async function syncFile(path: string, flags: 'r' | 'r+'): Promise<void> {
  const file = await open(path, flags);
  try {
    await (flags === 'r' ? file.sync() : file.datasync());
  } finally {
    await file.close();
  }
}
