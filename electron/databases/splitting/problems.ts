import { nothingChanged, type Problem, ProblemError } from '../../../shared/problem.ts';
import type { Place } from './lineCounter.ts';

/** A problem of the script at `path`, at `place`. */
export function scriptProblem(
  problem: Pick<Problem, 'code' | 'message' | 'hint'>,
  place: Place,
  path: string | undefined,
): ProblemError {
  return new ProblemError({ ...problem, state: nothingChanged, ...place, ...(path !== undefined && { path }) });
}

/** `what` was opened at `place` and is still open at the end of the script. */
export function unterminated(what: string, closing: string, place: Place, path: string | undefined): ProblemError {
  return scriptProblem(
    {
      code: 'script.unterminated',
      message: `The ${what} opened at line ${place.line}, column ${place.column} is never closed.`,
      hint: `Close it with ${closing}, or look above that place for one too many.`,
    },
    place,
    path,
  );
}
