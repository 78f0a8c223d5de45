import { nothingChanged, ProblemError } from '../../../shared/problem.ts';
import type { ScriptContext, ScriptProblem } from './dialect.ts';
import { LineCounter, type Place } from './lineCounter.ts';
import type { SplitOptions } from './splitter.ts';

const CARRIAGE_RETURN = 0x0d;

/** The part of a script that is in memory: it grows on the right and is let go of on the left. */
export class ScriptText implements ScriptContext {
  readonly #path: string | undefined;
  readonly #lines: LineCounter;
  /** Chunks not yet part of the text, and their length. */
  #waiting: string[] = [];
  #waitingLength = 0;
  text = '';
  /** No more text will follow. */
  final = false;

  constructor({ path, firstLine = 1, firstColumn = 1 }: SplitOptions) {
    this.#path = path;
    this.#lines = new LineCounter(firstLine, firstColumn);
  }

  /**
   * Adds a chunk. The text grows only once it has doubled: however small the chunks are and however far back one has to
   * look again, the whole work stays linear. True if it has grown.
   */
  append(chunk: string): boolean {
    this.#waiting.push(chunk);
    this.#waitingLength += chunk.length;
    if (this.#waitingLength < this.text.length) return false;
    this.#grow();
    return true;
  }

  finish(): void {
    this.final = true;
    this.#grow();
  }

  /** Forgets the text before `at` and returns how much that was: a little less if a line break may be cut in two. */
  forget(at: number): number {
    const halfBreak = at === this.text.length && this.text.charCodeAt(at - 1) === CARRIAGE_RETURN;
    const length = halfBreak ? at - 1 : at;
    this.#lines.drop(this.text, length);
    this.text = this.text.slice(length);
    return length;
  }

  locate(at: number): Place {
    return this.#lines.placeOf(this.text, at);
  }

  refuse(at: number, problem: ScriptProblem): never {
    return this.#throw(problem, this.locate(at));
  }

  /** Refuses the script because `what`, opened at `place`, is still open at its end. */
  unterminated(what: string, closing: string, place: Place): never {
    const message = `The ${what} opened at line ${place.line}, column ${place.column} is never closed.`;
    const hint = `Close it with ${closing}, or look above that place for one too many.`;
    return this.#throw({ code: 'script.unterminated', message, hint }, place);
  }

  #throw(problem: ScriptProblem, place: Place): never {
    const path = this.#path === undefined ? {} : { path: this.#path };
    throw new ProblemError({ ...problem, state: nothingChanged, ...path, ...place });
  }

  #grow(): void {
    this.text += this.#waiting.join('');
    this.#waiting = [];
    this.#waitingLength = 0;
    this.#lines.grow();
  }
}
