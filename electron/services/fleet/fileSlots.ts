/** SQLite's files are worked on by processes of this computer: more of them than it has processors only cost memory. */
import { availableParallelism } from 'node:os';
import type { Environment } from '../../../shared/model/environment.ts';

const least = 2;

export class FileSlots {
  #free = Math.max(least, availableParallelism());
  readonly #waiting: (() => void)[] = [];

  /** Resolves when the database may be worked on: at once, unless it is a file. Whoever has it gives it back. */
  async take({ connection }: Pick<Environment, 'connection'>): Promise<Disposable> {
    if (connection.engine !== 'sqlite') return { [Symbol.dispose]: () => undefined };
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return { [Symbol.dispose]: () => this.#giveBack() };
  }

  #giveBack(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
