/** What a procedure threw, as an error of the transport that carries the Problem as data. */
import { ORPCError, ValidationError } from '@orpc/server';
import { exitCodeOf, exitCodes, nothingChanged, type Problem, ProblemError, problemFrom } from '../../shared/problem.ts';

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

/** @param report told of errors that are nobody's Problem yet, stack included; the caller learns the message only. */
export function toOrpcError(thrown: unknown, report: (thrown: unknown) => void): ORPCError<string, Problem> {
  if (thrown instanceof ORPCError && thrown.cause instanceof ValidationError) return carry(badInput(thrown.cause), thrown);
  if (!(thrown instanceof ProblemError)) report(thrown);
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
