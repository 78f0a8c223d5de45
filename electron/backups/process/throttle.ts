import type { BackupProgress } from '../backupTaker.ts';

const INTERVAL_MS = 100;

/** Passes progress on at most ten times a second, the last one always. */
export class Throttle {
  readonly #progress: BackupProgress;
  #last = Number.NEGATIVE_INFINITY;
  #waiting: readonly [number, string | null] | null = null;

  constructor(progress: BackupProgress) {
    this.#progress = progress;
  }

  tell(bytes: number, current: string | null): void {
    this.#waiting = [bytes, current];
    if (performance.now() - this.#last >= INTERVAL_MS) this.flush();
  }

  flush(): void {
    if (this.#waiting === null) return;
    this.#last = performance.now();
    this.#progress(...this.#waiting);
    this.#waiting = null;
  }
}
