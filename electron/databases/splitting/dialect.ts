import type { Problem } from '../../../shared/problem.ts';
import type { Lexicon } from './lexicon.ts';
import type { Place } from './lineCounter.ts';
import type { Tracker } from './tracker.ts';

/** What one engine adds to the common scanner; made anew for every script. */
export interface Dialect {
  readonly lexicon: Lexicon;
  readonly tracker: Tracker;
  /** What the script chose to end statements with besides `;`, and where. */
  readonly delimiter?: Delimiter | undefined;
  /**
   * Reads what is not SQL where a statement would begin at `at`: the offset after it, `at` if it is SQL, or `unclosed`.
   * @throws {ProblemError} `script.clientCommand`
   */
  directive?(text: string, at: number, final: boolean): number;
  /**
   * Judges a character of role `command` outside quotes: the offset after it, or `unclosed`.
   * @throws {ProblemError} `script.clientCommand`
   */
  command?(text: string, at: number, final: boolean): number;
}

export interface Delimiter {
  readonly text: string;
  readonly setAt: Place;
}

export type ScriptProblem = Pick<Problem, 'code' | 'message' | 'hint'>;

export interface ScriptContext {
  /** The place of `at` in the script; asked with growing offsets only. */
  locate(at: number): Place;
  /** Throws the problem with the script's path and the place of `at`. */
  refuse(at: number, problem: ScriptProblem): never;
}

export type CreateDialect = (script: ScriptContext) => Dialect;
