/** What a call over the contract threw, as the Problem it carries. The other half is `electron/rpc/errors.ts`. */
import { type Problem, type ProblemCode, problemCodes, problemFrom } from '../problem.ts';

export function isProblem(value: unknown): value is Problem {
  if (typeof value !== 'object' || value === null) return false;
  const words = ['code', 'message', 'state', 'hint'] as const;
  return (
    words.every((word) => typeof Reflect.get(value, word) === 'string') && isProblemCode(Reflect.get(value, 'code'))
  );
}

const isProblemCode = (code: unknown): code is ProblemCode =>
  typeof code === 'string' && Object.hasOwn(problemCodes, code);

/** The backend's own Problem where the error carries one; otherwise an unexpected one with the raw words. */
export function problemOf(error: unknown): Problem {
  const data: unknown = typeof error === 'object' && error !== null && 'data' in error ? error.data : null;
  return isProblem(data) ? data : problemFrom(error);
}
