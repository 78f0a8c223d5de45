/** How far a message has come: what is told of it, noted and looked for between its units, and when. */
import { setImmediate } from 'node:timers/promises';
import type { UnitResult } from '../../engine/ports.ts';
import type { Note } from './logbook.ts';
import { type PackedResults, ResultPacker } from './results.ts';

/** Milliseconds after which completed units are reported, and after which messages are looked for. */
const reportEvery = 40;
const listenEvery = 20;

/** The program that sent it. */
export interface Sender {
  note(note: Note): void;
  report(results: PackedResults): void;
  notice(severity: string, message: string): void;
  isCancelled(): boolean;
}

export class MessageCourse {
  readonly #sender: Sender;
  readonly #results = new ResultPacker();
  #doubtful: boolean;
  #reported = performance.now();
  #listened = this.#reported;

  /** `doubtful`: what the sender takes for granted until something is noted. */
  constructor(sender: Sender, doubtful: boolean) {
    this.#sender = sender;
    this.#doubtful = doubtful;
  }

  /** Before a unit runs. What is told before one that ends soon can wait. */
  begins(unit: number, doubtful: boolean, quick: boolean): void {
    if (this.#doubtful !== doubtful) this.#sender.note({ unit, doubtful });
    this.#doubtful = doubtful;
    if (!quick || performance.now() - this.#reported > reportEvery) this.report();
  }

  ended(result: UnitResult): void {
    this.#results.add(result);
  }

  report(): void {
    if (!this.#results.isEmpty) this.#sender.report(this.#results.take());
    this.#reported = performance.now();
  }

  /** What was not reported yet. */
  rest(): PackedResults {
    return this.#results.take();
  }

  get mustListen(): boolean {
    return performance.now() - this.#listened >= listenEvery;
  }

  /** Whether the sender wants no more of it. */
  async isCancelled(): Promise<boolean> {
    await setImmediate();
    this.#listened = performance.now();
    return this.#sender.isCancelled();
  }
}
