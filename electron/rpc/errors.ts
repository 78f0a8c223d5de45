/** What a procedure threw, as an error of the transport that carries the Problem as data. */
import { ORPCError, os, ValidationError } from '@orpc/server';
import {
  exitCodeOf,
  exitCodes,
  nothingChanged,
  type Problem,
  ProblemError,
  problemFrom,
} from '../../shared/problem.ts';
import { logger } from '../services/logger.ts';

/** A transport's name for a kind of problem; never UNAUTHORIZED, which tells a page that its session is gone. */
const transportCodes: ReadonlyMap<number, string> = new Map([
  [exitCodes.done, 'CONFLICT'],
  [exitCodes.usage, 'BAD_REQUEST'],
  [exitCodes.verification, 'UNPROCESSABLE_CONTENT'],
  [exitCodes.locked, 'CONFLICT'],
  [exitCodes.connection, 'BAD_GATEWAY'],
  [exitCodes.refused, 'FORBIDDEN'],
  [exitCodes.unknownState, 'CONFLICT'],
  [exitCodes.cancelled, 'CLIENT_CLOSED_REQUEST'],
]);

/** Around every procedure: whatever it or its stream throws arrives as a Problem. */
export const problemsAsErrors = os.middleware(async ({ next }) => {
  try {
    const result = await next();
    return isStream(result.output) ? { ...result, output: mapFailure(result.output) } : result;
  } catch (thrown) {
    throw toOrpcError(thrown);
  }
});

async function* mapFailure(stream: AsyncGenerator): AsyncGenerator {
  try {
    yield* stream;
  } catch (thrown) {
    throw toOrpcError(thrown);
  }
}

export const isStream = (output: unknown): output is AsyncGenerator =>
  typeof output === 'object' && output !== null && Symbol.asyncIterator in output && 'return' in output;

/** What is nobody's Problem yet goes to the log with its stack; the caller learns its message only. */
export function toOrpcError(thrown: unknown): ORPCError<string, Problem> {
  if (thrown instanceof ORPCError && thrown.cause instanceof ValidationError)
    return carry(badInput(thrown.cause), thrown);
  if (!(thrown instanceof ProblemError)) logger.error('A call failed unexpectedly.', thrown);
  return carry(problemFrom(thrown), thrown);
}

function carry(problem: Problem, cause: unknown): ORPCError<string, Problem> {
  const code = transportCodes.get(exitCodeOf(problem)) ?? 'INTERNAL_SERVER_ERROR';
  return new ORPCError(code, { message: problem.message, data: problem, cause });
}

function badInput(error: ValidationError): Problem {
  const faults = error.issues.map(({ path = [], message }) => {
    const place = path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
    return place === '' ? message : `${place}: ${message}`;
  });
  return {
    code: 'usage.invalid',
    message: `What was entered cannot be used: ${faults.join('; ')}.`,
    state: nothingChanged,
    hint: 'Correct it and try again.',
  };
}
