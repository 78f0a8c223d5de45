/** The Problem that an error met at the contract carries. Its other half is `electron/rpc/errors.ts`. */
import { type Problem, type ProblemCode, problemCodes } from '../problem.ts';

/** Null when it carries none: the transport itself failed. */
export function problemOf(error: unknown): Problem | null {
  if (isProblem(error)) return error;
  const data: unknown = typeof error === 'object' && error !== null && 'data' in error ? error.data : null;
  return isProblem(data) ? data : null;
}

function isProblem(value: unknown): value is Problem {
  if (typeof value !== 'object' || value === null) return false;
  const words = ['code', 'message', 'state', 'hint'] as const;
  return (
    words.every((word) => typeof Reflect.get(value, word) === 'string') && isProblemCode(Reflect.get(value, 'code'))
  );
}

const isProblemCode = (code: unknown): code is ProblemCode =>
  typeof code === 'string' && Object.hasOwn(problemCodes, code);
